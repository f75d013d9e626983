namespace Telephony.Sip;

/// <summary>Section <c>Telephony:Sip:Defence</c> (RFC 3261 §26.3.2.4). A source is an IPv4 address, or the /64 of an IPv6 address; a whole office behind one NAT is one source.</summary>
public sealed class DefenceOptions
{
    /// <summary>Whether sources are limited and banned. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Sources that are never limited: addresses and CIDR ranges, parted by commas; trunks and proxies belong here. An IPv6 range smaller than a /64 counts as its /64.
    /// Default <c>127.0.0.0/8, ::1</c>.
    /// </summary>
    public string Allow { get; set; } = "127.0.0.0/8, ::1";

    /// <summary>Messages that a source may send for long; more are dropped. Default 500 a second.</summary>
    public int MessagesPerSecond { get; set; } = 500;

    /// <summary>Messages that a source may send at once, as when the power comes back. One that has so many dropped too is banned. Default 5,000.</summary>
    public int Burst { get; set; } = 5_000;

    /// <summary>Offences that are forgiven at once; one more bans. Default 30.</summary>
    public int Offences { get; set; } = 30;

    /// <summary>How long until one more offence is forgiven. Default 10 s, so a phone that tries a wrong password every 10 s is no reason for a ban.</summary>
    public TimeSpan OffenceTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a ban lasts. Default 15 minutes.</summary>
    public TimeSpan BanTime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Sources that are remembered; the most harmless are forgotten first. Default 65,536 (2 MiB).</summary>
    public int Sources { get; set; } = 65_536;

    /// <summary>Wrong passwords for one account, from wherever, until it is answered slowly where it was not at home before. Default 10.</summary>
    public int AccountAttempts { get; set; } = 10;

    /// <summary>How long until one more wrong password of an account is forgiven. Default 1 minute.</summary>
    public TimeSpan AccountTime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a slow answer takes. Default 3 s.</summary>
    public TimeSpan AccountDelay { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Accounts that are remembered. Default 65,536 (3 MiB).</summary>
    public int Accounts { get; set; } = 65_536;
}
