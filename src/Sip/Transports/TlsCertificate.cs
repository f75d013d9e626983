using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

/// <summary>
/// The certificate that we show to peers: that of the configured PEM files, read again when they have changed; without them one for development, signed by itself.
/// </summary>
internal sealed class TlsCertificate(SipEdgeOptions options, IReadOnlyList<string> hosts, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(730);
    private static readonly TimeSpan Renewal = TimeSpan.FromDays(30);

    private readonly RateLimit _failures = new(clock, TimeSpan.FromSeconds(10));
    private readonly Lock _lock = new();
    private (string Chain, string Key) _text;
    private SslStreamCertificateContext? _context;
    private long _looked;

    /// <summary>The one of now, with its intermediates. The files are looked at no more than once a second; while they are broken, the last good one stays.</summary>
    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_context is not null && (options.Certificate.Length == 0 || clock.GetElapsedTime(_looked) < Period)) return _context;
                _looked = clock.GetTimestamp();
                try
                {
                    return _context = options.Certificate.Length == 0 ? Development() : Configured(_context);
                }
                catch (Exception e) when (_context is not null && IsOfFiles(e))
                {
                    if (_failures.TryPass(out var count)) Log.CertificateFailed(log, count, options.Certificate, e.Message);
                    return _context;
                }
            }
        }
    }

    /// <summary>Reads it for the first time.</summary>
    /// <exception cref="InvalidOperationException">The files can't be used; says which and why.</exception>
    public void Load()
    {
        try
        {
            _ = Current;
        }
        catch (Exception e) when (IsOfFiles(e))
        {
            throw new InvalidOperationException(options.Certificate.Length == 0
                ? $"The development certificate '{options.DevelopmentCertificate}' can't be used: {e.Message}. Set Telephony:Sip:Certificate, or Telephony:Sip:TlsPort to 0."
                : $"Telephony:Sip:Certificate '{options.Certificate}' with its CertificateKey can't be used: {e.Message}. Both must be PEM files, the key without a password.", e);
        }
    }

    private static bool IsOfFiles(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException;

    private SslStreamCertificateContext Configured(SslStreamCertificateContext? last)
    {
        var text = (Chain: File.ReadAllText(options.Certificate), Key: File.ReadAllText(options.CertificateKey.Length > 0 ? options.CertificateKey : options.Certificate));
        if (last is not null && text == _text) return last;

        var context = Read(text.Chain, text.Key);
        _text = text;
        if (last is not null) Log.CertificateReloaded(log, context.TargetCertificate.Subject, context.TargetCertificate.NotAfter);
        return context;
    }

    private static SslStreamCertificateContext Read(string chain, string key)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(chain);
        var certificate = X509Certificate2.CreateFromPem(chain, key);
        return SslStreamCertificateContext.Create(certificate, all, offline: true);
    }

    private SslStreamCertificateContext Development()
    {
        var path = options.DevelopmentCertificate;
        if (!string.IsNullOrEmpty(path) && File.Exists(path))
        {
            var pem = File.ReadAllText(path);
            var kept = Read(pem, pem);
            if (kept.TargetCertificate.NotAfter.ToUniversalTime() > clock.GetUtcNow().UtcDateTime + Renewal && hosts.All(host => kept.TargetCertificate.MatchesHostname(host))) return kept;
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = Make(key);
        var text = made.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
        if (!string.IsNullOrEmpty(path))
        {
            Write(path, text);
            Log.CertificateMade(log, path);
        }

        return Read(text, text);
    }

    private X509Certificate2 Make(ECDsa key)
    {
        var request = new CertificateRequest($"CN={hosts[0]}, O=Telephony development", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(TlsPolicy.ServerUse), new(TlsPolicy.ClientUse)], critical: false));
        var now = clock.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now + Lifetime);
    }

    // whole or not at all, and for its owner alone
    private static void Write(string path, string text)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var aside = $"{path}.{Guid.NewGuid():n}";
        var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(aside, how)) file.Write(Encoding.ASCII.GetBytes(text));
        File.Move(aside, path, overwrite: true);
    }
}
