using System.Collections.Immutable;

namespace Telephony.Media;

/// <summary>What to record, and where to.</summary>
/// <param name="Parties">1 to 200 legs; what each one's peer says is recorded.</param>
/// <param name="Path">Where it is stored: <c>tenant/path.wav</c>. Where there is a recording already, it is stored as its next part, <c>path.2.wav</c>, which its events tell.</param>
/// <param name="SampleRate">8000 or 16000 Hz.</param>
[GenerateSerializer, Immutable]
public sealed record RecordingRequest(
    [property: Id(0)] ImmutableArray<RecordingParty> Parties, [property: Id(1)] RecordingLayout Layout, [property: Id(2)] string Path, [property: Id(3)] int SampleRate);

/// <summary>A leg, and on which side of a stereo recording it is.</summary>
[GenerateSerializer, Immutable]
public sealed record RecordingParty([property: Id(0)] string Leg, [property: Id(1)] RecordingSide Side);

public enum RecordingSide { Both, Left, Right }

public enum RecordingLayout { Mixed, Stereo }
