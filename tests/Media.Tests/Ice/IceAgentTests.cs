using System.Buffers.Binary;
using System.Text;
using Telephony.Media.Sdp;
using Telephony.Testing;
using static Telephony.Media.Ice.Checks;

namespace Telephony.Media.Ice;

public sealed class IceAgentTests
{
    private const long Second = 1000; // ticks of the test's clock
    private readonly IceAgent _agent = new(Second);
    private readonly byte[] _answer = new byte[IceAgent.MaxAnswer];
    private long _now = 1;
    private int _length;

    public IceAgentTests() => _agent.Use(Ours);

    [Theory, Trait("RFC", "8445 7.3"), InlineData(false), InlineData(true)]
    public void A_check_is_answered_with_where_it_came_from(bool isSha256)
    {
        Assert.Equal(IceResult.Answered, Take(Check(isSha256: isSha256), Home));

        var answer = Answer();
        Assert.Equal(Stun.BindingSuccess, answer.Type);
        Assert.Equal("transaction!"u8, answer.Transaction);
        Assert.True(answer.HasIntegrity(Encoding.ASCII.GetBytes(Ours.Password)));
        Assert.Equal(isSha256, answer.IsSha256);
        Assert.Equal(Home[2..8], Mapped());
        Assert.Null(_agent.Nominated); // not yet
    }

    [Fact, Trait("RFC", "8489 14.2")]
    public void An_IPv6_address_is_told_as_well()
    {
        Take(Check(), HomeV6);

        Assert.Equal((byte[])[.. HomeV6[2..4], .. HomeV6[8..24]], Mapped());
    }

    [Fact, Trait("RFC", "8445 8.1.1")]
    public void Packets_go_where_the_peer_nominates()
    {
        Assert.Equal(IceResult.Nominated, Take(Check(nominates: true), Home));
        Assert.True(_agent.Nominated!.Is(Home));

        Assert.Equal(IceResult.Answered, Take(Check(), Away));
        Assert.True(_agent.Nominated.Is(Home));

        _now += 2 * Second; // the browser has moved to another network
        Assert.Equal(IceResult.Nominated, Take(Check(nominates: true, priority: 50), Away));
        Assert.True(_agent.Nominated.Is(Away));
    }

    [Fact, Trait("RFC", "8445 8.1.1")]
    public void Of_several_nominated_at_once_the_one_of_highest_priority_is_taken()
    {
        Take(Check(nominates: true, priority: 50), Away);
        Take(Check(nominates: true, priority: 100), Home);
        _now += Second / 20;

        Assert.Equal(IceResult.Answered, Take(Check(nominates: true, priority: 50), Away));
        Assert.True(_agent.Nominated!.Is(Home));
    }

    [Fact, Trait("RFC", "8445 7.3.1.1")]
    public void A_peer_that_wants_to_be_controlled_is_told_that_we_are()
    {
        Assert.Equal(IceResult.Answered, Take(Check(isControlled: true, nominates: true), Home));

        Assert.Equal(Stun.BindingError, Answer().Type);
        Assert.Equal(487, Error());
        Assert.True(Answer().HasIntegrity(Encoding.ASCII.GetBytes(Ours.Password)));
        Assert.Null(_agent.Nominated);
    }

    [Fact, Trait("RFC", "8489 6.3.1")]
    public void A_check_that_asks_for_what_we_dont_know_is_told_so()
    {
        Assert.Equal(IceResult.Answered, Take(Check(unknown: 0x7777, nominates: true), Home));
        Assert.Equal(420, Error());
        Assert.Null(_agent.Nominated);

        Assert.Equal(IceResult.Nominated, Take(Check(unknown: 0x8777, nominates: true), Home)); // may be passed over
    }

    [Fact, Trait("RFC", "8445 2.4")]
    public void After_a_restart_the_old_credentials_are_good_until_the_new_are_used()
    {
        Take(Check(nominates: true), Home);
        _agent.Use(New);

        Assert.Equal(IceResult.Nominated, Take(Check(nominates: true), Home));
        Assert.True(_agent.Nominated!.Is(Home));
        Assert.Equal(IceResult.Nominated, Take(Check(New, nominates: true, priority: 1), Away));
        Assert.True(_agent.Nominated.Is(Away));
        Assert.Equal(IceResult.Dropped, Take(Check(nominates: true), Home));
        _agent.Use(New); // a re-offer that repeats them
        Assert.Equal(IceResult.Nominated, Take(Check(New, nominates: true), Away));
    }

