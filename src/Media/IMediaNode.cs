using System.Collections.Immutable;

namespace Telephony.Media;

/// <summary>
/// Audio of calls, as legs and who hears whom. Ids are made by the caller and every command may be repeated without harm. Each command carries the owner's
/// epoch: a command with an older epoch than the leg's is refused (<see cref="MediaError.StaleEpoch"/>), so that an old owner can't disturb a new one.
/// SDP goes in and comes out as bytes; nobody above reads it.
/// </summary>
public interface IMediaNode
{
    string Id { get; }

    /// <summary>Makes a leg and takes its ports. For a leg that exists the owner is new and the profile stays.</summary>
    ValueTask<MediaError> CreateLeg(string leg, MediaOwner owner, MediaProfile profile);

    /// <summary>Takes over a leg that is there, with a higher epoch: an owner who comes back finds it again. <see cref="MediaError.UnknownLeg"/>: it is gone.</summary>
    ValueTask<MediaError> Adopt(string leg, MediaOwner owner);

    /// <summary>Takes the peer's answer to our last offer, or its first offer (RFC 3264): where to send, and which codecs the peer has. Of several answers the last one counts.</summary>
    ValueTask<MediaError> SetRemote(string leg, long epoch, ReadOnlyMemory<byte> sdp);

    /// <summary>
    /// Takes an offer of the peer that changes a session: descriptions are made after it from now on, but packets go as before until it is answered
    /// (<see cref="CreateAnswer"/>) or taken back (<see cref="Rollback"/>).
    /// </summary>
    ValueTask<MediaError> SetOffer(string leg, long epoch, ReadOnlyMemory<byte> sdp);

    /// <summary>Forgets an offer of either side that was refused: the session is what it was before (RFC 3261 §14.1).</summary>
    ValueTask<MediaError> Rollback(string leg, long epoch);

    /// <summary>
    /// An offer for this leg's peer, by this leg's profile: one audio stream with the formats that <paramref name="like"/>'s peer has, then those that we can transcode to, in
    /// the direction that <paramref name="like"/>'s peer wants. An empty <paramref name="like"/>: by the profile alone.
    /// </summary>
    ValueTask<MediaDescription> CreateOffer(string leg, long epoch, string like);

    /// <summary>
    /// The answer for this leg's peer, who made an offer: the formats that it has in common with <paramref name="like"/>'s peer, in whose order, or else the best that we can
    /// transcode to; the direction that <paramref name="like"/>'s peer wants. Other streams than one of audio are refused. An empty <paramref name="like"/>: by the profile alone, as
    /// for a voicemail box or a conference.
    /// </summary>
    ValueTask<MediaDescription> CreateAnswer(string leg, long epoch, string like);

    /// <summary>States whole who hears whom among these legs; earlier statements about them are replaced.</summary>
    ValueTask<MediaError> Connect(long epoch, ImmutableArray<MediaPath> paths);

    /// <summary>
    /// Puts a leg into a room, where everybody hears the others; again: changes what it does there (mute, hold, volume). A room is made by the first who joins and ends with the
    /// last. With more than eight who may speak, the eight loudest are heard.
    /// </summary>
    ValueTask<MediaError> Join(string leg, long epoch, string room, RoomPart part);

    /// <summary>Takes a leg out of a room.</summary>
    ValueTask<MediaError> Leave(string leg, long epoch, string room);

    /// <summary>Says what is done to a leg's audio, whole.</summary>
    ValueTask<MediaError> SetAudio(string leg, long epoch, LegAudio audio);

    /// <summary>
    /// Plays to a leg or a room, until the end (<see cref="MediaEventKind.PlayFinished"/>, with how long it was heard) or <see cref="StopPlay"/>. A source that can't be had is told by
    /// <see cref="MediaEventKind.PlayFailed"/>, and the others are played.
    /// </summary>
    ValueTask<MediaError> Play(string play, long epoch, MediaPlay what);

    /// <summary>Ends a play; that it is over is told by <see cref="MediaEventKind.PlayFinished"/>. One that is over already: nothing happens.</summary>
    ValueTask<MediaError> StopPlay(string play, long epoch);

