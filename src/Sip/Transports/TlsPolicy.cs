using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telephony.Sip;

/// <summary>
/// How TLS is spoken (RFC 3261 §26.3.1): versions 1.2 and 1.3, our certificate, and whose we trust. Whom we call must be named by its certificate as RFC 5922 §7 says.
/// </summary>
internal sealed class TlsPolicy(SipEdgeOptions options, TlsCertificate certificate)
{
    public const string ServerUse = "1.3.6.1.5.5.7.3.1";
    public const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private const SslProtocols Versions = SslProtocols.Tls12 | SslProtocols.Tls13;

    private X509Certificate2Collection? _authorities;
    private X509Certificate2Collection? _clientAuthorities;

    /// <summary>Reads the files.</summary>
    /// <exception cref="InvalidOperationException">One can't be used; says which and why.</exception>
    public void Load()
    {
        certificate.Load();
        _authorities = Read("Authorities", options.Authorities);
        _clientAuthorities = Read("ClientAuthorities", options.ClientAuthorities);
    }

    /// <summary>For a peer that called us.</summary>
    public SslServerAuthenticationOptions Server() => new()
    {
        ServerCertificateContext = certificate.Current,
        EnabledSslProtocols = Versions,
        AllowRenegotiation = false,
        ClientCertificateRequired = options.ClientCertificates != SipClientCertificates.None,
        CertificateChainPolicy = ChainPolicy(_clientAuthorities, ClientUse),
        RemoteCertificateValidationCallback = IsClientWelcome,
    };

    /// <summary>For a peer that we call.</summary>
    public SslClientAuthenticationOptions Client(string host) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = Versions,
        AllowRenegotiation = false,
        ClientCertificateContext = certificate.Current,
        CertificateChainPolicy = ChainPolicy(_authorities, ServerUse),
        RemoteCertificateValidationCallback = (_, peer, chain, errors) => IsServerTrusted(host, peer, chain, errors),
    };

    /// <summary>Whom the certificate of a peer that called us names (RFC 5922 §7.4); nobody when none was asked for, since nobody vouches for it then.</summary>
    public IReadOnlyList<string> NamesOf(X509Certificate? peer) =>
        options.ClientCertificates != SipClientCertificates.None && peer is X509Certificate2 certificate ? CertificateNames.Of(certificate) : [];

    private static X509ChainPolicy? ChainPolicy(X509Certificate2Collection? roots, string use)
    {
        if (roots is null) return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(roots);
        policy.ApplicationPolicy.Add(new Oid(use));
        return policy;
    }

    private static X509Certificate2Collection? Read(string key, string path)
    {
        if (path.Length == 0) return null;
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(path);
            return roots.Count > 0 ? roots : throw new CryptographicException("it holds no certificate");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new InvalidOperationException($"Telephony:Sip:{key} '{path}' can't be used: {e.Message}. It must be a PEM file of certificates.", e);
        }
    }

    private bool IsClientWelcome(object sender, X509Certificate? peer, X509Chain? chain, SslPolicyErrors errors) => options.ClientCertificates switch
    {
        SipClientCertificates.Required => peer is not null && errors == SslPolicyErrors.None,
        SipClientCertificates.Optional => peer is null || errors == SslPolicyErrors.None,
        _ => true,
    };

    private bool IsServerTrusted(string host, X509Certificate? peer, X509Chain? chain, SslPolicyErrors errors)
    {
        if (peer is not X509Certificate2 certificate || !CertificateNames.Matches(certificate, host, options.AllowWildcards)) return false;

        errors &= ~SslPolicyErrors.RemoteCertificateNameMismatch; // by the web's rules
        return errors == SslPolicyErrors.None
            || options.AllowSelfSigned && errors == SslPolicyErrors.RemoteCertificateChainErrors && chain is { ChainElements.Count: 1 }
            && chain.ChainStatus.All(status => status.Status is X509ChainStatusFlags.UntrustedRoot or X509ChainStatusFlags.RevocationStatusUnknown or X509ChainStatusFlags.OfflineRevocation);
    }
}
