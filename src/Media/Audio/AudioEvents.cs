using System.Threading.Channels;

namespace Telephony.Media.Audio;

/// <summary>What the audio threads notice, on its way to the node.</summary>
internal sealed record AudioEvent(string? Leg, MediaEventKind Kind, string? Subject, char? Digit, TimeSpan? Duration);

/// <summary>Bounded: what nobody takes away is dropped.</summary>
internal sealed class AudioEvents : IAudioEvents
{
    private const int Capacity = 10_000;

    private readonly Channel<AudioEvent> _raised = Channel.CreateBounded<AudioEvent>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    public ChannelReader<AudioEvent> Raised => _raised.Reader;

    public void Raise(string? leg, MediaEventKind kind, string? subject = null, char? digit = null, TimeSpan? duration = null) =>
        _raised.Writer.TryWrite(new AudioEvent(leg, kind, subject, digit, duration));

    public void Complete() => _raised.Writer.TryComplete();
}
