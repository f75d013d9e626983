namespace Telephony.Sip;

/// <summary>Where a header field lies in its message's buffer. The value is trimmed.</summary>
internal readonly record struct HeaderField(HeaderId Id, ushort Name, ushort NameLength, ushort Value, ushort ValueLength)
{
    public ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> wire) => wire.Slice(Name, NameLength);

    public ReadOnlySpan<byte> ValueIn(ReadOnlySpan<byte> wire) => wire.Slice(Value, ValueLength);

    public HeaderField Moved(int by) => this with { Name = (ushort)(Name + by), Value = (ushort)(Value + by) };
}
