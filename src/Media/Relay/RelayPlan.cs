using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Telephony.Media.Codecs;
using Telephony.Media.Sdp;

namespace Telephony.Media.Relay;

/// <summary>How packets of one peer become another's without decoding: which payload type becomes which. Immutable.</summary>
internal sealed class RelayPlan : IEquatable<RelayPlan>
{
    private const ushort None = 0xffff, Decodable = 0xfffe, EventFlag = 0x80;
    private const int MaxShared = 256;

    // nearly all calls have one of a few: shared, they stay in the processor's cache
    private static readonly ConcurrentDictionary<RelayPlan, RelayPlan> Shared = new();

    /// <summary>Every type stays what it is.</summary>
    private static readonly RelayPlan Identity = new([.. Enumerable.Range(0, 128).Select(i => (ushort)i)], clock: 8000);

    private readonly ushort[] _types; // by the sender's type

    private RelayPlan(ushort[] types, int clock)
    {
        _types = types;
        Clock = clock;
    }

    /// <summary>Hertz of the RTP timestamps.</summary>
    public int Clock { get; }

    /// <summary>
    /// The plan if <paramref name="to"/>'s peer takes what <paramref name="from"/>'s sends: its preferred format, and its telephone-events when it has any. Null: decode.
    /// Formats that the sender may switch to and the listener has not are not in the plan: such packets are dropped (<see cref="DropReason.Payload"/>), and when they
    /// could be decoded, <see cref="IsDecodable"/> says so.
    /// </summary>
    public static RelayPlan? TryMake(StreamAgreement? from, StreamAgreement? to)
    {
        if (from is null || to is null) return Identity;

        var types = new ushort[128];
        Array.Fill(types, None);
        if (!TryAdd(types, from.Formats[0], to.Formats, flag: 0)) return null;
        foreach (var format in from.Formats.Skip(1).Concat(from.Unanswered))
        {
            if (!TryAdd(types, format, to.Formats, flag: 0) && IsKnown(format.Codec) && IsKnown(to.Formats[0].Codec)) types[format.ReceivePayloadType & 0x7f] = Decodable;
        }

        if (from.ComfortNoise is { } noise && to.ComfortNoise is { } listeners) TryAdd(types, noise, [listeners], flag: 0);
        foreach (var events in from.TelephoneEvents)
        {
            if (!TryAdd(types, events, to.TelephoneEvents, EventFlag) && events.Clock == from.Formats[0].Clock) return null;
        }

        var plan = new RelayPlan(types, from.Formats[0].Clock);
        return Shared.TryGetValue(plan, out var shared) ? shared : Shared.Count < MaxShared ? Shared.GetOrAdd(plan, plan) : plan;
    }

    /// <summary>The listener's type for the sender's. False: it has not agreed to that.</summary>
    public bool TryMap(byte payloadType, out byte mapped, out bool isEvent)
    {
        var found = _types[payloadType];
        mapped = (byte)(found & 0x7f);
        isEvent = (found & EventFlag) != 0;
        return found < Decodable;
    }

    /// <summary>The listener has not agreed to this type of the sender, and would hear it if it were decoded.</summary>
    public bool IsDecodable(byte payloadType) => _types[payloadType] == Decodable;

    public bool Equals(RelayPlan? other) => other is not null && Clock == other.Clock && _types.AsSpan().SequenceEqual(other._types);

    public override bool Equals(object? obj) => Equals(obj as RelayPlan);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(_types.AsSpan()));
        return hash.ToHashCode();
    }

    private static bool TryAdd(ushort[] types, AgreedFormat format, ImmutableArray<AgreedFormat> to, ushort flag)
    {
        foreach (var candidate in to)
        {
            if (!IsSame(format, candidate)) continue;
            types[format.ReceivePayloadType & 0x7f] = (ushort)((candidate.SendPayloadType & 0x7f) | flag);
            return true;
        }

        return false;
    }

    // what we don't know may depend on its parameters; of what we know, they only say what the receiver prefers
    private static bool IsSame(AgreedFormat a, AgreedFormat b) =>
        a.Name.Equals(b.Name, StringComparison.OrdinalIgnoreCase) && a.Clock == b.Clock && a.Channels == b.Channels
        && (a.Codec is not null || IsKnown(a.Name) || a.Parameters.Equals(b.Parameters, StringComparison.OrdinalIgnoreCase));

    private static bool IsKnown(AudioCodec? codec) => codec is not null && AudioCodecs.IsAvailable(codec);

    private static bool IsKnown(string name) => name.Equals("telephone-event", StringComparison.OrdinalIgnoreCase) || name.Equals("CN", StringComparison.OrdinalIgnoreCase);
}
