using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Telephony.Sip;

/// <summary>A From, To, Contact, Route and so on: a URI with a name before it and parameters behind it (RFC 3261 §20.10).</summary>
public sealed class NameAddress
{
    private readonly ReadOnlyMemory<byte> _raw;

    private NameAddress(ReadOnlyMemory<byte> raw, SipUri uri, in NameAddressView view)
    {
        _raw = raw;
        Uri = uri;
        DisplayName = view.DisplayName.IsEmpty || view.DisplayName.SequenceEqual("\"\""u8) ? null : Lexer.FieldText(Lexer.Unquote(view.DisplayName));
        Parameters = new(Slice(raw, view.Parameters));
    }

    /// <summary>The name without its quotes; null when there is none.</summary>
    public string? DisplayName { get; }

    public SipUri Uri { get; }

    public SipParameters Parameters { get; }

    /// <summary>The tag parameter; null when there is none.</summary>
    public string? Tag => Parameters["tag"];

    /// <exception cref="FormatException"><paramref name="text"/> is not one.</exception>
    public static NameAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an address.");

    public static bool TryParse(string text, [NotNullWhen(true)] out NameAddress? address) => TryParse(Encoding.UTF8.GetBytes(text), out address);

    /// <summary>Writes one: the name quoted and escaped, the URI in brackets, the tag if there is one.</summary>
    /// <exception cref="ArgumentException">A part has a line break, or the tag is not a token.</exception>
    public static string Format(string? displayName, string uri, string? tag = null)
    {
        if (!Lexer.IsUriText(uri.AsSpan())) throw new ArgumentException($"'{uri}' is not a URI.", nameof(uri));
        if (tag is not null && !Lexer.IsToken(tag)) throw new ArgumentException($"'{tag}' is not a tag.", nameof(tag));
        if (displayName is not null && !Lexer.IsFieldText(displayName)) throw new ArgumentException("A name has no line breaks.", nameof(displayName));

        var text = new StringBuilder();
        if (!string.IsNullOrEmpty(displayName))
        {
            text.Append('"').Append(displayName.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)).Append("\" ");
        }

        text.Append('<').Append(uri).Append('>');
        if (tag is not null) text.Append(";tag=").Append(tag);
        return text.ToString();
    }

    /// <summary>As written.</summary>
    public override string ToString() => Lexer.FieldText(Lexer.Text(_raw.Span));

    internal static bool TryParse(ReadOnlyMemory<byte> raw, [NotNullWhen(true)] out NameAddress? address)
    {
        address = NameAddressView.TryParse(raw.Span, out var view) && SipUri.TryParse(Slice(raw, view.Uri), out var uri)
            ? new NameAddress(raw, uri, view)
            : null;
        return address is not null;
    }

    private static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> raw, ReadOnlySpan<byte> part) =>
        part.IsEmpty || !raw.Span.Overlaps(part, out var offset) ? default : raw.Slice(offset, part.Length);
}
