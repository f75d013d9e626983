using Telephony.Configuration;
using Telephony.Events;
using Telephony.Grains.Signalling;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>What every call of a silo uses.</summary>
/// <param name="Silo">Who owns the media legs of this silo's calls.</param>
/// <param name="Epoch">Of this start; higher than that of any earlier one.</param>
public sealed record CallServices(
    ISipEdges Edges, IMediaNodes MediaNodes, IJournal Journal, IConfigurationReader Configuration, TagMac Tags, TimeProvider Clock,
    string Silo, long Epoch)
{
    /// <summary>How long devices ring before the caller gets 480.</summary>
    public TimeSpan RingTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>See <see cref="CallOptions.SilentPartyTimeout"/>.</summary>
    public TimeSpan SilentPartyTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>See <see cref="CallOptions.KeepsDigits"/>.</summary>
    public bool KeepsDigits { get; init; }

    /// <summary>What is asked for and accepted of session timers.</summary>
    public SessionTimerRules SessionTimers { get; init; } = new(TimeSpan.FromMinutes(30), TimeSpan.FromSeconds(90));

    public Random Random { get; init; } = Random.Shared;

    public string UserAgent { get; init; } = "Telephony";
}
