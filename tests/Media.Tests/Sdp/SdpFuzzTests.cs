using System.Text;

namespace Telephony.Media.Sdp;

/// <summary>Descriptions that nobody should send: nothing throws, and what we say to them can be read.</summary>
public sealed class SdpFuzzTests
{
    private static readonly byte[][] Texts = [.. Samples.All.Values];
    private static readonly MediaProfile[] Profiles = [MediaProfile.Phone, MediaProfile.Browser, MediaProfile.Phone with { Security = MediaSecurity.Required }];

    [Fact]
    public void Cut_off_anywhere()
    {
        foreach (var text in Texts)
        {
            for (var length = 0; length <= text.Length; length++) Talk(text[..length], Samples.Sipp, MediaProfile.Phone);
        }
    }

    [Theory]
    [InlineData(20261120)]
    [InlineData(4566)]
    [InlineData(8866)]
    public void Changed_at_random(int seed)
    {
        var random = new Random(seed);
        var (read, agreed) = (0, 0);
        for (var round = 0; round < 10_000; round++)
        {
            var text = Mutate(random, Texts[random.Next(Texts.Length)], Texts[random.Next(Texts.Length)]);
            var (isRead, isAgreed) = Talk(text, Texts[random.Next(Texts.Length)], Profiles[random.Next(Profiles.Length)]);
            read += isRead ? 1 : 0;
            agreed += isAgreed ? 1 : 0;
        }

        Assert.InRange(read, 1000, 9_900);
        Assert.InRange(agreed, 200, 9_000);
    }

    // as an offer that is answered, as one that is passed on, as an answer, and as a change
    private static (bool IsRead, bool IsAgreed) Talk(byte[] text, byte[] other, MediaProfile profile)
    {
        if (!SessionDescription.TryParse(text, out var description, out _)) return (false, false);
        Assert.True(SessionDescription.TryParse(description.Write(), out var again, out var reason), reason);
        Assert.Equal(description.Write(), again.Write());

        var (one, two, three) = (new Side(profile, "opus,PCMA"), new Side(profile, "opus,PCMA"), new Side(codecs: "PCMU"));
        two.Session.SetRemote(Side.Parse(other));
        three.Session.Offer(two.Session.Peer, out _);
        three.Session.SetRemote(description);
        three.Session.SetOffer(description);
        var taken = one.Session.SetRemote(description) is MediaError.None;
        foreach (var session in new[] { one.Session, three.Session })
        {
            if (session.Offer(one.Session.Peer, out var offer) is MediaError.None) Read(offer);
            if (session.Answer(two.Session.Peer ?? new PeerAudio([], MediaDirection.SendReceive, null, null), out var answer) is MediaError.None) Read(answer);
        }

        return (true, taken && one.Session.Agreement is { Formats.Length: > 0 });
    }

    private static void Read(byte[] ours) => Assert.True(SessionDescription.TryParse(ours, out _, out var reason), reason + "\n" + Encoding.Latin1.GetString(ours));

    private static byte[] Mutate(Random random, byte[] text, byte[] other)
    {
        var bytes = text.ToList();
        for (var change = random.Next(1, 6); change > 0; change--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at)); break;
                case 2: bytes.Insert(at, (byte)"\r\n =:/09m"[random.Next(9)]); break;
                case 3: bytes.InsertRange(at, other.Skip(random.Next(other.Length)).Take(random.Next(60)).ToArray()); break;
                default: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(60), bytes.Count - at))); break;
            }

            if (bytes.Count == 0) bytes.Add(0);
        }

        return [.. bytes];
    }
}
