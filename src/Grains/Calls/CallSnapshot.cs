using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Telephony.Sip;

namespace Telephony.Grains.Calls;

/// <summary>What is stored of a live call beside its events, with every event: never shown to anybody, deleted when the call ends.</summary>
/// <param name="Transactions">How many client transactions the call has named; the next one gets a name that none had.</param>
public sealed record CallSnapshot(Call Call, string Domain, string MediaNode, ImmutableArray<SipLeg> Legs, int Transactions)
{
    /// <summary>The kind of state in the journal.</summary>
    public const string Kind = "call";

    public SetupSnapshot Setup { get; init; } = SetupSnapshot.None;

    /// <summary>A change of the session that one party asked for and the other one has not answered.</summary>
    public Exchange? Change { get; init; }

    public ImmutableArray<RefreshAttempt> Refreshes { get; init; } = [];

    /// <summary>Dialogs that had their BYE, from either side.</summary>
    public ImmutableArray<OverDialog> Over { get; init; } = [];

    /// <summary>
    /// Whether the call can go on where a restart left it, if its media are there: one that is answered, and one that rings without reliable provisional responses, whose
    /// numbers and descriptions would have to go on too.
    /// </summary>
    [JsonIgnore]
    public bool CanGoOn => Call.Status switch
    {
        CallStatus.Talking => true,
        CallStatus.Ringing => !Setup.IsReliable && Legs.Skip(1).All(leg => leg.Dialog is not { } dialog || dialog.LocalSequence == leg.Invite.CSeq.Number),
        _ => false,
    };

    /// <summary>Whether a re-INVITE of ours to this leg's peer has no final response.</summary>
    public bool IsInvited(int leg) =>
        Refreshes.Any(attempt => attempt.Leg == leg && attempt.Request.Method == SipMethod.Invite) || (Change is { GoesByInvite: true } change && change.To == leg);

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
