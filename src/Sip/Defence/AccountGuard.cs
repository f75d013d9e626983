using System.Text;
using Microsoft.Extensions.Options;

namespace Telephony.Sip;

/// <summary>
/// Slows down who guesses one account's password (RFC 3261 §22, §26.3.2.4) from ever new addresses, without shutting its phone out: after too many wrong passwords answers take a while, right or
/// wrong, but not where the account was at home before. Accounts that do not exist are treated alike. Thread-safe, of fixed size.
/// </summary>
public sealed class AccountGuard
{
    private const int MaxWaiting = 1_000;

    private readonly DefenceOptions _options;
    private readonly AddressRanges _allowed;
    private readonly FixedTable<Account> _accounts;
    private readonly TimeProvider _clock;
    private int _waiting;

    /// <exception cref="InvalidOperationException"><see cref="DefenceOptions.Allow"/> can't be read.</exception>
    public AccountGuard(IOptions<DefenceOptions> options, TimeProvider clock)
    {
        _options = options.Value;
        _allowed = AddressRanges.TryParse(_options.Allow, out var allowed)
            ? allowed
            : throw new InvalidOperationException($"Telephony:Sip:Defence:Allow is '{_options.Allow}'.");
        _accounts = new(_options.Accounts);
        _clock = clock;
    }

    /// <summary>Notes a password that was tried, and waits until it may be answered: mostly not at all.</summary>
    /// <returns>False when too many wait already: refuse this one, right or wrong.</returns>
    public ValueTask<bool> Attempted(string realm, string username, SipFlow flow, bool isRight)
    {
        if (!_options.Enabled || !SourceKey.TryOf(flow, out var source) || _allowed.Contains(source)) return new(true);
        return Note(Key(realm, username), source, isRight) ? Wait() : new(true);
    }

    // whether the answer is to be slow
    private bool Note(ulong key, ulong source, bool isRight)
    {
        var now = _clock.GetElapsedTime(0).Ticks;
        lock (_accounts.LockOf(key))
        {
            ref var account = ref _accounts.Get(key);
            var isAtHome = source == account.Home || source == account.LastHome;
            var isSlow = account.Wrong - now >= _options.AccountTime.Ticks * _options.AccountAttempts && !isAtHome;
            if (!isRight)
            {
                // no further than twice the limit, so that it is over some time after the attack
                if (account.Wrong - now < 2 * _options.AccountTime.Ticks * _options.AccountAttempts) Penalties.Take(ref account.Wrong, now, _options.AccountTime.Ticks);
                return isSlow;
            }

            if (source != account.Home) (account.Home, account.LastHome) = (source, account.Home);
            account.RightUntil = now + TimeSpan.TicksPerHour;
            return isSlow;
        }
    }

    private async ValueTask<bool> Wait()
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > MaxWaiting) return false;
            await Task.Delay(_options.AccountDelay, _clock);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static ulong Key(string realm, string username)
    {
        Span<byte> bytes = stackalloc byte[512];
        var hash = new SipHash();
        foreach (var part in (ReadOnlySpan<string>)[realm, username])
        {
            hash.Add(Encoding.UTF8.TryGetBytes(part, bytes, out var length) ? bytes[..length] : Encoding.UTF8.GetBytes(part));
        }

        return Math.Max(1, (ulong)hash.Finish());
    }

    /// <summary>What is known of one account. Times in ticks.</summary>
    private struct Account : IRemembered
    {
        public ulong Key { get; set; }

        /// <summary>When its wrong passwords will be forgiven.</summary>
        public long Wrong;

        /// <summary>Until when the last right one is worth remembering.</summary>
        public long RightUntil;

        /// <summary>Where the last right passwords came from.</summary>
        public ulong Home, LastHome;

        public readonly long WorthUntil => Math.Max(Wrong, RightUntil);
    }
}
