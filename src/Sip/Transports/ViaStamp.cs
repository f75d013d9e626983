using System.Globalization;

namespace Telephony.Sip;

/// <summary>Writes where a request came from into its top Via (<c>received</c>: RFC 3261 §18.2.1, <c>rport</c>: RFC 3581 §4), while it is copied out of the receive buffer.</summary>
internal static class ViaStamp
{
    private const int MaxAddress = 65; // with a scope

    /// <summary>The message's own buffer, and its index moved to fit. What the sender put there itself is not kept.</summary>
    public static (byte[] Wire, SipLayout Layout) Apply(ReadOnlySpan<byte> data, in SipIndex index, Channel channel)
    {
        var fields = index.Fields;
        var at = 0;
        while (at < fields.Length && fields[at].Id != HeaderId.Via) at++;
        if (at == fields.Length || !TryWrite(data, fields[at], channel, stackalloc byte[1024], out var length, out var via)) return (data[..index.Length].ToArray(), index.ToLayout());

        var start = fields[at].Value;
        var by = via.Length - length;
        if (index.Length + by > SipParser.MaxMessage) return (data[..index.Length].ToArray(), index.ToLayout()); // the index can't say where its end is

        var wire = new byte[index.Length + by];
        data[..start].CopyTo(wire);
        via.CopyTo(wire.AsSpan(start));
        data[(start + length)..index.Length].CopyTo(wire.AsSpan(start + via.Length));

        fields[at] = fields[at] with { ValueLength = (ushort)(fields[at].ValueLength + by) };
        for (var later = at + 1; later < fields.Length; later++) fields[later] = fields[later].Moved(by);
        return (wire, index.ToLayout(by));
    }

    /// <summary>Whether the host of sent-by is the address that it came from, so that there is nothing to be <c>received</c>.</summary>
    public static bool IsSource(in ViaView via, Channel channel)
    {
        Span<byte> text = stackalloc byte[MaxAddress];
        channel.Remote.Address.TryFormat(text, out var length);
        return via.Host.Trim("[]"u8).SequenceEqual(text[..length]);
    }

    /// <summary>Writes the first Via of a field with where the request came from in it.</summary>
    /// <param name="length">Of the Via that <paramref name="written"/> stands for.</param>
    /// <returns>False when it can stay as it is.</returns>
    public static bool TryWrite(
        ReadOnlySpan<byte> data, in HeaderField line, Channel channel, Span<byte> buffer, out int length, out ReadOnlySpan<byte> written)
    {
        written = default;
        var rest = line.ValueIn(data);
        length = 0;
        if (!Lexer.NextElement(ref rest, out var element) || !ViaView.TryParse(element, out var via)) return false;

        length = element.Length;
        var asksPort = ParameterReader.TryFind(via.Parameters, "rport"u8, out var port);
        var says = ParameterReader.TryFind(via.Parameters, "received"u8, out _);
        Span<byte> text = stackalloc byte[MaxAddress];
        channel.Remote.Address.TryFormat(text, out var textLength);
        var address = text[..textLength];
        var isHost = via.Host.Trim("[]"u8).SequenceEqual(address);
        if (!asksPort && !says && isHost) return false;
        if (element.Length + 120 > buffer.Length) buffer = new byte[element.Length + 120];

        var size = 0;
        Put("SIP/2.0/"u8, buffer, ref size);
        Put(via.Transport, buffer, ref size);
        Put(" "u8, buffer, ref size);
        Put(via.SentBy, buffer, ref size);
        var parameters = new ParameterReader(via.Parameters);
        while (parameters.Next())
        {
            if (Lexer.EqualsIgnoreCase(parameters.Name, "rport"u8) || Lexer.EqualsIgnoreCase(parameters.Name, "received"u8)) continue;
            Put(";"u8, buffer, ref size);
            Put(parameters.Name, buffer, ref size);
            if (!parameters.HasValue) continue;
            Put("="u8, buffer, ref size);
            Put(parameters.Value, buffer, ref size);
        }

        if (asksPort)
        {
            Put(";rport="u8, buffer, ref size);
            channel.Remote.Port.TryFormat(buffer[size..], out var digits, default, CultureInfo.InvariantCulture);
            size += digits;
        }

        if (asksPort || !isHost)
        {
            Put(";received="u8, buffer, ref size);
            Put(address, buffer, ref size);
        }

        written = buffer[..size];
        return true;
    }

    private static void Put(scoped ReadOnlySpan<byte> part, Span<byte> buffer, ref int size)
    {
        part.CopyTo(buffer[size..]);
        size += part.Length;
    }
}
