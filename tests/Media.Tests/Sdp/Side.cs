using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Telephony.Media.Codecs;

namespace Telephony.Media.Sdp;

/// <summary>Our side of a session with one peer, and short ways to talk with it.</summary>
internal sealed partial class Side(MediaProfile? profile = null, string codecs = "", string fingerprint = Side.Ours)
{
    public const string Ours = "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99";

    public LocalSession Session { get; } = new(
        new SessionOrigin(4711, 1), new LocalTransport(IPAddress.Parse("203.0.113.5"), 30000, 30001, "frag", "a-password-of-24-charact", fingerprint), profile ?? MediaProfile.Phone,
        [.. codecs.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(name => AudioCodecs.All.First(c => c.Name == name))]);

    public StreamAgreement Agreement => Session.Agreement ?? throw new InvalidOperationException("Nothing was agreed.");

    /// <summary>A peer that has said this.</summary>
    public static Side With(byte[] remote, MediaProfile? profile = null, string codecs = "")
    {
        var side = new Side(profile, codecs);
        Assert.Equal(MediaError.None, side.Remote(remote));
        return side;
    }

    public MediaError Remote(byte[] sdp) => Session.SetRemote(Parse(sdp));

    public MediaError Reoffer(byte[] sdp) => Session.SetOffer(Parse(sdp));

    public string Offer(Side? like)
    {
        Assert.Equal(MediaError.None, Session.Offer(like?.Session.Peer, out var sdp));
        return Text(sdp);
    }

    public MediaError NoOffer(Side? like) => Session.Offer(like?.Session.Peer, out _);

    public string Answer(Side like)
    {
        Assert.Equal(MediaError.None, Session.Answer(like.Session.Peer!, out var sdp));
        return Text(sdp);
    }

    public MediaError NoAnswer(Side like) => Session.Answer(like.Session.Peer!, out _);

    public static SessionDescription Parse(byte[] sdp)
    {
        Assert.True(SessionDescription.TryParse(sdp, out var description, out var reason), reason);
        return description;
    }

    /// <summary>With LF, and ID for the session's id.</summary>
    private static string Text(byte[] sdp)
    {
        Parse(sdp);
        return OriginId().Replace(Encoding.UTF8.GetString(sdp), "o=- ID ").Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    public static string[] Lines(string sdp, string start) => [.. sdp.Split('\n').Where(l => l.StartsWith(start, StringComparison.Ordinal))];

    [GeneratedRegex("o=- [0-9]+ ")]
    private static partial Regex OriginId();
}