    [Fact, Trait("RFC", "7675 5.1")]
    public void Consent_ends_30_s_after_the_last_check()
    {
        Assert.False(_agent.IsConsentOver(_now + (100 * Second))); // it never began
        Take(Check(nominates: true), Home);
        _now += 29 * Second;
        Assert.False(_agent.IsConsentOver(_now));
        Take(Check(password: "not the password"), Home);
        Assert.True(_agent.IsConsentOver(_now + Second)); // a forged check renews nothing
        Take(Check(), Home);
        Assert.False(_agent.IsConsentOver(_now + Second));
    }

    public static TheoryData<string, byte[]> Strangers => new()
    {
        { "another password", Check(password: "not the password") },
        { "another ufrag", Check(New) },
        { "our ufrag's beginning", Check(new IceCredentials("our", Ours.Password)) },
        { "no integrity", Plain(Stun.BindingRequest) },
        { "a response", Plain(Stun.BindingSuccess) },
        { "another method", Plain(0x0003) },
    };

    [Theory, MemberData(nameof(Strangers)), Trait("RFC", "8489 9.1.3")]
    public void A_stranger_gets_no_answer(string who, byte[] datagram)
    {
        Assert.Equal(IceResult.Dropped, Take(datagram, Home));
        Assert.True(_length == 0, who);
    }

    [Fact, Trait("RFC", "8445 11")]
    public void An_indication_is_taken_without_answer()
    {
        Assert.Equal(IceResult.Taken, Take(Plain(Stun.BindingIndication), Home));
        Assert.Equal(0, _length);
    }

    [Fact]
    public void A_flood_is_cut_off_and_the_nominated_peer_is_still_answered()
    {
        Take(Check(nominates: true), Home);
        var answered = Enumerable.Range(0, 10_000).Count(_ => Take(Check(), Away) != IceResult.Dropped);

        Assert.InRange(answered, 1, CheckLimit.Burst);
        Assert.Equal(IceResult.Answered, Take(Check(), Home));
        _now += Second;
        Assert.Equal(CheckLimit.PerSecond, Enumerable.Range(0, 10_000).Count(_ => Take(Check(), Away) != IceResult.Dropped));
    }

    [Fact]
    public void Anything_cut_or_changed_is_dropped_without_harm()
    {
        var check = Check(nominates: true);
        for (var length = 0; length < check.Length; length++) Assert.Equal(IceResult.Dropped, Take(check[..length], Home));
        for (var bit = 0; bit < (check.Length - 8) * 8; bit++) // up to the fingerprint, which is no secret's
        {
            var changed = check.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            _now += Second;
            Assert.NotEqual(IceResult.Nominated, Take(changed, Home));
        }

        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var garbage = i % 2 == 0 ? Plain(Stun.BindingRequest, random.Next(0, 300) / 4 * 4) : new byte[random.Next(0, 1500)];
            random.NextBytes(garbage.AsSpan(Math.Min(garbage.Length, 20)));
            Take(garbage, Home);
        }

        Assert.Null(_agent.Nominated);
        Assert.Equal(IceResult.Nominated, Take(check, Home));
    }

    [Fact]
    public void A_check_allocates_nothing()
    {
        var (check, forged) = (Check(nominates: true), Check(password: "not the password"));
        for (var i = 0; i < 200; i++) Take(check, Home);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _now += Second;
                Take(check, Home);
                Take(forged, Home);
            }
        }));
    }

    private IceResult Take(byte[] datagram, byte[] source) => _agent.OnDatagram(datagram, source, _now, _answer, out _length);

    private StunMessage Answer()
    {
        Assert.True(StunMessage.TryParse(_answer.AsSpan(0, _length), out var answer));
        return answer;
    }

    private int Error()
    {
        var at = _answer.AsSpan(20);
        Assert.Equal(Stun.ErrorCode, BinaryPrimitives.ReadUInt16BigEndian(at));
        return (at[6] * 100) + at[7];
    }

    // port and address, as they were
    private byte[] Mapped()
    {
        Assert.Equal(Stun.XorMappedAddress, BinaryPrimitives.ReadUInt16BigEndian(_answer.AsSpan(20)));
        var value = _answer[24..(24 + _answer[23])];
        (value[2], value[3]) = ((byte)(value[2] ^ 0x21), (byte)(value[3] ^ 0x12));
        for (var i = 4; i < value.Length; i++) value[i] ^= _answer[i];
        return value[2..];
    }

    private static byte[] Plain(ushort type, int more = 0)
    {
        var bytes = new byte[20 + more];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, type);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)more);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Stun.Cookie);
        return bytes;
    }
}
