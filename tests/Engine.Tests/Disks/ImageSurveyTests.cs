using SnapshotFunctions.Engine.Disks;
using SnapshotFunctions.TestShared.Images;
using Xunit;

namespace SnapshotFunctions.EngineTests.Disks;

public sealed class ImageSurveyTests
{
    private const int Cluster = 4096;

    [Fact]
    public async Task An_incrementals_survey_names_the_shards_with_data_or_zeros()
    {
        var content = new byte[Cluster];
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(
            new Qcow2Builder { Backing = "b", SizeBytes = (100 * Cluster) + 5 }
                .Data(3, content).Data(4, content).Compressed(17, content)
                .Entry(40, 1).Entry(51, 1).Data(100, content).Build()));
        var survey = await ImageSurvey.RunAsync(image, 4 * Cluster);
        Assert.Equal((3 * Cluster) + 5, survey.DataBytes);
        Assert.Equal(2 * Cluster, survey.ZeroBytes);
        Assert.Equal(95 * Cluster, survey.ParentBytes);
        Assert.Equal([new(0, 2), new(4, 5), new(25, 26)], survey.DataShards);
        Assert.Equal(
            [new(0, 2), new(4, 5), new(10, 11), new(12, 13), new(25, 26)], survey.TouchedShards);
    }

    [Fact]
    public async Task A_full_images_survey_names_only_the_shards_with_data()
    {
        var file = new byte[100_000];
        file[50_000] = 1;
        await using var image = await ImageOpener.OpenAsync(new MemoryByteSource(file));
        var survey = await ImageSurvey.RunAsync(image, 16384);
        Assert.Equal(4096, survey.DataBytes);
        Assert.Equal(100_000 - 4096, survey.ZeroBytes);
        Assert.Equal([new(3, 4)], survey.DataShards);
        Assert.Equal(survey.DataShards, survey.TouchedShards);
    }
}
