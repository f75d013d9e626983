using System.Collections.Immutable;
using Telephony.Media.Codecs;

namespace Telephony.Media.Sdp;

/// <summary>Which formats a leg offers and accepts: what the other leg has first, so that packets can go on as they are; then what can be made of it.</summary>
/// <param name="profile">Its codecs, if it names any, are the only ones.</param>
/// <param name="codecs">Those that we transcode to, preferred first; empty: nothing is transcoded.</param>
internal sealed class FormatChoice(MediaProfile profile, ImmutableArray<AudioCodec> codecs)
{
    private readonly PayloadTypes _types = new();

    public void Learn(IEnumerable<RtpFormat> formats) => _types.Learn(formats);

    /// <summary>What we offer. Empty: there is nothing.</summary>
    /// <param name="like">Null: nobody is on the other side yet.</param>
    public ImmutableArray<RtpFormat> Offer(PeerAudio? like)
    {
        var audio = like?.Formats.Where(f => f.IsAudio && IsAllowed(f.Name)).ToList() ?? [];
        if (like is null || like.Formats.Any(f => f.Codec is not null))
        {
            audio.AddRange(Own().Where(own => !audio.Any(own.IsSameEncoding)));
        }

        if (audio.Count == 0) return [];

        // what has a number comes before what needs one
        var used = new HashSet<byte>();
        var numbered = new Dictionary<RtpFormat, RtpFormat>(ReferenceEqualityComparer.Instance);
        List<RtpFormat> all = [.. audio, .. Noise(like, audio), .. OfferedEvents(like, audio)];
        foreach (var format in all)
        {
            if (_types.Assign(format, used) is { } assigned) numbered[format] = assigned;
        }

        return [.. all.Where(numbered.ContainsKey).Select(f => numbered[f])];
    }

    /// <summary>What we accept of an offer, with its payload types (RFC 3264 §6.1). Empty: nothing.</summary>
    /// <param name="like">Null: nobody is on the other side; we speak for ourselves.</param>
    public ImmutableArray<RtpFormat> Answer(ImmutableArray<RtpFormat> offered, PeerAudio? like)
    {
        var audio = new List<RtpFormat>();
        foreach (var format in like?.Formats.Where(f => f.IsAudio && IsAllowed(f.Name)) ?? [])
        {
            var match = offered.FirstOrDefault(o => o.IsSameEncoding(format) && o.Parameters == format.Parameters && !IsIn(audio, o))
                ?? offered.FirstOrDefault(o => o.IsSameEncoding(format) && !IsIn(audio, o));
            if (match is not null) audio.Add(match with { Parameters = format.Parameters });
        }

        if (audio.Count == 0 && (like is null || like.Formats.Any(f => f.Codec is not null)))
        {
            audio.AddRange(Own().Select(own => offered.FirstOrDefault(own.IsSameEncoding) is { } o ? o with { Parameters = own.Parameters } : null).OfType<RtpFormat>().Take(1));
        }

        if (audio.Count == 0) return [];
        RtpFormat[] all = [.. audio, .. offered.Where(o => o.IsComfortNoise && Noise(like, audio).Any(o.IsSameEncoding)), .. AcceptedEvents(offered, like, audio)];
        return [.. all.Select(f => f.Shared)];
    }

    private bool IsAllowed(string name) => profile.Codecs.IsDefaultOrEmpty || profile.Codecs.Contains(name, StringComparer.OrdinalIgnoreCase);

    private IEnumerable<RtpFormat> Own()
    {
        var preferred = profile.Codecs.IsDefaultOrEmpty ? codecs
            : profile.Codecs.SelectMany(name => codecs.Where(c => c.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));
        return preferred.Select(c => new RtpFormat(c.StaticPayloadType ?? 0, c.Name, c.RtpClock, c.Channels, c.Name == "opus" ? "useinbandfec=1" : "")); // RFC 7587 §6.1
    }

    private static bool IsIn(List<RtpFormat> chosen, RtpFormat format) => chosen.Exists(c => c.PayloadType == format.PayloadType);

    private static IEnumerable<RtpFormat> Noise(PeerAudio? like, List<RtpFormat> audio) =>
        like?.Formats.Where(f => f.IsComfortNoise && audio.Exists(a => a.Clock == f.Clock)) ?? [];

    // one for each clock in use (RFC 4733 §2.5.1.2); many phones have that of 8 kHz alone, whatever else they speak
    private IEnumerable<RtpFormat> OfferedEvents(PeerAudio? like, List<RtpFormat> audio)
    {
        var theirs = like?.Formats.Where(f => f.IsTelephoneEvent).ToList() ?? [];
        if (theirs.Count == 0 && codecs.IsEmpty) return []; // nobody would translate

        return audio.Select(a => a.Clock).Append(8000).Distinct()
            .Where(clock => theirs.Count == 0 || !codecs.IsEmpty || theirs.Exists(t => t.Clock == clock))
            .Select(clock => theirs.Find(t => t.Clock == clock) ?? new RtpFormat(101, "telephone-event", clock, 1, EventRanges.Default))
            .Select(e => e with { Parameters = EventRanges.Common(e.Parameters, e.Parameters) });
    }

    private IEnumerable<RtpFormat> AcceptedEvents(ImmutableArray<RtpFormat> offered, PeerAudio? like, List<RtpFormat> audio)
    {
        var theirs = like?.Formats.Where(f => f.IsTelephoneEvent).ToList() ?? [];
        var common = offered.Where(o => o.IsTelephoneEvent && theirs.Exists(o.IsSameEncoding))
            .Select(o => o with { Parameters = EventRanges.Common(o.Parameters, theirs.Find(o.IsSameEncoding)!.Parameters) })
            .Where(o => o.Parameters.Length > 0).DistinctBy(o => o.Clock).ToList();
        if (common.Count > 0 || codecs.IsEmpty) return common;

        return offered.Where(o => o.IsTelephoneEvent && (audio[0].Clock == o.Clock || o.Clock == 8000)).OrderByDescending(o => o.Clock == audio[0].Clock).Take(1)
            .Select(o => o with { Parameters = EventRanges.Common(o.Parameters, EventRanges.Default) }).Where(o => o.Parameters.Length > 0);
    }
}
