namespace SnapshotFunctions.Local.Serving.Uploading;

/// <summary>The uploads that this process works on just now. Thread-safe.</summary>
internal sealed class UploadGates
{
    private readonly Dictionary<string, UploadGate> _gates = new(StringComparer.Ordinal);

    /// <summary>Keeps a gate known until it is disposed of; its turn is not taken.</summary>
    public Use Enter(string key)
    {
        lock (_gates)
        {
            if (!_gates.TryGetValue(key, out var gate)) _gates.Add(key, gate = new UploadGate());
            gate.Users++;
            return new Use(this, key, gate);
        }
    }

    /// <summary>One call's use of a gate.</summary>
    internal sealed class Use(UploadGates gates, string key, UploadGate gate) : IDisposable
    {
        private bool _hasTurn;

        /// <summary>The gate.</summary>
        public UploadGate Gate => gate;

        /// <summary>Waits for the turn; it ends with the use, or before.</summary>
        public async Task TakeTurnAsync(CancellationToken cancellation)
        {
            await gate.Turn.WaitAsync(cancellation);
            _hasTurn = true;
        }

        /// <summary>Ends the turn.</summary>
        public void EndTurn()
        {
            if (!_hasTurn) return;
            _hasTurn = false;
            gate.Turn.Release();
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            EndTurn();
            lock (gates._gates)
            {
                if (--gate.Users == 0) gates._gates.Remove(key);
            }
        }
    }
}
