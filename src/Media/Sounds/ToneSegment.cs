namespace Telephony.Media.Sounds;

/// <summary>A part of a cadence.</summary>
/// <param name="First">Hz; 0 is silence.</param>
/// <param name="Second">Hz of the tone beside it, or that it is modulated by; 0: none.</param>
/// <param name="IsEndless">It is a turn of a tone that goes on, so its ends meet and are not softened.</param>
internal readonly record struct ToneSegment(int First, int Second, bool IsModulated, int Milliseconds, bool IsEndless);