    /// <summary>
    /// Records legs to a file in the store, until <see cref="StopRecording"/> or the end of the last of them. Again with other parties, it goes on with those. It is told by
    /// <see cref="MediaEventKind.RecordingStarted"/> and, when all of it is stored, <see cref="MediaEventKind.RecordingStored"/>, or else <see cref="MediaEventKind.RecordingFailed"/>.
    /// </summary>
    ValueTask<MediaError> Record(string recording, MediaOwner owner, RecordingRequest request);

    /// <summary>Nothing that is said until <see cref="ResumeRecording"/> is recorded; a short tone marks the place.</summary>
    ValueTask<MediaError> PauseRecording(string recording, long epoch);

    ValueTask<MediaError> ResumeRecording(string recording, long epoch);

    ValueTask<MediaError> StopRecording(string recording, long epoch);

    /// <summary>Sends digits to a leg's peer by its method (<see cref="LegAudio.Dtmf"/>), after those that wait. Repeated with the same <paramref name="command"/> they are sent once.</summary>
    /// <param name="digits">0 to 9, *, #, A to D; a comma is a pause of a second. At most 64.</param>
    /// <param name="length">Of each: 40 ms to 8 s.</param>
    ValueTask<MediaError> SendDtmf(string leg, long epoch, string command, string digits, TimeSpan length);

    /// <summary>Frees the leg and its ports, and says what went through it. Null: there was no such leg.</summary>
    ValueTask<MediaLegStatistics?> Release(string leg, long epoch);

    /// <summary>Keeps all legs of an owner for another lease time; a leg that nobody renews is released.</summary>
    ValueTask Renew(string owner, long epoch);

    /// <summary>
    /// Events from this number on, oldest first, at most <paramref name="limit"/>; events below <paramref name="from"/> are forgotten. When there are none it waits for
    /// the first, at most <paramref name="wait"/> and never longer than 30 s. A node counts from 1 at each of its starts: read from 0 when <see cref="MediaNodeState.Boot"/> is another.
    /// </summary>
    ValueTask<ImmutableArray<MediaEvent>> ReadEvents(string owner, long from, int limit, TimeSpan wait);

    /// <summary>How the node is, and whether it still is the one that made the legs.</summary>
    ValueTask<MediaNodeState> GetState();
}

/// <summary>Whose leg it is: <paramref name="Name"/> (a silo), the <paramref name="Epoch"/> of its claim, and what it calls the leg's call.</summary>
[GenerateSerializer, Immutable]
public sealed record MediaOwner([property: Id(0)] string Name, [property: Id(1)] long Epoch, [property: Id(2)] string Call);

public enum MediaError
{
    None,
    UnknownLeg,
    StaleEpoch,

    /// <summary>Every port of the range is in use: SIP answers 503.</summary>
    NoPorts,

    /// <summary>The description can't be read or holds no audio that we can carry: SIP answers 488.</summary>
    BadDescription,

    /// <summary>An answer or offer was asked for before the other side's description was there.</summary>
    NoRemote,

    /// <summary>The node is a process of its own that can't be reached now; nothing is known of what became of the command. SIP answers 503.</summary>
    NodeAway,

    /// <summary>None of the peer's formats is one that the other side has or that we know: SIP answers 488 with Warning 305 (RFC 3261 §20.43).</summary>
    NoCommonCodec,

    /// <summary>The leg's policy is SRTP, and the description is in clear: SIP answers 488 with a Warning.</summary>
    SecurityRequired,

    /// <summary>The peer's audio comes by a transport, or with keys, that the leg does not take: SIP answers 488 with Warning 302 (RFC 3261 §20.43).</summary>
    UnsupportedTransport,

    /// <summary>Too many plays, rooms or digits wait, or the argument is out of range.</summary>
    Refused,

    /// <summary>There is no such recording, or it has ended.</summary>
    UnknownRecording,

    /// <summary>The node has no store for recordings or no disk to keep them on, or the request is none: 1 to 200 parties, 8000 or 16000 Hz.</summary>
    CanNotRecord,
}

/// <summary>A description for a peer, or why there is none.</summary>
[GenerateSerializer, Immutable]
public readonly record struct MediaDescription([property: Id(0)] MediaError Error, [property: Id(1)] ReadOnlyMemory<byte> Sdp);

/// <summary><paramref name="To"/> hears <paramref name="From"/>, so loud: linear, 0 to 8.</summary>
[GenerateSerializer, Immutable]
public readonly record struct MediaPath([property: Id(0)] string From, [property: Id(1)] string To, [property: Id(2)] float Gain = 1);
