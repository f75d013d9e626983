using Microsoft.Extensions.Logging;
using Telephony.Media.Sdp;

namespace Telephony.Media.Relay;

/// <summary>Offers and answers of legs (RFC 3264): takes the peers', makes ours. From any thread.</summary>
internal sealed class Negotiation(LegTable legs, Topology topology, ILogger log)
{
    public ValueTask<MediaError> SetRemote(string leg, long epoch, ReadOnlyMemory<byte> sdp) =>
        Take(leg, epoch, sdp, static (session, description) => session.SetRemote(description));

    public ValueTask<MediaError> SetOffer(string leg, long epoch, ReadOnlyMemory<byte> sdp) =>
        Take(leg, epoch, sdp, static (session, description) => session.SetOffer(description));

    public MediaError Rollback(string leg, long epoch)
    {
        if (!legs.TryFind(leg, out var found)) return MediaError.UnknownLeg;
        lock (found.Lock)
        {
            if (!found.TryEnter(epoch)) return MediaError.StaleEpoch;
            found.Session.Rollback();
            return MediaError.None;
        }
    }

    public ValueTask<MediaDescription> CreateOffer(string leg, long epoch, string like) => Create(leg, epoch, like, isAnswer: false);

    public ValueTask<MediaDescription> CreateAnswer(string leg, long epoch, string like) => Create(leg, epoch, like, isAnswer: true);

    private async ValueTask<MediaDescription> Create(string leg, long epoch, string like, bool isAnswer)
    {
        if (!legs.TryFind(leg, out var found)) return new(MediaError.UnknownLeg, default);

        PeerAudio? peer = null;
        if (like.Length > 0)
        {
            if (!legs.TryFind(like, out var other)) return new(MediaError.UnknownLeg, default);
            lock (other.Lock) peer = other.Session.Peer;
            if (peer is null) return new(MediaError.NoRemote, default);
        }

        MediaError error;
        byte[] sdp;
        bool isChanged;
        lock (found.Lock)
        {
            if (!found.TryEnter(epoch)) return new(MediaError.StaleEpoch, default);
            error = isAnswer ? found.Session.Answer(peer, out sdp) : found.Session.Offer(peer, out sdp);
            isChanged = Apply(found);
        }

        if (isChanged) await topology.Replan(found).ConfigureAwait(false);
        if (error is MediaError.None) return new(error, sdp);
        if (error is not MediaError.NoRemote) Log.NotAgreed(log, leg, found.Call, error);
        return new(error, default);
    }

    private async ValueTask<MediaError> Take(string leg, long epoch, ReadOnlyMemory<byte> sdp, Func<LocalSession, SessionDescription, MediaError> take)
    {
        if (!legs.TryFind(leg, out var found)) return MediaError.UnknownLeg;
        var isRead = SessionDescription.TryParse(sdp.Span, out var description, out var reason);
        var error = MediaError.BadDescription;
        var isChanged = false;
        lock (found.Lock)
        {
            if (!found.TryEnter(epoch)) return MediaError.StaleEpoch;
            if (isRead)
            {
                error = take(found.Session, description!);
                isChanged = Apply(found);
            }
        }

        if (isChanged) await topology.Replan(found).ConfigureAwait(false);
        if (!isRead) Log.BadDescription(log, leg, found.Call, reason!);
        else if (error is not MediaError.None) Log.NotAgreed(log, leg, found.Call, error);
        return error;
    }

    // under the leg's lock
    private static bool Apply(MediaLeg leg)
    {
        if (leg.Session.Agreement is not { } agreement || ReferenceEquals(agreement, leg.Agreement)) return false;
        leg.Apply(agreement);
        return true;
    }
}
