namespace Telephony.Media.Audio;

/// <summary>A room as commands see it: who is in it, and what encodes it. Under the node's lock.</summary>
internal sealed class RoomRecord(string name)
{
    public string Name => name;

    public Room Room { get; } = new();

    public List<AudioParty> Members { get; } = [];

    public Dictionary<EncoderKey, SharedEncoder> Encoders { get; } = [];
}
