using Telephony.Grains.Signalling;
using Telephony.Grains.Tenants;
using Telephony.Sip;

namespace Telephony.Grains.Devices;

/// <summary>REGISTER (RFC 3261 §10.3): authenticates, checks that a device registers itself alone, and lets the Device apply it.</summary>
internal sealed class RegisterHandler(DeviceAuthenticator authenticator, ISipEdges edges, IGrainFactory grains)
{
    public async ValueTask Handle(SipRequestReceived input) => edges.Get(input.Edge).Respond(input.Transaction, await Register(input));

    private async ValueTask<SipResponse> Register(SipRequestReceived input)
    {
        var aor = input.Request.To.Uri;
        if (!aor.IsSip || aor.User is null) return SipResponse.For(input.Request, 400, "No Address Of Record").Build();

        var (device, refusal) = await authenticator.Authenticate(input, aor);
        if (device is null) return refusal!;
        if (!string.Equals(device.Username, aor.User, StringComparison.Ordinal)) return SipResponse.For(input.Request, 403).Build();

        return await grains.GetGrain<IDeviceGrain>(Keys.Device(device.Tenant, device.Username)).Register(input, device.Extension);
    }
}
