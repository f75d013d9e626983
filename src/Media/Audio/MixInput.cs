namespace Telephony.Media.Audio;

/// <summary>A listener hears a leg.</summary>
/// <param name="From">Who is heard.</param>
/// <param name="Gain">How loud: linear.</param>
/// <param name="Ramp">Of this pair.</param>
internal sealed record MixInput(Seat From, float Gain, GainRamp Ramp);
