using Telephony.Configuration;
using Telephony.Sip;
using DigestPolicy = Telephony.Sip.DigestPolicy;

namespace Telephony.Grains.Devices;

/// <summary>Who sent a request, proven by digest: the tenant from a domain of ours, the device from the credentials.</summary>
internal sealed class DeviceAuthenticator(IConfigurationReader configuration, DigestAuthenticator digest)
{
    /// <summary>Gives the device, or the response that refuses or challenges.</summary>
    /// <param name="domain">The host of the AOR that the request is about.</param>
    public async ValueTask<(DeviceRecord? Device, SipResponse? Refusal)> Authenticate(SipRequest request, string domain)
    {
        if (await configuration.FindTenant(domain) is not { } tenant || await configuration.GetTenant(tenant) is not { } known)
        {
            return (null, SipResponse.For(request, 404, "Domain Not Served").Build());
        }

        var realm = known.Domains[0];
        var device = DigestAuthenticator.TryGetUsername(request, realm, out var username) ? await configuration.FindDevice(tenant, username) : null;
        var policy = Policy(device);
        // an unknown user is checked like a known one, against nothing, so that both take the same time
        var credentials = device is null ? null : new DigestCredentials(device.Ha1Md5, device.Ha1Sha256);
        return digest.Check(request, realm, policy, credentials) switch
        {
            DigestResult.Ok when device is not null => (device, null),
            DigestResult.Malformed => (null, SipResponse.For(request, 400).Build()),
            var result => (null, Challenge(request, realm, policy, isStale: result is DigestResult.Stale or DigestResult.Replayed)),
        };
    }

    private static DigestPolicy Policy(DeviceRecord? device) => device?.Digest switch
    {
        Configuration.DigestPolicy.Sha256 => DigestPolicy.Sha256,
        Configuration.DigestPolicy.Both => DigestPolicy.Sha256ThenMd5,
        _ => DigestPolicy.Md5,
    };

    private SipResponse Challenge(SipRequest request, string realm, DigestPolicy policy, bool isStale)
    {
        var response = SipResponse.For(request, 401);
        foreach (var challenge in digest.Challenge(realm, policy, isStale)) response.Add("WWW-Authenticate", challenge);
        return response.Build();
    }
}
