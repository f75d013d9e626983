using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>One hop of the way a request came (RFC 3261 §20.42).</summary>
public sealed class Via
{
    private readonly ReadOnlyMemory<byte> _raw;

    private Via(ReadOnlyMemory<byte> raw, in ViaView view)
    {
        _raw = raw;
        Transport = Lexer.Text(view.Transport).ToUpperInvariant();
        Host = Lexer.Text(view.Host);
        Port = view.Port == 0 ? null : view.Port;
        Parameters = new(view.Parameters.IsEmpty || !raw.Span.Overlaps(view.Parameters, out var offset) ? default : raw[offset..]);
    }

    /// <summary>In upper case: <c>UDP</c>, <c>TCP</c>, ...</summary>
    public string Transport { get; }

    public string Host { get; }

    public int? Port { get; }

    public SipParameters Parameters { get; }

    public string? Branch => Parameters["branch"];

    /// <summary>The address that the request really came from (RFC 3261 §18.2.1).</summary>
    public string? Received => Parameters["received"];

    /// <summary>The port that the request really came from (RFC 3581); null when not filled in.</summary>
    public int? RPort => int.TryParse(Parameters["rport"], System.Globalization.NumberStyles.None, null, out var port) ? port : null;

    /// <summary>As written.</summary>
    public override string ToString() => Lexer.Text(_raw.Span);

    internal static bool TryParse(ReadOnlyMemory<byte> raw, [NotNullWhen(true)] out Via? via)
    {
        via = ViaView.TryParse(raw.Span, out var view) ? new Via(raw, view) : null;
        return via is not null;
    }
}
