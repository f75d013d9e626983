using Microsoft.Extensions.Options;
using Telephony.Configuration;
using Telephony.Grains.Devices;
using Telephony.Grains.Signalling;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>An INVITE that begins a call: authenticates the device that sent it, and hands over to a new Call.</summary>
internal sealed class InviteHandler(
    DeviceAuthenticator authenticator, IConfigurationReader configuration, ISipEdges edges, IGrainFactory grains, IOptions<CallOptions> options, CallServices services,
    TimeProvider clock)
{
    private int _starting;

    public async ValueTask Handle(SipRequestReceived input)
    {
        if (await Accept(input) is { } refusal) edges.Get(input.Edge).Respond(input.Transaction, refusal);
    }

    private async ValueTask<SipResponse?> Accept(SipRequestReceived input)
    {
        var request = input.Request;
        if (!request.RequestUri.IsSip) return SipResponse.For(request, 416).Build();
        if (services.SessionTimers.IsTooShort(request)) return SipResponse.For(request, 422).Add(services.SessionTimers.MinSe).Build();
        if (!CanRead(request)) return SipResponse.For(request, 415).Add("Accept", "application/sdp, multipart/mixed").Build();

        var (device, refusal) = await authenticator.Authenticate(input, request.From.Uri);
        if (device is null) return refusal;
        if (!await IsForTenant(input, device.Tenant)) return SipResponse.For(request, 404).Build();

        try
        {
            // beyond what the machine can take, calls are refused at once instead of all becoming slow
            if (Interlocked.Increment(ref _starting) > options.Value.MaxStarting) return SipResponse.For(request, 503).Add("Retry-After", "2").Build();

            var address = new LegAddress(device.Tenant, CallId.New(clock.GetUtcNow()), 0);
            edges.Get(input.Edge).Claim(input.Transaction, address.ToOwner());
            await Task.Yield(); // off the edge's thread
            await grains.GetGrain<ICallGrain>(address.CallKey).Start(new IncomingCall(input, device.Username, device.Extension));
            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _starting);
        }
    }

    /// <summary>The body is SDP, or has a part that is and none that must be understood besides (RFC 5621 §8.3).</summary>
    private static bool CanRead(SipRequest request)
    {
        if (request.Body.IsEmpty) return true;

        var parts = request.BodyParts();
        return parts.Any(part => part.Is(SessionDescription.Type)) && !parts.Any(part => part.IsRequired && !part.Is(SessionDescription.Type));
    }

    /// <summary>The Request-URI names the caller's own tenant, or only this server (a phone that was given an address as its domain).</summary>
    private async ValueTask<bool> IsForTenant(SipRequestReceived input, string tenant)
    {
        var uri = input.Request.RequestUri;
        var ours = edges.Get(input.Edge).Address(input.Flow);
        return ours.StartsWith(uri.Host + ":", StringComparison.Ordinal) || await configuration.FindTenant(uri.Host) == tenant;
    }
}
