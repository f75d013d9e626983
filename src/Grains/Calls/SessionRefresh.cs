using System.Collections.Immutable;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>
/// Keeps the sessions of a call's legs alive, each by itself (RFC 4028): an UPDATE without an offer where the peer takes it, else a re-INVITE with the offer that it
/// knows, at half the interval; a peer that lets its session expire is lost. Also sends the offer that a caller needs whose early session is not the one that was answered.
/// </summary>
internal sealed class SessionRefresh(CallSignalling sip, CallServices services, Func<ValueTask> saveSnapshot, Func<int, ValueTask> locate)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10); // after a refusal without Retry-After

    private readonly Dictionary<string, RefreshAttempt> _attempts = []; // by our client transaction
    private readonly Dictionary<int, DateTimeOffset> _notBefore = [];
    private readonly Dictionary<int, TimeSpan> _minimums = []; // what a 422 asked for
    private readonly HashSet<int> _outdated = []; // legs that need an offer
    private readonly HashSet<string> _obsolete = []; // attempts that offer less than is needed by now
    private readonly HashSet<int> _moving = []; // legs that can't stay as they are
    private readonly HashSet<int> _probes = []; // legs that need not wait for their time

    /// <summary>When to look again; null: never.</summary>
    public DateTimeOffset? NextAt(Call call) =>
        Talking(call).Select(leg => IsWaiting(leg.Number) ? leg.Timer?.EndsAt : Earlier(DueAt(leg), leg.Timer?.EndsAt)).Where(at => at is not null).Min();

    /// <summary>A leg's peer needs an offer: it was told of another session than there is.</summary>
    public void Outdate(int leg)
    {
        _outdated.Add(leg);
        _obsolete.UnionWith(_attempts.Values.Where(attempt => attempt.Leg == leg).Select(attempt => attempt.Transaction));
    }

    /// <summary>A leg has another address and other keys than its peer was told: it is offered them, and must take them.</summary>
    public void Move(int leg)
    {
        _moving.Add(leg);
        Outdate(leg);
    }

    /// <summary>A leg's peer is to be asked now whether it is still there.</summary>
    public void Probe(int leg) => _probes.Add(leg);

    /// <summary>Sends what is due.</summary>
    /// <returns>The leg whose session expired.</returns>
    public async ValueTask<CallInput?> Tick(Call call)
    {
        var now = services.Clock.GetUtcNow();
        foreach (var leg in Talking(call).ToList())
        {
            if (leg.Timer is { } timer && now >= timer.EndsAt) return new PartyLost(leg.Number, "session_expired");
            if (DueAt(leg) <= now && !IsWaiting(leg.Number)) await Refresh(leg, call.Live.First(other => other.Number != leg.Number).Number);
        }

        return null;
    }

    /// <summary>What waits for an answer, for the snapshot.</summary>
    public ImmutableArray<RefreshAttempt> Open => [.. _attempts.Values];

    /// <summary>After a restart: waits for the answers to re-INVITEs of before. An UPDATE's is lost, and it is sent again when it is due.</summary>
    public void Restore(ImmutableArray<RefreshAttempt> open)
    {
        foreach (var attempt in open.Where(attempt => attempt.Request.Method == SipMethod.Invite))
        {
            _attempts[attempt.Transaction] = attempt;
            sip.RestoreInvite(attempt.Leg, attempt.Transaction, attempt.Request);
        }
    }

    public bool IsMine(string transaction) => _attempts.ContainsKey(transaction);

    /// <summary>The answer to a refresh.</summary>
    /// <returns>The leg that is lost by it.</returns>
    public async ValueTask<CallInput?> Answered(SipResponseReceived input)
    {
        var (response, status) = (input.Response, input.Response.Status);
        if (status < 200 || !_attempts.Remove(input.Transaction, out var attempt)) return null;

        var (leg, isInvite) = (attempt.Leg, attempt.Request.Method == SipMethod.Invite);
        var placement = sip.Took(leg, attempt.Request, response);
        if (status < 300)
        {
            if (isInvite) sip.Acknowledge(leg, input.Transaction, attempt.Request.CSeq.Number, default);
            if (placement.Remedy is not SessionRemedy.None) return new CallBroke(488, "bad_description");
            if (placement.Role is BodyRole.Answer) await sip.SetRemote(leg, response.Sdp());
            if (!_obsolete.Remove(input.Transaction) && !attempt.Request.Body.IsEmpty)
            {
                _outdated.Remove(leg);
                _moving.Remove(leg);
            }

            _notBefore.Remove(leg);
            await saveSnapshot(); // its timer, and that nothing is asked
            return null;
        }

        if (!attempt.Request.Body.IsEmpty) await sip.Rollback(leg);
        if (status is 408 or 481) return new PartyLost(leg, _moving.Contains(leg) ? "media_lost" : "timeout"); // §10
        await saveSnapshot();
        var isToldHow = IsToldHow(leg, isInvite, response);
        var isObsolete = _obsolete.Remove(input.Transaction);
        if (!isObsolete && _moving.Contains(leg) && MediaMoves.After(status, isToldHow, response.Header<RetryAfter>() is not null) is MediaMove.Refused) return new CallBroke(status, "media_lost");

        _notBefore[leg] = services.Clock.GetUtcNow() + (isToldHow || isObsolete ? TimeSpan.Zero : Wait(leg, response));
        return null;
    }

    private async ValueTask Refresh(SipLeg leg, int other)
    {
        await locate(leg.Number);
        leg = sip.Legs[leg.Number];
        var method = leg.AllowsUpdate ? SipMethod.Update : SipMethod.Invite;
        var offer = default(MediaDescription);
        if (!leg.AllowsUpdate || _outdated.Contains(leg.Number))
        {
            var mayOffer = leg.Session.MayOffer(leg.AllowsUpdate ? SessionMessage.Update : SessionMessage.Invite);
            if (mayOffer) offer = await sip.CreateOffer(leg.Number, other);
            if (!mayOffer || offer.Error is not MediaError.None)
            {
                _notBefore[leg.Number] = services.Clock.GetUtcNow() + BackOff(leg.Number);
                return;
            }
        }

        var (transaction, request) = sip.Next(leg.Number, method, offer.Sdp, minimum: _minimums.GetValueOrDefault(leg.Number));
        _attempts[transaction] = new(transaction, leg.Number, request);
        _probes.Remove(leg.Number);
        await saveSnapshot();
        sip.Send(leg.Number, transaction, request);
    }

    /// <summary>Whether a refusal says how to ask instead: for a longer interval (§7.4), or without UPDATE.</summary>
    private bool IsToldHow(int leg, bool isInvite, SipResponse response)
    {
        if (response.Status == 422 && response.Header<MinSe>()?.Interval is { } minimum && minimum > _minimums.GetValueOrDefault(leg))
        {
            _minimums[leg] = minimum;
            return true;
        }

        if (isInvite || response.Status is not (405 or 501)) return false;

        sip.Set(sip.Legs[leg] with { AllowsUpdate = false });
        return true;
    }

    private TimeSpan Wait(int leg, SipResponse response) => response.Status switch
    {
        491 => BackOff(leg),
        _ when response.Header<RetryAfter>() is { } later => later.Time,
        _ => Patience,
    };

    // we make the Call-ID of every leg but the caller's (RFC 3261 §14.1)
    private TimeSpan BackOff(int leg) => Glare.BackOff(ownsCallId: leg != 0, services.Random);

    private DateTimeOffset? DueAt(SipLeg leg)
    {
        var due = _outdated.Contains(leg.Number) || _probes.Contains(leg.Number) ? DateTimeOffset.MinValue : leg.Timer?.RefreshAt;
        return due is { } at && _notBefore.TryGetValue(leg.Number, out var later) && later > at ? later : due;
    }

    private bool IsWaiting(int leg) => _attempts.Values.Any(attempt => attempt.Leg == leg);

    private IEnumerable<SipLeg> Talking(Call call) => call.Status == CallStatus.Talking
        ? call.Live.Where(leg => leg.Status == LegStatus.Answered).Select(leg => sip.Legs[leg.Number])
        : [];

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other : one;
}
