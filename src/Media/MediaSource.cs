namespace Telephony.Media;

public enum MediaSourceKind
{
    /// <summary>One turn of a tone, as <c>ringback:be</c>: <c>dial</c>, <c>ringback</c>, <c>busy</c>, <c>congestion</c>, <c>call-waiting</c> or <c>information</c>, and a country; or <c>beep</c>, <c>recording</c>, <c>join</c>, <c>leave</c>.</summary>
    Tone,

    /// <summary>A prompt of the list (<see cref="Sounds.Speech"/> composes numbers and times of them), or of a tenant who has recorded it anew: <c>tenant/name</c>.</summary>
    Prompt,

    /// <summary>Hold music: <c>default</c>, <c>dawn</c>, <c>harbour</c>, or <c>tenant/name</c>. What is missing is the tenant's <c>default</c>, else the system's.</summary>
    Music,

    /// <summary>A WAV file of a tenant: <c>tenant/path</c>.</summary>
    File,

    /// <summary>Milliseconds of silence.</summary>
    Silence,
}

/// <summary>Something to play.</summary>
/// <param name="Name">Which, as its kind says.</param>
/// <param name="Language">Of a prompt, such as <c>fr</c> or <c>nl-BE</c>; null: English. A language without the prompt is followed by the one without region, then English.</param>
[GenerateSerializer, Immutable]
public sealed record MediaSource([property: Id(0)] MediaSourceKind Kind, [property: Id(1)] string Name, [property: Id(2)] string? Language = null);
