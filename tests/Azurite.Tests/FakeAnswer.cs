using System.Diagnostics.CodeAnalysis;
using Azure;
using Azure.Core;

namespace SnapshotFunctions.AzuriteTests;

/// <summary>An answer of the service, made up by a test.</summary>
internal sealed class FakeAnswer : Response
{
    private readonly Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An answer with the service's word for an error, if it is one.</summary>
    public FakeAnswer(int status, string? code = null)
    {
        Status = status;
        ContentStream = new MemoryStream();
        ClientRequestId = "test";
        this["x-ms-request-id"] = "00000000-made-up";
        if (code is not null)
            this["x-ms-error-code"] = code;
    }

    /// <inheritdoc/>
    public override int Status { get; }

    /// <inheritdoc/>
    public override string ReasonPhrase => "made up";

    /// <inheritdoc/>
    public override Stream? ContentStream { get; set; }

    /// <inheritdoc/>
    public override string ClientRequestId { get; set; }

    /// <summary>Sets a header.</summary>
    public string this[string header]
    {
        set => _headers[header] = value;
    }

    /// <inheritdoc/>
    public override void Dispose() => ContentStream?.Dispose();

    /// <inheritdoc/>
    protected override bool ContainsHeader(string name) => _headers.ContainsKey(name);

    /// <inheritdoc/>
    protected override IEnumerable<HttpHeader> EnumerateHeaders() =>
        _headers.Select(header => new HttpHeader(header.Key, header.Value));

    /// <inheritdoc/>
    protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value) =>
        _headers.TryGetValue(name, out value);

    /// <inheritdoc/>
    protected override bool TryGetHeaderValues(
        string name, [NotNullWhen(true)] out IEnumerable<string>? values)
    {
        values = _headers.TryGetValue(name, out var value) ? [value] : null;
        return values is not null;
    }
}
