namespace Telephony.Media.Sdp;

/// <summary>A line of a description: its letter, and where its value lies in the bytes.</summary>
internal readonly record struct SdpLine(byte Type, int Start, int Length)
{
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> description) => description.Slice(Start, Length);
}
