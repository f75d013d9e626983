using System.Net;

namespace Telephony.Silo;

/// <summary>Section <c>Telephony:Http</c>: where the API and the web client are served.</summary>
internal sealed class HttpOptions
{
    public int Port { get; set; } = 8080;

    public string Bind { get; set; } = "127.0.0.1";

    /// <summary>What is wrong, as one line that names key, value and what is allowed; null when nothing is.</summary>
    public string? Problem =>
        Port is < 1 or > 65535 ? $"Telephony:Http:Port is {Port}: a port from 1 to 65535 is allowed."
        : !IPAddress.TryParse(Bind, out _) ? $"Telephony:Http:Bind is '{Bind}': an IP address of this machine is allowed, such as 127.0.0.1 or 0.0.0.0."
        : null;
}
