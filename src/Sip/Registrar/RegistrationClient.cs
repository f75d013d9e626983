using System.Globalization;
using static Telephony.Sip.OwnRegistrationStatus;

namespace Telephony.Sip;

/// <summary>
/// The client's side of registering (RFC 3261 §10.2), for trunks, without I/O: each input gives the registration after it, and what to send. One that goes wrong is tried
/// again, ever more seldom (RFC 5626 §4.5).
/// <code>
/// --Begin--> Registering --2xx--> Registered --refresh, 2xx--+
///              ^  |  |                ^   |  &lt;---------------+
///              |  |  +--403, 404,-->  |   +--failure past its end, FlowLost--> Failed
///    time is up|  |     password  Refused                                        |
///              +--+--------------------------------------------------------------+
/// any --Unregister--> Unregistering --final--> Ended
/// </code>
/// </summary>
/// <remarks>Requests go by the flow of the last response while that is there, else to the registrar's servers in turn (<see cref="ISipEdge.Send"/> without a flow).</remarks>
public static class RegistrationClient
{
    private const uint MaxExpires = 24 * 3600;
    private const int MaxCorrections = 3, MaxServiceRoutes = 16;

    private static readonly TimeSpan BaseTime = TimeSpan.FromSeconds(30); // RFC 5626 §4.5, with no other flow
    private static readonly TimeSpan MaxTime = TimeSpan.FromMinutes(30);

    /// <summary>Asks for the first time.</summary>
    /// <param name="callId">New, and unlike any other.</param>
    /// <param name="tag">A random token.</param>
    public static OwnRegistrationStep Begin(RegistrationAccount account, string callId, string tag, DateTimeOffset now) =>
        Ask(account, new(Registering, callId, tag, 0, account.Expires, null, null, now, [], DigestAnswers.None, 0, 0, 0));

    /// <summary>A response to the REGISTER in flight; 408 or 503 when none came or it could not be sent. Others are ignored.</summary>
    /// <param name="cnonce">A new <see cref="DigestClient.NewCNonce"/>.</param>
    /// <param name="random">From 0 to 1: spreads refreshes and further tries, so that not all come at once.</param>
    public static OwnRegistrationStep Answered(RegistrationAccount account, OwnRegistration registration, SipResponse response, string cnonce, double random, DateTimeOffset now)
    {
        if (response.IsProvisional || registration.InFlight is not { } request || request.CSeq.Number != response.CSeq.Number) return new(registration);

        var next = registration with { InFlight = null, LastStatus = response.Status };
        if (DigestClient.Answer(request, response, registration.Answers, account.Credentials, cnonce) is { } retry)
        {
            return new(next with { InFlight = retry.Request, CSeq = retry.Request.CSeq.Number, Answers = retry.Answers }, retry.Request);
        }

        if (registration.Status == Unregistering)
        {
            // the answer may be to an earlier REGISTER, which asked for time
            return request.Expires > 0 ? Ask(account, next) : new(next with { Status = Ended, ExpiresAt = null, ServiceRoute = [] });
        }

        if (response.Status == 423 && response.MinExpires is { } least && least > next.Wanted && least <= MaxExpires && next.Corrections < MaxCorrections)
        {
            return Ask(account, next with { Wanted = least }, next.Corrections + 1);
        }

        return new(response.IsSuccess && Granted(account, next, response) is > 0 and var seconds
            ? Lasting(next, response, Math.Min(seconds, MaxExpires), random, now)
            : Failed(next, response, random, now));
    }

    /// <summary>Time has passed: it is asked for again when that is due.</summary>
    public static OwnRegistrationStep Elapsed(RegistrationAccount account, OwnRegistration registration, DateTimeOffset now)
    {
        if (now >= registration.ExpiresAt) registration = registration with { ExpiresAt = null, ServiceRoute = [], Status = registration.Status == Registered ? Registering : registration.Status };
        return now < registration.DueAt || registration.InFlight is not null || registration.Status is Unregistering or Ended ? new(registration) : Ask(account, registration);
    }

