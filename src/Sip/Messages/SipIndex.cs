namespace Telephony.Sip;

/// <summary>The index of the message that was parsed last on this thread: as <see cref="SipLayout"/>, but nothing is allocated for it. Good until the next one is parsed.</summary>
internal readonly ref struct SipIndex
{
    /// <summary>False when the bytes are no message, or a request that can't even be answered; it may have no more than a Via that can be copied.</summary>
    public bool IsAnswerable { get; init; }

    /// <summary>In order. They may be changed.</summary>
    public Span<HeaderField> Fields { get; init; }

    /// <summary>Method, or the digits of the status.</summary>
    public Range First { get; init; }

    /// <summary>Request-URI, or reason phrase.</summary>
    public Range Second { get; init; }

    /// <summary>0 for a request.</summary>
    public int Status { get; init; }

    /// <summary>Where the body begins.</summary>
    public int Body { get; init; }

    /// <summary>Of the whole message; what is behind it belongs to another.</summary>
    public int Length { get; init; }

    /// <summary>A copy that lasts, for a buffer in which what is behind the start line lies <paramref name="by"/> bytes further on.</summary>
    public SipLayout ToLayout(int by = 0) => new(Fields.ToArray(), First, Second, Status, Body + by, Length + by);
}
