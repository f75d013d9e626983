using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telephony.Sip;

/// <summary>A request as base64 of its bytes, so that it can be kept in a snapshot.</summary>
internal sealed class SipRequestJsonConverter : JsonConverter<SipRequest>
{
    public override SipRequest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SipRequest.TryParse(reader.GetBytesFromBase64(), out var request, out var error) ? request : throw new JsonException(error.Reason);

    public override void Write(Utf8JsonWriter writer, SipRequest value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.Wire.Span);
}

/// <summary>A response as base64 of its bytes.</summary>
internal sealed class SipResponseJsonConverter : JsonConverter<SipResponse>
{
    public override SipResponse Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        SipResponse.TryParse(reader.GetBytesFromBase64(), out var response, out var error) ? response : throw new JsonException(error.Reason);

    public override void Write(Utf8JsonWriter writer, SipResponse value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.Wire.Span);
}