    /// <summary>The connection that it was made by is gone, and so calls don't arrive: another one is made after a short while (RFC 5626 §4.5).</summary>
    public static OwnRegistrationStep FlowLost(OwnRegistration registration, double random, DateTimeOffset now) => registration.Status != Registered
        ? new(registration)
        : new(registration with { Status = OwnRegistrationStatus.Failed, ExpiresAt = null, Failures = 1, DueAt = now + BackOff(0, random) });

    /// <summary>We don't want it any more (§10.2.2).</summary>
    public static OwnRegistrationStep Unregister(RegistrationAccount account, OwnRegistration registration)
    {
        if (registration.Status is Unregistering or Ended) return new(registration);
        var next = registration with { Status = Unregistering };
        return registration.InFlight is null ? Ask(account, next) : new(next); // after its answer
    }

    private static OwnRegistrationStep Ask(RegistrationAccount account, OwnRegistration registration, int corrections = 0)
    {
        var expires = registration.Status == Unregistering ? 0 : registration.Wanted;
        var builder = SipRequest.Create(SipMethod.Register, account.Registrar);
        foreach (var route in account.Routes) builder.Add("Route", route);
        builder.Add("From", $"<{account.AddressOfRecord}>;tag={registration.Tag}").Add("To", $"<{account.AddressOfRecord}>").Add("Call-ID", registration.CallId)
            .CSeq(registration.CSeq + 1).Add("Contact", $"<{account.Contact}>").Add("Expires", expires.ToString(CultureInfo.InvariantCulture));

        var (request, answers) = DigestClient.Authorize(builder.Build(), registration.Answers, account.Credentials);
        var status = registration.Status is Registered or Unregistering ? registration.Status : Registering;
        return new(registration with { Status = status, InFlight = request, CSeq = request.CSeq.Number, Answers = answers, Corrections = corrections }, request);
    }

    // what the registrar says of our contact (§10.2.4); one that it wrote anew, as some do for NATs, is ours when it is the only one
    private static uint Granted(RegistrationAccount account, OwnRegistration registration, SipResponse response)
    {
        var own = SipUri.TryParse(account.Contact, out var uri) ? response.Contacts.FirstOrDefault(contact => contact.Uri.IsSameAs(uri)) : null;
        own ??= response.Contacts is [var only] ? only : null;
        return own?.Parameters["expires"] is { } text && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : response.Expires ?? registration.Wanted;
    }

    // it is refreshed between 70 and 90 % of its time
    private static OwnRegistration Lasting(OwnRegistration registration, SipResponse response, uint seconds, double random, DateTimeOffset now) => registration with
    {
        Status = Registered,
        Failures = 0,
        ExpiresAt = now + TimeSpan.FromSeconds(seconds),
        DueAt = now + TimeSpan.FromSeconds(seconds * (0.7 + 0.2 * random)),
        ServiceRoute = [.. response.Headers("Service-Route").Take(MaxServiceRoutes)],
    };

    private static OwnRegistration Failed(OwnRegistration registration, SipResponse response, double random, DateTimeOffset now)
    {
        var isRefused = response.Status is 401 or 403 or 404 or 407;
        var wait = isRefused ? MaxTime : BackOff(registration.Failures, random);
        if (response.Header<RetryAfter>()?.Time is { } told && told > wait) wait = told < TimeSpan.FromDays(1) ? told : TimeSpan.FromDays(1);

        var failed = registration with { Failures = registration.Failures + 1, DueAt = now + wait };
        if (registration.ExpiresAt is not { } end || end <= now || isRefused)
        {
            return failed with { Status = isRefused ? Refused : OwnRegistrationStatus.Failed, ExpiresAt = isRefused ? null : registration.ExpiresAt };
        }

        // a refresh that failed takes nothing away before its time; it is tried again while there is some, unless the registrar wants rest
        var soon = now + TimeSpan.FromSeconds(Math.Max(5, (end - now).TotalSeconds / 2));
        return failed with { Status = Registered, DueAt = soon < failed.DueAt && response.Header<RetryAfter>() is null ? soon : failed.DueAt };
    }

    // RFC 5626 §4.5: doubles up to half an hour; each time between half of that and all of it
    private static TimeSpan BackOff(int failures, double random)
    {
        var upper = BaseTime * Math.Pow(2, Math.Min(failures, 16));
        return (upper < MaxTime ? upper : MaxTime) * (0.5 + 0.5 * random);
    }
}
