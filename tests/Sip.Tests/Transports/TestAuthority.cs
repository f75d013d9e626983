using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telephony.Sip.Tests.Transports;

/// <summary>A certificate authority of a test, with files in a folder of its own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 _root;
    private readonly string _folder = Directory.CreateTempSubdirectory("telephony-tls-").FullName;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _root = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(75));
        File.WriteAllText(RootFile, _root.ExportCertificatePem());
    }

    public string RootFile => PathOf("root");

    public string PathOf(string name) => Path.Combine(_folder, name + ".pem");

    /// <summary>A certificate and key that this authority signs.</summary>
    /// <param name="names">Its alternative names, parted by spaces: addresses, DNS names and URIs.</param>
    public X509Certificate2 Issue(string name, string names = "127.0.0.1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var host in names.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPAddress.TryParse(host, out var address)) alternatives.AddIpAddress(address);
            else if (host.Contains(':', StringComparison.Ordinal)) alternatives.AddUri(new Uri(host));
            else alternatives.AddDnsName(host);
        }

        if (names.Length > 0) request.CertificateExtensions.Add(alternatives.Build());
        using var signed = request.Create(_root, _root.NotBefore, _root.NotAfter, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(key);
    }

    /// <summary>One for the edge, in the files <c>certificate</c> and <c>key</c>.</summary>
    public void IssueForEdge(string name)
    {
        using var certificate = Issue(name);
        File.WriteAllText(PathOf("certificate"), certificate.ExportCertificatePem());
        File.WriteAllText(PathOf("key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    public void Configure(SipEdgeOptions options)
    {
        IssueForEdge("edge");
        options.TlsPort = null;
        options.Certificate = PathOf("certificate");
        options.CertificateKey = PathOf("key");
    }

    public void Dispose()
    {
        _root.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
