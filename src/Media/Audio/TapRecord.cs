using System.Collections.Immutable;

namespace Telephony.Media.Audio;

/// <summary>A tap as commands see it. Under the node's lock.</summary>
internal sealed record TapRecord(IAudioTap Tap, ImmutableArray<AudioParty> Parties);
