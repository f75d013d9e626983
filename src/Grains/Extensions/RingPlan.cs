using System.Collections.Immutable;
using Telephony.Grains.Calls;
using Telephony.Sip;

namespace Telephony.Grains.Extensions;

/// <summary>Where an extension rings for a call, and why some of its devices don't.</summary>
[GenerateSerializer, Immutable]
public sealed record RingPlan([property: Id(0)] ImmutableArray<RingTarget> Targets, [property: Id(1)] ImmutableArray<SkippedDevice> Skipped);

/// <summary>One binding of a device: a branch to ring.</summary>
/// <param name="Contact">The binding's contact URI, which becomes the Request-URI.</param>
/// <param name="Path">Route header values to send first (RFC 3327 §5.3).</param>
[GenerateSerializer, Immutable]
public sealed record RingTarget(
    [property: Id(0)] string Device, [property: Id(1)] string Contact, [property: Id(2)] SipFlow Flow,
    [property: Id(3)] ImmutableArray<string> Path, [property: Id(4)] string? UserAgent)
{
    /// <summary>Other ways to the same phone, to be tried in turn when this one fails (RFC 5626 §5.3).</summary>
    [Id(5)]
    public ImmutableArray<RingTarget> Others { get; init; } = [];
}

[GenerateSerializer, Immutable]
public sealed record SkippedDevice([property: Id(0)] string Device, [property: Id(1)] SkipReason Reason);
