namespace Telephony.Media.Codecs;

/// <summary>What a <see cref="JitterBuffer"/> has seen since it was made.</summary>
internal struct JitterCounters
{
    /// <summary>Packets that came after their time. They are among the <see cref="Lost"/> too, unless it was before anything was heard.</summary>
    public long Late;

    /// <summary>Sequence numbers that were not there when it was their turn.</summary>
    public long Lost;

    public long Duplicates;

    /// <summary>Packets left out since the delay or the buffer was at its bound, and those with a number far from all others.</summary>
    public long Discarded;

    /// <summary>Payloads that could not be decoded.</summary>
    public long Undecodable;

    /// <summary>Samples made up for what was missing.</summary>
    public long Concealed;

    /// <summary>Samples added to make the delay longer, and removed to make it shorter.</summary>
    public long Added, Removed;

    /// <summary>Times that it began anew: another source, or a jump of its numbers or times.</summary>
    public long Resets;
}
