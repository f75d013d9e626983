using System.Collections.Immutable;
using System.Text;
using Telephony.Media;

namespace Telephony.Grains.Tests.Fakes;

/// <summary>Legs and descriptions without packets. A description says which leg it is of.</summary>
internal sealed class FakeMedia : IMediaNode
{
    private volatile Noticed _noticed = new("boot", []);

    public Dictionary<string, string?> Legs { get; } = [];
    public Dictionary<string, string> Offered { get; } = [];
    public HashSet<(string From, string To)> Paths { get; } = [];
    public Dictionary<string, MediaProfile> Profiles { get; } = [];
    public List<(string Leg, string Digits, TimeSpan Length)> Digits { get; } = [];
    public bool RefusesDigits { get; set; }
    public int MostLegs { get; set; } = int.MaxValue;

    /// <summary>The last seconds of quality of every leg that is released.</summary>
    public QualitySeries? Rest { get; set; }

    public string Id { get; init; } = "media";

    /// <summary>It does not answer.</summary>
    public bool IsAway { get; set; }

    public string Boot => _noticed.Boot;

    /// <summary>What there is to be read from now on, and of which start of the node. The reader has a thread of its own.</summary>
    public void Notice(string boot, params ImmutableArray<MediaEvent> events) => _noticed = new(boot, events);

    public ValueTask<MediaError> CreateLeg(string leg, MediaOwner owner, MediaProfile profile)
    {
        if (IsAway) return new(MediaError.NodeAway);
        if (Legs.ContainsKey(leg)) return new(MediaError.None);
        if (Legs.Count >= MostLegs) return new(MediaError.NoPorts);

        Legs[leg] = null;
        Profiles[leg] = profile;
        return new(MediaError.None);
    }

    public ValueTask<MediaError> Adopt(string leg, MediaOwner owner) => new(IsAway ? MediaError.NodeAway : Legs.ContainsKey(leg) ? MediaError.None : MediaError.UnknownLeg);

    public ValueTask<MediaError> SetRemote(string leg, long epoch, ReadOnlyMemory<byte> sdp)
    {
        if (!Legs.ContainsKey(leg)) return new(MediaError.UnknownLeg);

        var text = Encoding.ASCII.GetString(sdp.Span);
        if (!text.StartsWith("sdp of ", StringComparison.Ordinal)) return new(Enum.TryParse<MediaError>(text, out var error) ? error : MediaError.BadDescription);

        Legs[leg] = text;
        Offered.Remove(leg);
        return new(MediaError.None);
    }

    public ValueTask<MediaError> SetOffer(string leg, long epoch, ReadOnlyMemory<byte> sdp)
    {
        if (!Legs.ContainsKey(leg)) return new(MediaError.UnknownLeg);

        var text = Encoding.ASCII.GetString(sdp.Span);
        if (!text.StartsWith("sdp of ", StringComparison.Ordinal)) return new(Enum.TryParse<MediaError>(text, out var error) ? error : MediaError.BadDescription);

        Offered[leg] = text;
        return new(MediaError.None);
    }

    public ValueTask<MediaError> Rollback(string leg, long epoch)
    {
        Offered.Remove(leg);
        return new(Legs.ContainsKey(leg) ? MediaError.None : MediaError.UnknownLeg);
    }

    public ValueTask<MediaDescription> CreateOffer(string leg, long epoch, string like) => new(Describe(leg, like));

    public ValueTask<MediaDescription> CreateAnswer(string leg, long epoch, string like)
    {
        var answer = Describe(leg, like);
        if (answer.Error is MediaError.None && Offered.Remove(leg, out var offer)) Legs[leg] = offer;
        return new(answer);
    }

    public ValueTask<MediaError> Connect(long epoch, ImmutableArray<MediaPath> paths)
    {
        foreach (var path in paths) Paths.Add((path.From, path.To));
        return new(MediaError.None);
    }

    public ValueTask<MediaError> Join(string leg, long epoch, string room, RoomPart part) => new(MediaError.None);

    public ValueTask<MediaError> Leave(string leg, long epoch, string room) => new(MediaError.None);

    public ValueTask<MediaError> SetAudio(string leg, long epoch, LegAudio audio) => new(MediaError.None);

    public ValueTask<MediaError> Play(string play, long epoch, MediaPlay what) => new(MediaError.None);

    public ValueTask<MediaError> Record(string recording, MediaOwner owner, RecordingRequest request) => new(MediaError.None);

    public ValueTask<MediaError> PauseRecording(string recording, long epoch) => new(MediaError.None);

    public ValueTask<MediaError> ResumeRecording(string recording, long epoch) => new(MediaError.None);

    public ValueTask<MediaError> StopRecording(string recording, long epoch) => new(MediaError.None);

    public ValueTask<MediaError> StopPlay(string play, long epoch) => new(MediaError.None);

    public ValueTask<MediaError> SendDtmf(string leg, long epoch, string command, string digits, TimeSpan length)
    {
        if (!Legs.ContainsKey(leg) || RefusesDigits) return new(MediaError.Refused);

        Digits.Add((leg, digits, length));
        return new(MediaError.None);
    }

    public ValueTask<MediaLegStatistics?> Release(string leg, long epoch) =>
        new(Offered.Remove(leg) | Legs.Remove(leg) ? new MediaLegStatistics(50, 8600, 49, 8428, 0, 0, 0) { Quality = Rest } : null);

    public ValueTask Renew(string owner, long epoch) => default;

    public ValueTask<ImmutableArray<MediaEvent>> ReadEvents(string owner, long from, int limit, TimeSpan wait) => new([.. _noticed.Events.Where(noticed => noticed.Number >= from).Take(limit)]);

    public ValueTask<MediaNodeState> GetState() => new(new MediaNodeState(Boot, Legs.Count, 100, 100, 0, 0, 0));

    private MediaDescription Describe(string leg, string like) =>
        !Legs.ContainsKey(leg) ? new(MediaError.UnknownLeg, default)
        : (Offered.GetValueOrDefault(like) ?? Legs.GetValueOrDefault(like)) is not { } remote ? new(MediaError.NoRemote, default)
        : new(MediaError.None, Encoding.ASCII.GetBytes(remote + (Id == "media" ? " through us" : $" through {Id}")));

    private sealed record Noticed(string Boot, ImmutableArray<MediaEvent> Events);
}
