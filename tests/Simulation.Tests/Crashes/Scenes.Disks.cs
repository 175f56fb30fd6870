using SnapshotFunctions.SimulationTests.Rigging;
using SnapshotFunctions.TestShared.Images;

namespace SnapshotFunctions.SimulationTests.Crashes;

/// <content>What the machines hold.</content>
internal static partial class Scenes
{
    /// <summary>Two disks that change from version to version.</summary>
    internal sealed class Disks
    {
        private readonly Random _random = new(Seed);
        private readonly Random _files = new(Seed);

        public Disks()
        {
            System = new byte[SystemBytes];
            Data = new byte[DataBytes];
            _random.NextBytes(System.AsSpan(2_000, 22_000));
            _random.NextBytes(Data.AsSpan(0, 5_000));
            Repeat(System, 5, 9, 14, 20);
            Repeat(Data, 1, 6, 7);
        }

        public byte[] System { get; }

        public byte[] Data { get; }

        public (string Disk, byte[] Content)[] All => [("disk0", System), ("disk1", Data)];

        public byte[] Random(int length)
        {
            var bytes = new byte[length];
            _random.NextBytes(bytes);
            return bytes;
        }

        /// <summary>
        /// Writes here and there, and clears a stretch; every shard of the first disk changes, so
        /// that moving a base takes more chunks than a flow carries the outcomes of.
        /// </summary>
        public void Change()
        {
            _random.NextBytes(System.AsSpan(3_000, 30));
            _random.NextBytes(System.AsSpan(17_000, 30));
            foreach (var disk in new[] { System, Data })
            {
                _random.NextBytes(disk.AsSpan(_random.Next(disk.Length - 1500), 1500));
                disk.AsSpan(_random.Next(disk.Length - 900), 900).Clear();
                _random.NextBytes(disk.AsSpan(disk.Length - 40));
            }
            _random.NextBytes(System.AsSpan(4 * 1024, 1024));
            Repeat(System, 4, 10, 11, 19, 21);
            Repeat(System, _random.Next(2, 8), _random.Next(8, 15));
        }

        /// <summary>Writes to the first and the last shard of the first disk alone.</summary>
        public void Touch()
        {
            _random.NextBytes(System.AsSpan(3_000, 700));
            System.AsSpan(_random.Next(8_000), 900).Clear();
            _random.NextBytes(System.AsSpan(System.Length - 40));
            Repeat(System, 2, 12, 13);
        }

        /// <summary>Makes blocks equal to one of them: a base keeps them once.</summary>
        private static void Repeat(byte[] disk, int block, params int[] others)
        {
            foreach (var other in others)
                disk.AsSpan(block * 1024, 1024).CopyTo(disk.AsSpan(other * 1024));
        }

        /// <summary>What the next snapshot brings of machine files: one new, one as ever.</summary>
        public void ChangeFiles(Rig rig)
        {
            rig.Files["config.json"] = "{}"u8.ToArray();
            rig.Files["nvram"] = _files.GetItems<byte>([1, 2, 3], 300);
        }

        /// <summary>An image whose tables are sound, and one of whose last clusters is not.</summary>
        public byte[] Broken()
        {
            var builder = new Qcow2Builder { ClusterBits = 12, SizeBytes = 40_960 };
            for (var cluster = 0; cluster < 9; cluster++)
                builder.Data(cluster, System.AsSpan(cluster * 4096, 4096).ToArray());
            builder.Compressed(9, new byte[4096]);
            var file = builder.Build();
            // The last bytes of the file are the packed ones.
            file.AsSpan(file.Length - 8).Fill(0xFF);
            return file;
        }
    }
}
