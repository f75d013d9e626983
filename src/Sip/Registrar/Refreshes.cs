using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Telephony.Sip;

/// <summary>
/// Answers the REGISTERs of phones that are registered already, where they lie in the receive buffer: no transaction, no word to their owner, no garbage. One without
/// credentials is challenged (RFC 3261 §22.2); one that asks the same as the last, by the same way, extends its binding (§10.3); a copy is answered once more (§8.2.7).
/// Everything else goes the long way. What is known of accounts is asked each time, so that a change counts at once.
/// </summary>
internal sealed class Refreshes : IDisposable
{
    private const int MaxRegistrations = 1_000_000;
    private const int MaxAnswer = 4096;
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    private readonly string _edge;
    private readonly ISipAccounts _accounts;
    private readonly DigestAuthenticator _digest;
    private readonly Lazy<ISipEdgeEvents> _events;
    private readonly SipMetrics _metrics;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private readonly ConcurrentDictionary<ulong, Refreshable> _all = new();
    private readonly ConcurrentDictionary<string, Refreshable> _owners = new(StringComparer.Ordinal);

    public Refreshes(string edge, ISipAccounts accounts, DigestAuthenticator digest, Lazy<ISipEdgeEvents> events, SipMetrics metrics, TimeProvider clock)
    {
        (_edge, _accounts, _digest, _events, _metrics, _clock) = (edge, accounts, digest, events, metrics, clock);
        _timer = clock.CreateTimer(static all => ((Refreshes)all!).Tell(isLast: false), this, Sweep, Sweep);
        metrics.Gauge("sip.registrations.known", () => _owners.Count, "Registrations that the edge refreshes by itself.");
    }

    /// <summary>From now on, this is what the owner's phone may refresh.</summary>
    public void Remember(SipRegistration registration)
    {
        Forget(registration.Owner);
        if (_owners.Count >= MaxRegistrations || Refreshable.Of(registration, _accounts) is not { } known || !_owners.TryAdd(known.Owner, known)) return;
        _all[known.AddressOfRecord] = known;
    }

    /// <summary>All that the owner's phones ask goes the long way again.</summary>
    public void Forget(string owner)
    {
        if (!_owners.TryRemove(owner, out var known)) return;

        _all.TryRemove(KeyValuePair.Create(known.AddressOfRecord, known));
        Tell(known, _clock.GetUtcNow(), isLast: true);
    }

    /// <param name="key">What its transaction would be found by.</param>
    /// <returns>False when it is to go the long way.</returns>
    [SkipLocalsInit]
    public bool TryAnswer(in SipView register, UInt128 key, Channel channel)
    {
        if (!register.Method.SequenceEqual("REGISTER"u8) || !_all.TryGetValue(Refreshable.KeyOf(register.Value(HeaderId.To)), out var known)) return false;
        if (register.Wire.Length + known.Answer.Length + ResponseWriter.Overhead + DigestAuthenticator.MaxChallenge > MaxAnswer) return false;

        var answer = new ResponseWriter(stackalloc byte[MaxAnswer]);
        lock (known)
        {
            if (!TryWrite(register, key, channel, known, ref answer)) return false;
        }

        if (!answer.TryFinish(out var message)) return false;

        _metrics.Received.Add(1);
        channel.TrySend(message);
        return true;
    }

    /// <summary>Tells the owners what they need to know before the edge is gone.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        Tell(isLast: true);
    }

    private bool TryWrite(in SipView register, UInt128 key, Channel channel, Refreshable known, ref ResponseWriter answer)
    {
        var now = _clock.GetUtcNow();
        if (known.IsOver(now) || known.Flow != channel.Flow || !known.AsksTheSame(register)) return false;
        if (!_accounts.TryFind(known.Domain, known.Username, out var account) || account != known.Account) return false;

        if (!register.Has(HeaderId.Authorization) && !register.Has(HeaderId.ProxyAuthorization))
        {
            if (DigestHashes.Of(account.Policy) is not [var hash]) return false; // a choice of them is a long answer

            answer.Start(register, channel, 401, "Unauthorized", (ulong)key);
            answer.Put("WWW-Authenticate: "u8);
            answer.Took(_digest.WriteChallenge(answer.Rest, account.Realm, hash, stale: false));
            answer.Put("\r\n"u8);
            return true;
        }

        if (known.IsCopy(key))
        {
            _metrics.Absorbed.Add(1);
        }
        else
        {
            if (!CSeq.TryRead(register.Value(HeaderId.CSeq), out var cseq, out _) || cseq <= known.CSeq) return false;
            if (_digest.Check(register, account.Realm, account.Policy, new(account.Md5, account.Sha256)) != DigestResult.Ok) return false;
            known.Refresh(key, cseq, now);
        }

        answer.Start(register, channel, 200, "OK", (ulong)key);
        answer.Put(known.Answer);
        return true;
    }

    private void Tell(bool isLast)
    {
        var now = _clock.GetUtcNow();
        foreach (var (owner, known) in _owners)
        {
            if (Tell(known, now, isLast) && _owners.TryRemove(KeyValuePair.Create(owner, known))) _all.TryRemove(KeyValuePair.Create(known.AddressOfRecord, known));
        }
    }

    // whether it has ended
    private bool Tell(Refreshable known, DateTimeOffset now, bool isLast)
    {
        SipRefreshed? news;
        bool isOver;
        lock (known)
        {
            news = known.News(_edge, now, isLast);
            isOver = known.IsOver(now);
        }

        if (news is not null) _events.Value.OnRefreshed(news);
        return isOver;
    }
}
