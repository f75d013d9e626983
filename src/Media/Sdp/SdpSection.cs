namespace Telephony.Media.Sdp;

/// <summary>A place for a stream in a dialog's descriptions, where both sides have it from then on (RFC 3264 §8): its <c>m=</c> line without the port.</summary>
internal sealed record SdpSection(string Media, string Protocol, string FormatList, string? Mid, bool IsBundled)
{
    public static SdpSection Of(MediaStream stream) => new(stream.Media, stream.Protocol, stream.FormatList, stream.Mid, stream.IsBundled);
}
