namespace Telephony.Media.Audio;

/// <summary>Digits to be sent one after the other; a comma is a pause of a second.</summary>
/// <param name="Length">Of each digit, in ticks of 20 ms.</param>
internal sealed record DtmfCommand(string Name, string Digits, int Length);
