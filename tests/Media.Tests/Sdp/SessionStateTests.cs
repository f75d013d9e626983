using System.Text;

namespace Telephony.Media.Sdp;

/// <summary>Commands in any order: whatever comes, each session keeps the rules that its peer relies on.</summary>
public sealed class SessionStateTests
{
    private static readonly byte[][] Texts =
    [
        .. Samples.All.Values, Samples.Audio("0.0.0.0", 4000), Samples.Audio("192.0.2.1", 4000, "a=sendonly\n"), OfferAnswerTests.Sdp("m=image 4000 udptl t38\n"),
        OfferAnswerTests.Sdp("m=video 4000 RTP/AVP 96\nm=audio 4002 RTP/AVP 8 18\nm=audio 4004 RTP/AVP 0\n"), OfferAnswerTests.Sdp("m=audio 4000 RTP/SAVP 0\n"),
    ];

    private static readonly MediaProfile[] Profiles =
        [MediaProfile.Phone, MediaProfile.Browser, MediaProfile.Phone with { Security = MediaSecurity.None }, MediaProfile.Phone with { Security = MediaSecurity.Required }];

    [Theory]
    [InlineData(1)]
    [InlineData(3264)]
    [InlineData(20261120)]
    public void Rules_hold_in_any_order_of_commands(int seed)
    {
        var random = new Random(seed);
        var agreed = 0;
        for (var round = 0; round < 400; round++)
        {
            Side[] sides = [.. Enumerable.Range(0, 2).Select(_ => new Side(Profiles[random.Next(Profiles.Length)], random.Next(2) == 0 ? "" : "opus,PCMA,PCMU"))];
            var said = new List<string>[] { [], [] };
            for (var step = 0; step < 30; step++)
            {
                var i = random.Next(2);
                agreed += Command(random, sides[i].Session, sides[1 - i].Session, said[i]) ? 1 : 0;
            }
        }

        Assert.True(agreed > 1000, $"{agreed}");
    }

    /// <returns>Whether something was agreed anew.</returns>
    private static bool Command(Random random, LocalSession session, LocalSession other, List<string> said)
    {
        var (before, others) = (session.Agreement, other.Agreement);
        byte[] sdp = [];
        var description = Side.Parse(Texts[random.Next(Texts.Length)]);
        var command = random.Next(5);
        var error = command switch
        {
            0 => session.SetRemote(description),
            1 => session.SetOffer(description),
            2 => session.Offer(other.Peer, out sdp),
            3 => other.Peer is { } like ? session.Answer(like, out sdp) : MediaError.NoRemote,
            _ => Rollback(session),
        };

        Assert.Same(others, other.Agreement);
        if (error is not MediaError.None)
        {
            Assert.Same(before, session.Agreement);
            Assert.Empty(sdp);
            return false;
        }

        if (command is 1 or 2 or 4) Assert.Same(before, session.Agreement); // offers and their end change nothing yet
        if (sdp.Length > 0) Check(Encoding.ASCII.GetString(sdp), said);
        if (session.Agreement is { } now && !ReferenceEquals(now, before)) Assert.NotEmpty(now.Formats);
        return !ReferenceEquals(session.Agreement, before);
    }

    // RFC 3264 §8: one session, a version more for each change; §5.1: one meaning for each payload type
    private static void Check(string sdp, List<string> said)
    {
        var last = said.LastOrDefault();
        said.Add(sdp);
        Side.Parse(Encoding.ASCII.GetBytes(sdp));
        var types = Audio(sdp).Split(' ')[3..];
        Assert.Equal(types.Distinct(), types);
        if (last is null) return;

        var ((id, version), (lastId, lastVersion)) = (Origin(sdp), Origin(last));
        Assert.Equal(lastId, id);
        Assert.Equal(sdp == last ? lastVersion : lastVersion + 1, version);
    }

    private static string Audio(string sdp) => sdp.Split("\r\n").First(l => l.StartsWith("m=audio 30000 ", StringComparison.Ordinal));

    private static (string Id, long Version) Origin(string sdp)
    {
        var fields = sdp.Split("\r\n")[1].Split(' ');
        return (fields[1], long.Parse(fields[2]));
    }

    private static MediaError Rollback(LocalSession session)
    {
        session.Rollback();
        return MediaError.None;
    }
}
