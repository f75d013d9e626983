using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Telephony.Sip;

/// <summary>The server's side of digest authentication (RFC 3261 §22, RFC 7616, RFC 8760).</summary>
public sealed class DigestAuthenticator(TimeProvider clock)
{
    /// <summary>The values of WWW-Authenticate (401) or Proxy-Authenticate (407), one header field each.</summary>
    public ImmutableArray<string> Challenge(string realm, DigestPolicy policy, bool stale = false) => throw new NotImplementedException(clock.ToString());

    /// <summary>Who the request says it is from, to look the credentials up by.</summary>
    public static bool TryGetUsername(SipRequest request, string realm, [NotNullWhen(true)] out string? username) => throw new NotImplementedException(realm);

    /// <summary>Checks the request's credentials.</summary>
    /// <param name="credentials">The user's; null when there is no such user, which takes as long to find wrong.</param>
    public DigestResult Check(SipRequest request, string realm, DigestPolicy policy, DigestCredentials? credentials) => throw new NotImplementedException(realm);
}
