using System.Collections.Immutable;
using System.Text.Json;

namespace Telephony.Grains.Calls;

/// <summary>What is stored of a live call beside its events, with every event: never shown to anybody, deleted when the call ends.</summary>
/// <param name="Transactions">How many client transactions the call has named; the next one gets a name that none had.</param>
public sealed record CallSnapshot(Call Call, string Domain, string MediaNode, ImmutableArray<SipLeg> Legs, int Transactions)
{
    /// <summary>The kind of state in the journal.</summary>
    public const string Kind = "call";

    public ReadOnlyMemory<byte> Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Null for what can't be read: one damaged call must not keep a server from starting.</summary>
    public static CallSnapshot? Read(ReadOnlyMemory<byte> data)
    {
        try
        {
            return JsonSerializer.Deserialize<CallSnapshot>(data.Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
