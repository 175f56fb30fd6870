using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.TestShared.Stores;

/// <content>Names and listings.</content>
public abstract partial class ObjectStoreContract
{
    [Fact]
    public async Task What_is_no_name_is_refused()
    {
        var store = await OpenAsync();
        foreach (var name in new[]
            { "", "/a", "a/", "a//b", ".", "..", "a/../b", "./a", "A", "a b", "ä", "a\\b", "a%2f",
              "a\0b", "a\nb", "a:b", new string('a', 1025) })
        {
            await Assert.ThrowsAsync<StoreRefusedException>(
                () => store.PutAsync(name, Bytes(1), new WriteOptions()));
            await Assert.ThrowsAsync<StoreRefusedException>(() => store.FindAsync(name));
            await Assert.ThrowsAsync<StoreRefusedException>(
                () => store.StageBlockAsync(name, Id(1), Bytes(1)));
            await Assert.ThrowsAsync<StoreRefusedException>(() => store.DeleteAsync(name));
            await Assert.ThrowsAsync<StoreRefusedException>(() => store.ReadWholeAsync(name, 9));
        }

        Assert.Empty(await NamesAsync(store, ""));
    }

    [Fact]
    public async Task Names_of_every_allowed_shape_are_kept_apart()
    {
        var store = await OpenAsync();
        string[] names =
        [
            "a", "a.b", "a-b", "a_b", "a/b", "a/b/c", "a/b.c", ".a", "-", "_", "con", "nul.txt",
            "a..b", "a/-/b", new string('x', 255), new string('y', 1024),
            string.Join('/', Enumerable.Repeat("deep", 200)),
        ];
        foreach (var name in names)
            await store.PutAsync(name, System.Text.Encoding.ASCII.GetBytes(name), WriteOptions.Create());

        foreach (var name in names)
        {
            Assert.Equal(
                name, System.Text.Encoding.ASCII.GetString(await ContentAsync(store, name)));
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), await NamesAsync(store, ""));
    }

    [Fact]
    public async Task An_object_may_be_named_as_the_folder_of_another()
    {
        var store = await OpenAsync();
        await store.PutAsync("m/base", Bytes(1), WriteOptions.Create());
        await CommitAsync(store, "m/base/x", Bytes(2));
        await CommitAsync(store, "m", Bytes(3));
        await store.DeleteAsync("m/base");

        Assert.Equal(["m", "m/base/x"], await NamesAsync(store, "m"));
        Assert.Equal(2, (await FoundAsync(store, "m/base/x")).LengthBytes);
    }

    [Fact]
    public async Task A_listing_is_in_ordinal_order()
    {
        var store = await OpenAsync();
        string[] names = ["b", "a/z", "a", "a-", "a.", "a0", "a/", "a_", "aa", "a/b/c", "a/b-c", "a/b"];
        names = [.. names.Where(name => !name.EndsWith('/') && !name.EndsWith('.'))];
        foreach (var name in names)
            await PutSmallAsync(store, name);

        Assert.Equal(names.Order(StringComparer.Ordinal), await NamesAsync(store, ""));
        Assert.Equal(
            names.Where(name => name.StartsWith('a')).Order(StringComparer.Ordinal),
            await NamesAsync(store, "a"));
    }

    [Fact]
    public async Task A_prefix_need_not_end_at_a_slash()
    {
        var store = await OpenAsync();
        foreach (var name in new[] { "v/00000001-x", "v/00000002-x", "v/00000010-x", "w/1" })
            await PutSmallAsync(store, name);

        Assert.Equal(["v/00000001-x", "v/00000002-x"], await NamesAsync(store, "v/0000000"));
        Assert.Equal(["v/00000010-x"], await NamesAsync(store, "v/00000010-x"));
        Assert.Equal(3, (await NamesAsync(store, "v/")).Count);
        Assert.Empty(await NamesAsync(store, "v/1"));
        Assert.Empty(await NamesAsync(store, "nothing/here"));
        Assert.Empty(await NamesAsync(store, "w/1/"));
    }

    [Fact]
    public async Task A_listing_tells_what_find_tells()
    {
        var store = await OpenAsync();
        var metadata = new Dictionary<string, string> { ["kind"] = "idx" };
        await store.PutAsync("a", Bytes(7), new WriteOptions(Tier: StorageTier.Cool, Metadata: metadata));
        await CommitAsync(store, "b", Bytes(8), Bytes(9));

        await foreach (var listed in store.ListAsync(""))
        {
            var found = await FoundAsync(store, listed.Name);
            Assert.Equal(found.ETag, listed.ETag);
            Assert.Equal(found.LengthBytes, listed.LengthBytes);
            Assert.Equal(found.Tier, listed.Tier);
            Assert.Equal(found.Metadata.ToDictionary(), listed.Metadata.ToDictionary());
        }
    }

    [Fact]
    public async Task A_listing_shows_every_write_that_returned_before_it()
    {
        var store = await OpenAsync();
        for (var number = 0; number < 30; number++)
        {
            await PutSmallAsync(store, $"n/{number:D3}");
            Assert.Equal(number + 1, (await NamesAsync(store, "n/")).Count);
        }

        for (var number = 0; number < 30; number += 2)
            await store.DeleteAsync($"n/{number:D3}");
        Assert.Equal(
            Enumerable.Range(0, 30).Where(number => number % 2 == 1).Select(n => $"n/{n:D3}"),
            await NamesAsync(store, "n/"));
    }

    [Fact]
    public async Task A_listing_survives_deletes_under_way()
    {
        var store = await OpenAsync();
        for (var number = 0; number < 30; number++)
            await PutSmallAsync(store, $"n/{number:D3}");
        List<string> seen = [];
        await foreach (var listed in store.ListAsync("n/"))
        {
            seen.Add(listed.Name);
            await store.DeleteAsync(listed.Name);
        }

        Assert.Equal(seen.Order(StringComparer.Ordinal), seen);
        Assert.Equal(30, seen.Count);
        Assert.Empty(await NamesAsync(store, ""));
    }

    [Fact]
    public async Task The_description_names_the_store()
    {
        var store = await OpenAsync();
        Assert.False(string.IsNullOrWhiteSpace(store.Description));
    }
}
