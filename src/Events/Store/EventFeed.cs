using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;

namespace Telephony.Events;

/// <summary>
/// The durable feed as NDJSON, one event a line:
/// <c>{"number":…,"tenant":…,"stream":…,"version":…,"type":…,"at":…,"data":{…}}</c>.
/// </summary>
public static class EventFeed
{
    public const string ContentType = "application/x-ndjson";
    private const int FlushBytes = 64 << 10;

    private static readonly JsonEncodedText Number = JsonEncodedText.Encode("number");
    private static readonly JsonEncodedText Tenant = JsonEncodedText.Encode("tenant");
    private static readonly JsonEncodedText Stream = JsonEncodedText.Encode("stream");
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText Type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    private static readonly JsonEncodedText Data = JsonEncodedText.Encode("data");

    /// <summary>Writes the events that the query wants, as fast as they are read away.</summary>
    /// <returns>How many lines were written.</returns>
    public static async Task<long> WriteNdjson(IEventStore store, EventQuery query, PipeWriter output, CancellationToken cancellationToken)
    {
        var lines = 0L;
        await using var json = new Utf8JsonWriter(output);
        await foreach (var e in store.ReadAll(query, cancellationToken))
        {
            json.Reset(output);
            Write(json, e);
            json.Flush();
            output.Write("\n"u8);
            lines++;
            if (output.UnflushedBytes > FlushBytes && (await output.FlushAsync(cancellationToken)).IsCompleted) return lines;
        }

        await output.FlushAsync(cancellationToken);
        return lines;
    }

    private static void Write(Utf8JsonWriter json, StoredEvent e)
    {
        Span<char> at = stackalloc char[32];
        e.At.UtcDateTime.TryFormat(at, out var length, "yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

        json.WriteStartObject();
        json.WriteNumber(Number, e.Number);
        json.WriteString(Tenant, e.Tenant);
        json.WriteString(Stream, e.Stream);
        json.WriteNumber(Version, e.Version);
        json.WriteString(Type, e.Type);
        json.WriteString(At, at[..length]);
        json.WritePropertyName(Data);
        json.WriteRawValue(e.Data.Span, skipInputValidation: true);
        json.WriteEndObject();
    }
}
