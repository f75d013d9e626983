using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Telephony.Configuration;
using Telephony.Grains.Signalling;
using Telephony.Sip;
using DigestPolicy = Telephony.Sip.DigestPolicy;

namespace Telephony.Grains.Devices;

/// <summary>Who sent a request, proven by digest: the tenant from a domain of ours, the device from the credentials.</summary>
internal sealed class DeviceAuthenticator(IConfigurationReader configuration, DigestAuthenticator digest, AccountGuard accounts, TagMac mac, ISipEdges edges)
{
    /// <summary>Gives the device, or the response that refuses or challenges. Its edge hears of who guesses.</summary>
    /// <param name="aor">The one that the request is about.</param>
    public async ValueTask<(DeviceRecord? Device, SipResponse? Refusal)> Authenticate(SipRequestReceived input, SipUri aor)
    {
        var request = input.Request;
        if (await configuration.FindTenant(aor.Host) is not { } tenant || await configuration.GetTenant(tenant) is not { } known)
        {
            Report(input, Offence.UnknownDomain);
            return (null, SipResponse.For(request, 404, "Domain Not Served").Build());
        }

        var realm = known.Domains[0];
        if (!DigestAuthenticator.TryGetUsername(request, realm, out var username))
        {
            // a challenge tells nobody who exists, but who asks for many that do not is looking for those that do
            var asks = aor.User is { } claimed ? await configuration.FindDevice(tenant, claimed) : null;
            if (asks is null) Report(input, Offence.UnknownUser);
            return (null, Challenge(request, realm, asks is null ? await Decoy(tenant, aor.User ?? "") : Policy(asks), isStale: false));
        }

        var device = await configuration.FindDevice(tenant, username);
        var policy = device is null ? await Decoy(tenant, username) : Policy(device);
        // an unknown user is checked like a known one, against nothing, so that both take the same time
        DigestCredentials? credentials = device is null ? null : new DigestCredentials(device.Ha1Md5, device.Ha1Sha256);
        var result = digest.Check(request, realm, policy, credentials);
        if (result is DigestResult.Wrong) Report(input, device is null ? Offence.UnknownUser : Offence.WrongPassword);
        if (result is DigestResult.Malformed) Report(input, Offence.Malformed);
        if (result is DigestResult.Ok or DigestResult.Wrong && !await accounts.Attempted(realm, username, input.Flow, result is DigestResult.Ok))
        {
            return (null, SipResponse.For(request, 503).Add("Retry-After", "10").Build());
        }

        return result switch
        {
            DigestResult.Ok when device is not null => (device, null),
            DigestResult.Malformed => (null, SipResponse.For(request, 400).Build()),
            _ => (null, Challenge(request, realm, policy, isStale: result is DigestResult.Stale or DigestResult.Replayed)),
        };
    }

    private void Report(SipRequestReceived input, Offence offence) => edges.Get(input.Edge).Report(input.Flow, offence);

    internal static DigestPolicy Policy(DeviceRecord device) => device.Digest switch
    {
        Configuration.DigestPolicy.Sha256 => DigestPolicy.Sha256,
        Configuration.DigestPolicy.Both => DigestPolicy.Sha256ThenMd5,
        _ => DigestPolicy.Md5,
    };

    /// <summary>
    /// A user who does not exist is challenged like one of the tenant's devices, always the same: or else the hashes that are offered would tell who exists. To offer
    /// everybody all of them is no way out: baresip 1.0 and sipp give up when SHA-256 is among them.
    /// </summary>
    private async ValueTask<DigestPolicy> Decoy(string tenant, string username)
    {
        var extensions = await configuration.ListExtensions(tenant);
        if (extensions.Count == 0) return DigestPolicy.Md5;

        var signed = mac.Sign("nobody." + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}/{username}"))));
        var choice = BinaryPrimitives.ReadUInt32LittleEndian(Base64Url.DecodeFromChars(signed.AsSpan(signed.LastIndexOf('.') + 1)));
        var like = extensions[(int)(choice % (uint)extensions.Count)].Devices;
        return like.Count > 0 && await configuration.FindDevice(tenant, like[0]) is { } device ? Policy(device) : DigestPolicy.Md5;
    }

    private SipResponse Challenge(SipRequest request, string realm, DigestPolicy policy, bool isStale)
    {
        var response = SipResponse.For(request, 401);
        foreach (var challenge in digest.Challenge(realm, policy, isStale)) response.Add("WWW-Authenticate", challenge);
        return response.Build();
    }
}
