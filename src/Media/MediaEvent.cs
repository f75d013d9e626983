namespace Telephony.Media;

/// <summary>What a media node noticed by itself. Numbers of an owner's events grow by one.</summary>
[GenerateSerializer, Immutable]
public sealed record MediaEvent(
    [property: Id(0)] long Number, [property: Id(1)] string Leg, [property: Id(2)] string Call, [property: Id(3)] MediaEventKind Kind, [property: Id(4)] DateTimeOffset At)
{
    /// <summary>The id of the play or recording; for a failure, why.</summary>
    [Id(5)]
    public string? Subject { get; init; }

    /// <summary>The key: <c>0</c> to <c>9</c>, <c>*</c>, <c>#</c>, <c>A</c> to <c>D</c>.</summary>
    [Id(6)]
    public char? Digit { get; init; }

    /// <summary>How long it took: the key was pressed, the recording is.</summary>
    [Id(7)]
    public TimeSpan? Duration { get; init; }

    [Id(8)]
    public QualitySeries? Quality { get; init; }

    /// <summary>Where the recording is, as <see cref="RecordingRequest.Path"/> said, or when that was taken, as a next part of it: <c>call.2.wav</c>.</summary>
    [Id(9)]
    public string? Path { get; init; }

    /// <summary>How long the recording's file is.</summary>
    [Id(10)]
    public long? Bytes { get; init; }
}
