namespace Telephony.Media.Audio;

/// <summary>What a leg's peer says, as samples: packets, their order and time mended, decoded. Used by one audio thread at a time; allocates nothing.</summary>
internal interface ILegInput : IDisposable
{
    /// <summary>Hz of the frames.</summary>
    int SampleRate { get; }

    /// <summary>The digit that the peer is pressing (RFC 4733); 0: none.</summary>
    char Digit { get; }

    /// <summary>Fills 20 ms. False: silence, and the frame is not filled.</summary>
    /// <param name="now">The time provider's timestamp.</param>
    bool Read(Span<short> frame, long now);
}
