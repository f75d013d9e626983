using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Telephony.Configuration;

namespace Telephony.Api.Identity;

/// <summary>Signs people in, within limits that treat a login that exists like one that does not.</summary>
internal sealed class SignInService(Accounts accounts, IOptions<SignInOptions> options, TimeProvider clock) : IDisposable
{
    private const int MaxWaiting = 100;
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(2);

    private readonly AttemptCounter _logins = new(options.Value.AttemptsPerLogin, options.Value.Window, clock);
    private readonly AttemptCounter _addresses = new(options.Value.AttemptsPerAddress, options.Value.Window, clock);
    private readonly SemaphoreSlim _hashing = new(Environment.ProcessorCount); // a hash takes a core for some tens of milliseconds
    private int _waiting;

    public async Task<SignInAnswer> SignIn(string login, string password, IPAddress? address, CancellationToken cancellationToken)
    {
        var name = login.Trim().ToLowerInvariant();
        var from = Network(address);
        if (_addresses.TryBegin(from) is { } addressWait) return new(null, addressWait);
        if (_logins.TryBegin(name) is { } loginWait) return new(null, loginWait);

        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            _logins.GiveBack(name);
            _addresses.GiveBack(from);
            return new(null, Busy);
        }

        UserRecord? user;
        try
        {
            await _hashing.WaitAsync(cancellationToken);
            try
            {
                user = await accounts.SignIn(name, password, cancellationToken);
            }
            finally
            {
                _hashing.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        if (user is null) return default;
        _logins.Reset(name);
        _addresses.GiveBack(from);
        return new(user, null);
    }

    public void Dispose() => _hashing.Dispose();

    private static string Network(IPAddress? address)
    {
        if (address is null) return "?";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)) : address.ToString();
    }
}

/// <param name="User">Who signed in; null: login or password are wrong, or <paramref name="RetryAfter"/> says when to try again.</param>
internal readonly record struct SignInAnswer(UserRecord? User, TimeSpan? RetryAfter);
