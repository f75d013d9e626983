using Microsoft.Extensions.Options;

namespace Telephony.Sip.Tests.Defence;

public class AccountGuardTests
{
    private readonly VirtualTime _time = new();
    private readonly DefenceOptions _options = new() { AccountAttempts = 10 };
    private readonly AccountGuard _guard;
    private int _attackers;

    public AccountGuardTests() => _guard = new(Options.Create(_options), _time);

    private Task<bool> Try(string from, bool isRight, string user = "alice") =>
        _guard.Attempted("example.com", user, new(SipTransport.Udp, from + ":5060"), isRight).AsTask();

    private void Attack(int times, string user = "alice")
    {
        for (var tried = 0; tried < times; tried++) _ = Try($"203.0.{++_attackers / 250}.{_attackers % 250 + 1}", isRight: false, user);
    }

    [Fact]
    public void An_account_that_many_guess_at_is_answered_slowly_where_it_is_not_at_home()
    {
        Assert.True(Try("192.0.2.1", isRight: true).IsCompletedSuccessfully);
        Attack(11);

        Assert.True(Try("192.0.2.1", isRight: true).IsCompletedSuccessfully);
        Assert.False(Try("198.51.100.1", isRight: false).IsCompleted);
        Assert.True(Try("198.51.100.1", isRight: true, "bob").IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_right_password_from_elsewhere_is_answered_late_and_is_at_home_then()
    {
        Attack(11);

        var moved = Try("198.51.100.1", isRight: true);
        Assert.False(moved.IsCompleted);
        _time.Advance(_options.AccountDelay);

        Assert.True(await moved);
        Assert.True(Try("198.51.100.1", isRight: true).IsCompletedSuccessfully);
    }

    [Fact]
    public void An_account_that_does_not_exist_is_slowed_down_alike()
    {
        Attack(11, "nobody");
        Assert.False(Try("198.51.100.1", isRight: false, "nobody").IsCompleted);
    }

    [Fact]
    public void It_is_over_some_time_after_the_attack()
    {
        Attack(10_000);
        _time.Advance(2 * _options.AccountAttempts * _options.AccountTime);

        Assert.True(Try("198.51.100.1", isRight: false).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Only_so_many_wait()
    {
        Attack(11);
        for (var waiting = 1; waiting < 1000; waiting++) _ = Try("198.51.100.1", isRight: false);
        var last = Try("198.51.100.1", isRight: true);

        Assert.True(last.IsCompleted);
        Assert.False(await last);
        _time.Advance(_options.AccountDelay);
        Assert.False(Try("198.51.100.2", isRight: false).IsCompleted); // there is room again
    }

    [Fact]
    public void Loopback_is_never_slowed_down()
    {
        for (var tried = 0; tried < 100; tried++) Assert.True(Try("127.0.0.1", isRight: false).IsCompletedSuccessfully);
    }
}
