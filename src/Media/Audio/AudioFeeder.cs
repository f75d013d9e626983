using Telephony.Media.Relay;

namespace Telephony.Media.Audio;

/// <summary>An audio thread feeds a leg.</summary>
internal sealed class AudioFeeder(AudioParty party) : IFeeder, IEquatable<AudioFeeder>
{
    private readonly AudioParty _party = party;

    public void Attach() => _party.Leg.Sender = _party.Media.Outbound;

    public void Detach() => _party.Leg.Sender = null;

    public bool Equals(AudioFeeder? other) => other?._party == _party;

    public override bool Equals(object? obj) => Equals(obj as AudioFeeder);

    public override int GetHashCode() => _party.GetHashCode();
}
