namespace Telephony.Media.Audio;

internal sealed class TestEvents : IAudioEvents
{
    public List<(string? Leg, MediaEventKind Kind, string? Subject, char? Digit, TimeSpan? Duration)> Raised { get; } = [];

    public void Raise(string? leg, MediaEventKind kind, string? subject = null, char? digit = null, TimeSpan? duration = null) =>
        Raised.Add((leg, kind, subject, digit, duration));
}
