using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Telephony.Media.Sdp;

namespace Telephony.Media.Relay;

/// <summary>Offers and answers of legs (RFC 3264): takes the peers', makes ours. From any thread.</summary>
internal sealed class Negotiation(LegTable legs, Topology topology, AddressFamily family, ILogger log)
{
    public ValueTask<MediaError> SetRemote(string leg, long epoch, ReadOnlyMemory<byte> sdp) => Take(leg, epoch, sdp, static (found, remote) => found.Describe(remote));

    public ValueTask<MediaError> SetOffer(string leg, long epoch, ReadOnlyMemory<byte> sdp) => Take(leg, epoch, sdp, static (found, remote) => found.Offered = remote);

    public MediaError Rollback(string leg, long epoch)
    {
        if (!legs.TryFind(leg, out var found)) return MediaError.UnknownLeg;
        lock (found.Lock)
        {
            if (!found.TryEnter(epoch)) return MediaError.StaleEpoch;
            found.Offered = null;
            found.Session.Rollback();
            return MediaError.None;
        }
    }

    public ValueTask<MediaDescription> CreateOffer(string leg, long epoch, string like) => Create(leg, epoch, like, isAnswer: false);

    public ValueTask<MediaDescription> CreateAnswer(string leg, long epoch, string like) => Create(leg, epoch, like, isAnswer: true);

    private async ValueTask<MediaDescription> Create(string leg, long epoch, string like, bool isAnswer)
    {
        if (!legs.TryFind(leg, out var found) || !legs.TryFind(like, out var other)) return new(MediaError.UnknownLeg, default);

        SessionDescription? source;
        lock (other.Lock) source = other.Offered ?? other.Remote;
        byte[] answer;
        lock (found.Lock)
        {
            if (!found.TryEnter(epoch)) return new(MediaError.StaleEpoch, default);
            var remote = found.Offered ?? found.Remote;
            if (source is null || (isAnswer && remote is null)) return new(MediaError.NoRemote, default);
            if (!isAnswer) return new(MediaError.None, found.Session.Offer(source, remote));

            answer = found.Session.Answer(source, remote!);
            found.Describe(remote!);
        }

        await topology.Replan(found).ConfigureAwait(false);
        return new(MediaError.None, answer);
    }

    private async ValueTask<MediaError> Take(string leg, long epoch, ReadOnlyMemory<byte> sdp, Action<MediaLeg, SessionDescription> take)
    {
        if (!legs.TryFind(leg, out var found)) return MediaError.UnknownLeg;
        var isGood = SessionDescription.TryParse(sdp.Span, out var remote) && remote.Audio.Connection!.AddressFamily == family;
        lock (found.Lock)
        {
            if (!found.TryEnter(epoch)) return MediaError.StaleEpoch;
            if (isGood) take(found, remote!);
        }

        if (isGood)
        {
            await topology.Replan(found).ConfigureAwait(false);
            return MediaError.None;
        }

        Log.BadDescription(log, leg, found.Call);
        return MediaError.BadDescription;
    }
}
