using System.Buffers.Text;
using System.Text;
using Microsoft.Extensions.Options;

namespace Telephony.Sip;

/// <summary>Says which key has which value, and what is allowed.</summary>
internal sealed class SipEdgeOptionsValidator : IValidateOptions<SipEdgeOptions>
{
    public ValidateOptionsResult Validate(string? name, SipEdgeOptions options)
    {
        var errors = new List<string>();
        void Check(bool isRight, string key, object? value, string allowed)
        {
            if (!isRight) errors.Add($"Telephony:Sip:{key} is '{value}'; allowed: {allowed}.");
        }

        Check(Lexer.IsToken(options.Id), "Id", options.Id, "letters, digits, - and .");
        Check(options.Port is >= 0 and <= 65535, "Port", options.Port, "0 to 65535");
        Check(options.TlsPort is null or (>= 0 and <= 65535) && (options.TlsPort == 0 || options.TlsPort != options.Port), "TlsPort", options.TlsPort, "0 to 65535, and not Port");
        Check(options.TlsPort is not null || options.Port < 65535, "TlsPort", null, "a port, or 0 for none, since there is none above Port");
        Check(options.CertificateKey.Length == 0 || options.Certificate.Length > 0, "Certificate", options.Certificate, "the PEM file that CertificateKey belongs to");
        Check(Enum.IsDefined(options.ClientCertificates), "ClientCertificates", options.ClientCertificates, "None, Optional or Required");
        Check(options.ClientCertificates == SipClientCertificates.None || options.ClientAuthorities.Length > 0,
            "ClientCertificates", options.ClientCertificates, "None, unless ClientAuthorities names a PEM file");
        Check(options.AllowedOrigins().All(static origin => origin == "*" || Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.AbsolutePath == "/" && !origin.EndsWith('/')),
            "Origins", options.Origins, "* or origins such as https://phone.example.com, parted by commas");
        Check(options.Addresses() is not null, "Bind", options.Bind, "IP addresses, parted by commas");
        Check(options.Address is null || HostPort.TryParse(Encoding.UTF8.GetBytes(options.Address), out _, out var port) && port == 0,
            "Address", options.Address, "a host name or IP address (IPv6 in brackets), without a port");
        Check(string.IsNullOrEmpty(options.TagKey) || Base64.IsValid(options.TagKey, out var length) && length >= 32, "TagKey", "(secret)", "32 bytes or more in base64");
        Check(options.MaxTransactions > 0, "MaxTransactions", options.MaxTransactions, "1 or more");
        Check(options.MaxCompleted >= 0, "MaxCompleted", options.MaxCompleted, "0 or more");
        Check(options.MaxConnections >= 0, "MaxConnections", options.MaxConnections, "0 or more");
        Check(options.MaxConnectionsPerAddress > 0, "MaxConnectionsPerAddress", options.MaxConnectionsPerAddress, "1 or more");
        Check(options.MaxQueuedBytes >= 65536, "MaxQueuedBytes", options.MaxQueuedBytes, "65536 or more");
        Check(options.MaxBufferedBytes >= 1 << 20, "MaxBufferedBytes", options.MaxBufferedBytes, "1048576 or more");
        Check(options.Digest.RememberedNonces >= 8, "Digest:RememberedNonces", options.Digest.RememberedNonces, "8 or more");
        Check(AddressRanges.TryParse(options.Defence.Allow, out _), "Defence:Allow", options.Defence.Allow, "IP addresses and CIDR ranges, parted by commas");
        Check(options.Dns.EndPoints() is not null, "Dns:Servers", options.Dns.Servers, "IP addresses, with a port or without, parted by commas");
        foreach (var (key, value, most) in new[]
        {
            ("MessagesPerSecond", options.Defence.MessagesPerSecond, 1_000_000), ("Burst", options.Defence.Burst, 10_000_000), ("Offences", options.Defence.Offences, 1_000_000),
            ("AccountAttempts", options.Defence.AccountAttempts, 1_000_000), ("Sources", options.Defence.Sources, 1 << 24), ("Accounts", options.Defence.Accounts, 1 << 24),
        })
        {
            Check(value >= 1 && value <= most, "Defence:" + key, value, $"1 to {most}");
        }

        foreach (var (key, value) in new[]
        {
            ("IdleTimeout", options.IdleTimeout), ("UnregisteredTimeout", options.UnregisteredTimeout), ("MessageTimeout", options.MessageTimeout), ("ConnectTimeout", options.ConnectTimeout), ("Digest:NonceLifetime", options.Digest.NonceLifetime),
            ("Timers:T1", options.Timers.T1), ("Timers:T2", options.Timers.T2), ("Timers:T4", options.Timers.T4),
            ("Defence:OffenceTime", options.Defence.OffenceTime), ("Defence:AccountTime", options.Defence.AccountTime),
            ("Dns:Timeout", options.Dns.Timeout), ("Dns:Patience", options.Dns.Patience), ("Dns:MinTtl", options.Dns.MinTtl), ("Dns:MaxTtl", options.Dns.MaxTtl),
            ("Dns:MaxNegativeTtl", options.Dns.MaxNegativeTtl), ("Failover:PutAside", options.Failover.PutAside), ("Failover:MaxRetryAfter", options.Failover.MaxRetryAfter),
            ("Timers:C", options.Timers.C), ("Timers:Unanswered", options.Timers.Unanswered),
        })
        {
            Check(value > TimeSpan.Zero && value <= TimeSpan.FromDays(1), key, value, "a time over 0, up to 1.00:00:00");
        }

        Check(options.Defence.BanTime > TimeSpan.Zero && options.Defence.BanTime <= TimeSpan.FromDays(365), "Defence:BanTime", options.Defence.BanTime, "a time over 0, up to 365.00:00:00");
        Check(options.Defence.AccountDelay > TimeSpan.Zero && options.Defence.AccountDelay <= TimeSpan.FromSeconds(30),
            "Defence:AccountDelay", options.Defence.AccountDelay, "a time over 0, up to 00:00:30, or else phones give up");
        Check(options.Dns.Attempts is >= 1 and <= 10, "Dns:Attempts", options.Dns.Attempts, "1 to 10");
        Check(options.Dns.CacheSize is >= 1 and <= 1 << 20, "Dns:CacheSize", options.Dns.CacheSize, "1 to 1048576");
        Check(options.Dns.MaxStale >= TimeSpan.Zero && options.Dns.MaxStale <= TimeSpan.FromDays(7), "Dns:MaxStale", options.Dns.MaxStale, "a time up to 7.00:00:00, 0 for not at all");
        Check(options.Failover.UdpPatience >= TimeSpan.Zero && options.Failover.UdpPatience <= TimeSpan.FromDays(1), "Failover:UdpPatience", options.Failover.UdpPatience, "a time up to 1.00:00:00, 0 for that of Timer B and F");
        Check(options.Timers.T2 >= options.Timers.T1, "Timers:T2", options.Timers.T2, "not below T1");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
