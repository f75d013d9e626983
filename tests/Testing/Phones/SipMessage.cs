using System.Text;

namespace Telephony.Testing.Phones;

/// <summary>A message as text, for a test phone that must also say what no proper phone would.</summary>
public sealed class SipMessage
{
    private SipMessage(string startLine, List<(string Name, string Value)> headers, string body)
    {
        StartLine = startLine;
        Headers = headers;
        Body = body;
    }

    public string StartLine { get; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; }

    public string Body { get; }

    /// <summary>Null for a request.</summary>
    public int? Status => StartLine.StartsWith("SIP/2.0 ", StringComparison.Ordinal) ? int.Parse(StartLine.AsSpan(8, 3), System.Globalization.CultureInfo.InvariantCulture) : null;

    /// <summary>Of a request its own, of a response the one in CSeq.</summary>
    public string Method => this["CSeq"].Split(' ')[^1];

    public int CSeq => int.Parse(this["CSeq"].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    public string CallId => this["Call-ID"];

    public string? FromTag => Parameter(this["From"], "tag");

    public string? ToTag => Parameter(this["To"], "tag");

    /// <summary>The Contact's URI.</summary>
    public string Target => this["Contact"].Split('<', '>') is [_, var uri, ..] ? uri : this["Contact"];

    /// <summary>The first header of this name, or empty.</summary>
    public string this[string name] => All(name).FirstOrDefault("");

    public static SipMessage Parse(ReadOnlySpan<byte> datagram)
    {
        var text = Encoding.UTF8.GetString(datagram);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = (end < 0 ? text : text[..end]).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).Where(parts => parts.Length == 2).Select(parts => (parts[0].Trim(), parts[1].Trim())).ToList();
        return new SipMessage(lines[0], headers, end < 0 ? "" : text[(end + 4)..]);
    }

    public IEnumerable<string> All(string name) => Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);

    /// <summary>A parameter of a header's value, quoted or not; null when it is not there.</summary>
    public static string? Parameter(string value, string name)
    {
        foreach (var separator in (ReadOnlySpan<string>)[";", ",", " "])
        {
            var at = value.IndexOf(separator + name + "=", StringComparison.OrdinalIgnoreCase);
            if (at < 0) continue;
            var rest = value[(at + separator.Length + name.Length + 1)..];
            return rest.StartsWith('"') ? rest[1..rest.IndexOf('"', 1)] : rest.Split(';', ',', ' ', '>')[0];
        }

        return null;
    }

    public override string ToString() => StartLine + "\r\n" + string.Concat(Headers.Select(header => $"{header.Name}: {header.Value}\r\n")) + "\r\n" + Body;
}
