using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Telephony.Media.Remote;

/// <summary>
/// A media node in another process, reached over the Unix socket at <paramref name="path"/>. While it is away a command fails at once: with
/// <see cref="MediaError.NodeAway"/>, or as if there were no such leg; <see cref="ReadEvents"/> waits its time for the node to be back. A command that gets no answer
/// may have been done: it may be repeated.
/// </summary>
public sealed class RemoteMediaNode(string id, string path, TimeProvider time, ILogger<RemoteMediaNode> log) : IMediaNode, IAsyncDisposable
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    private readonly RemoteLink _link = new(id, path, time, log);

    public string Id => id;

    /// <summary>How the node was when it was last asked, about a second ago. Null: it is away.</summary>
    public MediaNodeState? State => _link.State;

    /// <summary>The node's process has ended, or is another one than before; its <see cref="MediaNodeState.Boot"/>. Told on any thread.</summary>
    public event Action<string>? Lost
    {
        add => _link.Lost += value;
        remove => _link.Lost -= value;
    }

    /// <summary>Connects, and again whenever the connection ends. Waits for the first time, at most <paramref name="limit"/>; false: it goes on trying.</summary>
    public async Task<bool> Start(TimeSpan limit)
    {
        _link.Start();
        return await _link.WaitUntilHere(limit).ConfigureAwait(false);
    }

    public ValueTask<MediaError> CreateLeg(string leg, MediaOwner owner, MediaProfile profile) => Command([leg, owner, profile]);

    public ValueTask<MediaError> Adopt(string leg, MediaOwner owner) => Command([leg, owner]);

    public ValueTask<MediaError> SetRemote(string leg, long epoch, ReadOnlyMemory<byte> sdp) => Command([leg, epoch, sdp]);

    public ValueTask<MediaError> SetOffer(string leg, long epoch, ReadOnlyMemory<byte> sdp) => Command([leg, epoch, sdp]);

    public ValueTask<MediaError> Rollback(string leg, long epoch) => Command([leg, epoch]);

    public ValueTask<MediaDescription> CreateOffer(string leg, long epoch, string like) => Describe([leg, epoch, like]);

    public ValueTask<MediaDescription> CreateAnswer(string leg, long epoch, string like) => Describe([leg, epoch, like]);

    public ValueTask<MediaError> Connect(long epoch, ImmutableArray<MediaPath> paths) => Command([epoch, paths]);

    public ValueTask<MediaError> Join(string leg, long epoch, string room, RoomPart part) => Command([leg, epoch, room, part]);

    public ValueTask<MediaError> Leave(string leg, long epoch, string room) => Command([leg, epoch, room]);

    public ValueTask<MediaError> SetAudio(string leg, long epoch, LegAudio audio) => Command([leg, epoch, audio]);

    public ValueTask<MediaError> Play(string play, long epoch, MediaPlay what) => Command([play, epoch, what]);

    public ValueTask<MediaError> StopPlay(string play, long epoch) => Command([play, epoch]);

    public ValueTask<MediaError> Record(string recording, MediaOwner owner, RecordingRequest request) => Command([recording, owner, request]);

    public ValueTask<MediaError> PauseRecording(string recording, long epoch) => Command([recording, epoch]);

    public ValueTask<MediaError> ResumeRecording(string recording, long epoch) => Command([recording, epoch]);

    public ValueTask<MediaError> StopRecording(string recording, long epoch) => Command([recording, epoch]);

    public ValueTask<MediaError> SendDtmf(string leg, long epoch, string command, string digits, TimeSpan length) => Command([leg, epoch, command, digits, length]);

    public ValueTask<MediaLegStatistics?> Release(string leg, long epoch) => _link.Call<MediaLegStatistics?>(nameof(Release), [leg, epoch], AnswerWithin, null);

    public async ValueTask Renew(string owner, long epoch) => await _link.Call<object?>(nameof(Renew), [owner, epoch], AnswerWithin, null).ConfigureAwait(false);

    public async ValueTask<ImmutableArray<MediaEvent>> ReadEvents(string owner, long from, int limit, TimeSpan wait)
    {
        if (State is null && wait > TimeSpan.Zero) await _link.WaitUntilHere(wait).ConfigureAwait(false);
        return await _link.Call<ImmutableArray<MediaEvent>>(nameof(ReadEvents), [owner, from, limit, wait], wait + AnswerWithin, []).ConfigureAwait(false);
    }

    /// <summary>With an empty <see cref="MediaNodeState.Boot"/>: it is away.</summary>
    public ValueTask<MediaNodeState> GetState() => _link.Call(nameof(GetState), [], AnswerWithin, new MediaNodeState("", 0, 0, 0, 0, 0, 0));

    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private ValueTask<MediaError> Command(object?[] arguments, [CallerMemberName] string name = "") => _link.Call(name, arguments, AnswerWithin, MediaError.NodeAway);

    private ValueTask<MediaDescription> Describe(object?[] arguments, [CallerMemberName] string name = "") =>
        _link.Call(name, arguments, AnswerWithin, new MediaDescription(MediaError.NodeAway, default));
}
