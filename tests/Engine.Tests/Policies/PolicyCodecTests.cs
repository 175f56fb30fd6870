using System.Text;
using SnapshotFunctions.Engine.Model;
using SnapshotFunctions.Engine.Policies;
using SnapshotFunctions.Engine.Ports;
using Xunit;

namespace SnapshotFunctions.EngineTests.Policies;

public sealed class PolicyCodecTests
{
    private const string Full = """
        {
          "base": {"kind": "lasting", "forwards": 2, "bytes": "10GB", "for": "7d"},
          "keep": {"last": 3, "hourly": 48, "daily": 14, "weekly": 8, "monthly": 12, "yearly": 10,
            "within": "2w"},
          "ladder": [{"after": "7d", "tier": "cool"}, {"after": "90d", "tier": "archive"}],
          "placement": {"base": "hot", "deltas": "cold"},
          "rehydration": {"way": "copy", "priority": "high"},
          "verify": {"quick": "1d", "readAll": "30d"}, // a comment is allowed
          "grace": "10m",
        }
        """;

    [Fact]
    public void What_people_write_is_read_with_its_units()
    {
        var policy = Read(Full);

        Assert.Equal(
            new BaseRuleSettings("lasting", 2) { Bytes = 10_000_000_000, LastingDays = 7 },
            policy.Base);
        Assert.Equal(KeepSettings.Default with { WithinSeconds = 14 * 86_400 }, policy.Keep);
        Assert.Equal(
            [new LadderRung(7, StorageTier.Cool), new LadderRung(90, StorageTier.Archive)],
            policy.Ladder!);
        Assert.Equal(new PlacementSettings(StorageTier.Hot, StorageTier.Cold), policy.Placement);
        Assert.Equal(
            new RehydrationSettings("copy", RehydrationPriority.High), policy.Rehydration);
        Assert.Equal(new VerifySettings(24, 30), policy.Verify);
        Assert.Equal(600, policy.GraceSeconds);
    }

    [Fact]
    public void What_is_left_out_is_off_and_keeps_all()
    {
        var policy = Read("{}");
        Assert.Equal(new MachinePolicy(BaseRuleSettings.Default, 600), policy);
        Assert.Null(policy.Keep);
    }

    [Theory]
    [InlineData(Full)]
    [InlineData("{}")]
    [InlineData("""{"base": {"kind": "keep"}, "grace": "1d"}""")]
    [InlineData("""{"base": {"kind": "after-forwards", "bytes": "512MiB"}, "grace": "0"}""")]
    [InlineData("""{"base": {"kind": "after-forwards", "forwards": 4}, "ladder": []}""")]
    [InlineData("""{"base": {"kind": "most-read", "reads": 5}, "keep": {}}""")]
    [InlineData("""{"keep": {"within": "36h"}, "verify": {"quick": "6h"}}""")]
    public void What_is_written_is_read_back_as_the_same(string json)
    {
        var policy = Read(json);
        Assert.Equal(policy, Read(PolicyCodec.Write(policy)));
    }

    [Fact]
    public void The_default_is_written_and_read_back_as_the_same() =>
        Assert.Equal(MachinePolicy.Default, Read(PolicyCodec.Write(MachinePolicy.Default)));

    [Theory]
    [InlineData("[]", "the document: expected an object; found []")]
    [InlineData("{", "expected one JSON object")]
    [InlineData("""{"keep": {"daily": 1, "daily": 2}}""", "expected one JSON object")]
    [InlineData("""{"kep": {}}""", "the document: expected only base, keep")]
    [InlineData("""{"keep": {"dayly": 14}}""", "keep: expected only last")]
    [InlineData("""{"keep": {"daily": "14"}}""", "keep.daily: expected a whole number")]
    [InlineData("""{"keep": {"daily": 1.5}}""", "keep.daily: expected a whole number")]
    [InlineData("""{"keep": {"daily": -1}}""", "keep.daily: expected 0 to 100000; found -1")]
    [InlineData("""{"keep": {"within": 14}}""", "keep.within: expected a whole number with")]
    [InlineData("""{"keep": {"within": "14"}}""", "keep.within: expected a whole number with")]
    [InlineData("""{"keep": null}""", "keep: expected an object; found null")]
    [InlineData("""{"grace": "40d"}""", "grace: expected 0 to 2592000 seconds; found 3456000")]
    [InlineData("""{"grace": "9999999999w"}""", "grace: expected whole seconds")]
    [InlineData("""{"base": {"kind": "oldest"}}""", "base.kind: expected one of newest")]
    [InlineData("""{"base": {}}""", "base: expected a member 'kind'")]
    [InlineData("""{"base": {"kind": "newest", "forwards": 2}}""", "base.forwards: expected nothing")]
    [InlineData("""{"base": {"kind": "after-forwards"}}""", "base: expected 'forwards' or 'bytes'")]
    [InlineData("""{"base": {"kind": "lasting"}}""", "base: expected a member 'for'")]
    [InlineData("""{"base": {"kind": "lasting", "for": "36h"}}""", "base.for: expected whole days")]
    [InlineData("""{"base": {"kind": "lasting", "for": "0"}}""", "base.for: expected 1 to")]
    [InlineData("""{"base": {"kind": "most-read", "reads": 0}}""", "base.reads: expected 1 or more")]
    [InlineData(
        """{"base": {"kind": "after-forwards", "bytes": "10"}}""", "base.bytes: expected a number")]
    [InlineData("""{"ladder": {}}""", "ladder: expected a list")]
    [InlineData("""{"ladder": [{"after": "7d"}]}""", "ladder[0]: expected a member 'tier'")]
    [InlineData(
        """{"ladder": [{"after": "7d", "tier": "frozen"}]}""", "ladder[0].tier: expected one of")]
    [InlineData(
        """{"ladder": [{"after": "7d", "tier": "cold"}, {"after": "7d", "tier": "archive"}]}""",
        "ladder[1].after: expected 8 to 36525 days; found 7")]
    [InlineData(
        """{"placement": {"base": "archive", "deltas": "hot"}}""", "placement.base: expected an online")]
    [InlineData("""{"rehydration": {"way": "fax"}}""", "rehydration.way: expected one of copy")]
    [InlineData("""{"verify": {"quick": "90m"}}""", "verify.quick: expected whole hours")]
    public void What_is_wrong_is_refused_with_where_and_what(string json, string expected)
    {
        var error = Assert.Throws<RefusedException>(() => Read(json));
        Assert.Equal("refused-policy", error.Code);
        Assert.StartsWith("a test is no policy: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_is_told_member_by_member()
    {
        var before = Read("""{"keep": {"daily": 14}, "grace": "10m"}""");
        var after = Read("""{"base": {"kind": "keep"}, "grace": "1h"}""");
        Assert.Equal(
            ["base.kind: newest -> keep", "keep.daily: 14 -> nothing", "grace: 10m -> 1h",
                "keep: nothing -> all"],
            PolicyChange.Between(before, after).Select(c => c.ToString()));
        Assert.Empty(PolicyChange.Between(after, after));
    }

    private static MachinePolicy Read(string json) =>
        PolicyCodec.Read(Encoding.UTF8.GetBytes(json), "a test");
}
