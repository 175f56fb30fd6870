using SnapshotFunctions.App.Intake;
using SnapshotFunctions.App.Outcomes;
using SnapshotFunctions.Engine.Outcomes;
using Xunit;

namespace SnapshotFunctions.AppTests.Functions;

/// <summary>What goes out on Service Bus.</summary>
public sealed class MessageTests
{
    [Fact]
    public void One_state_of_a_blob_is_one_message_in_its_machines_session()
    {
        var message = ServiceBusArrivalQueue.Compose(ArrivalMessage.Of("web/v1/disk0.qcow2", "0x8D"));
        Assert.Equal("web", message.SessionId);
        Assert.Equal(64, message.MessageId.Length);
        Assert.Equal(
            message.MessageId,
            ServiceBusArrivalQueue.Compose(ArrivalMessage.Of("web/v1/disk0.qcow2", "0x8D")).MessageId);
        Assert.NotEqual(
            message.MessageId,
            ServiceBusArrivalQueue.Compose(ArrivalMessage.Of("web/v1/disk0.qcow2", "0x8E")).MessageId);
        Assert.Equal(
            new ArrivalMessage("web", "web/v1/disk0.qcow2", "0x8D"),
            ArrivalMessage.Parse(message.Body.ToString()));
    }

    [Fact]
    public void No_name_makes_an_id_or_a_session_that_is_too_long()
    {
        var message = ArrivalMessage.Of($"{new string('m', 500)}/{new string('s', 500)}", "e");
        Assert.InRange(message.Id.Length, 1, 128);
        Assert.InRange(message.Session.Length, 1, 128);
    }

    [Theory]
    [InlineData("Microsoft.Storage.BlobCreated",
        "/blobServices/default/containers/delta/blobs/machines/vm/rehydrated/000000000007/x.dat",
        "machines/vm/rehydrated/000000000007/x.dat")]
    [InlineData("Microsoft.Storage.BlobTierChanged",
        "/blobServices/default/containers/delta/blobs/machines/vm/disks/d/0.dat",
        "machines/vm/disks/d/0.dat")]
    [InlineData("Microsoft.Storage.BlobCreated",
        "/blobServices/default/containers/incoming/blobs/machines/vm/x", null)]
    [InlineData("Microsoft.Storage.BlobCreated",
        "/blobServices/default/containers/delta/blobs/", null)]
    public void News_of_the_archive_names_a_blob_of_the_delta_container(
        string type, string subject, string? name)
    {
        var message = $$"""
            {"id":"1","eventType":"{{type}}","subject":"{{subject}}","topic":"/subscriptions/s",
             "data":{"api":"CopyBlob","url":"https://a.invalid/x"},"dataVersion":""}
            """;
        Assert.Equal(name, RehydrationNewsDesk.NameOf(message, "delta"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"subject":7}""")]
    [InlineData("no JSON")]
    public void What_is_no_event_is_passed_over(string message) =>
        Assert.Null(RehydrationNewsDesk.NameOf(message, "delta"));

    [Fact]
    public void An_outcome_goes_out_under_its_own_id_with_its_type_to_filter_by()
    {
        var outcome = OutcomeEvent.Of(
            OutcomeKinds.BaseMoved, "job", "web", "versions/3",
            new DateTimeOffset(2026, 11, 23, 8, 0, 0, TimeSpan.Zero),
            new OutcomeData("job", "web", Base: 3));
        var message = ServiceBusOutcomes.Compose(outcome);
        Assert.Equal("job/BaseMoved", message.MessageId);
        Assert.Equal("SnapshotFunctions.BaseMoved", message.Subject);
        Assert.Equal("application/cloudevents+json", message.ContentType);
        Assert.Equal(outcome.ToJson(), message.Body.ToString());
    }
}
