namespace Telephony.Media.Rtcp;

/// <summary>A time as RTCP has it (RFC 3550 §4): seconds since 1900 and their 2^32nds.</summary>
internal readonly record struct NtpTime(ulong Value)
{
    private static readonly DateTimeOffset Epoch = new(1900, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The middle 32 bits, in 65,536ths of a second: what LSR, LRR and delays are in.</summary>
    public uint Middle => (uint)(Value >> 16);

    public static NtpTime Of(DateTimeOffset time)
    {
        var ticks = (time - Epoch).Ticks;
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        return new NtpTime(((ulong)(uint)seconds << 32) | (((ulong)rest << 32) / TimeSpan.TicksPerSecond));
    }
}
