namespace Telephony.Sip;

/// <summary>The order of a request within its dialog (RFC 3261 §20.16).</summary>
/// <param name="Number">Below 2^31 (§8.1.1.5).</param>
public readonly record struct CSeq(uint Number, SipMethod Method)
{
    /// <summary>As on the wire.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Number} {Method}");

    /// <summary>Reads <c>1*DIGIT LWS Method</c>, without allocating.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> value, out uint number, out ReadOnlySpan<byte> method)
    {
        number = 0;
        method = default;
        var space = value.IndexOfAny((byte)' ', (byte)'\t');
        if (space <= 0 || !Lexer.TryNumber(value[..space], int.MaxValue, out var digits)) return false;

        number = (uint)digits;
        method = Lexer.Trim(value[space..]);
        return Lexer.IsToken(method);
    }
}
