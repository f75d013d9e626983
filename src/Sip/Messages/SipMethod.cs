namespace Telephony.Sip;

/// <summary>A method (RFC 3261 §7.1). Case-sensitive; any token is one, known or not.</summary>
public readonly record struct SipMethod
{
    private static readonly SipMethod[] Known =
    [
        new("INVITE"), new("ACK"), new("BYE"), new("CANCEL"), new("OPTIONS"), new("REGISTER"), new("INFO"), new("PRACK"),
        new("UPDATE"), new("REFER"), new("SUBSCRIBE"), new("NOTIFY"), new("MESSAGE"), new("PUBLISH"),
    ];

    private readonly string? _name;

    private SipMethod(string name) => _name = name;

    public static SipMethod Invite => Known[0];

    public static SipMethod Ack => Known[1];

    public static SipMethod Bye => Known[2];

    public static SipMethod Cancel => Known[3];

    public static SipMethod Options => Known[4];

    public static SipMethod Register => Known[5];

    public static SipMethod Info => Known[6];

    public static SipMethod Prack => Known[7];

    public static SipMethod Update => Known[8];

    public static SipMethod Refer => Known[9];

    public static SipMethod Subscribe => Known[10];

    public static SipMethod Notify => Known[11];

    public static SipMethod Message => Known[12];

    public static SipMethod Publish => Known[13];

    /// <summary>The method as on the wire; empty for <c>default</c>.</summary>
    public string Name => _name ?? "";

    /// <exception cref="ArgumentException"><paramref name="name"/> is not a token.</exception>
    public static SipMethod Of(string name)
    {
        foreach (var known in Known)
        {
            if (known._name == name) return known;
        }

        return Lexer.IsToken(name) ? new(name) : throw new ArgumentException($"'{name}' is not a SIP method.", nameof(name));
    }

    public override string ToString() => Name;

    /// <summary>Allocates for unknown methods alone. The caller has checked that it is a token.</summary>
    internal static SipMethod FromToken(ReadOnlySpan<byte> token)
    {
        foreach (ref readonly var known in Known.AsSpan())
        {
            if (known._name!.Length == token.Length && System.Text.Ascii.Equals(token, known._name)) return known;
        }

        return new(System.Text.Encoding.ASCII.GetString(token));
    }
}
