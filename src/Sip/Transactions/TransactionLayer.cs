using System.Buffers;
using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

/// <summary>Sorts requests and responses to their transactions (RFC 3261 §17.1.3, §17.2.3), begins new ones, and refuses what must not begin one.</summary>
/// <param name="context">Made when it is first needed, since who hears the events may need the edge.</param>
/// <param name="isOurs">Whether a Via's sent-by is one of ours.</param>
internal sealed class TransactionLayer(
    SipEdgeOptions options, Lazy<TransactionContext> context, Func<ReadOnlySpan<byte>, bool> isOurs, SipMetrics metrics, ILogger log, TimeProvider clock)
{
    private readonly RateLimit _full = new(clock, TimeSpan.FromSeconds(10));

    public TransactionContext Context => context.Value;

    public ServerTransactions Servers { get; } = new(options.MaxTransactions, options.MaxCompleted);

    public ClientTransactions Clients { get; } = new(options.MaxTransactions, context);

    /// <summary>Says that one more can't begin.</summary>
    public void OnFull(string limit)
    {
        if (_full.TryPass(out var count)) Log.Full(log, count, limit);
    }

    /// <summary>Takes a copy of a request that is known, before anything is made of it (RFC 3261 §17.2.3).</summary>
    /// <param name="key">What its transaction is found by.</param>
    /// <returns>False when it is new, or an ACK.</returns>
    public bool TryAbsorb(UInt128 key)
    {
        if (Servers.Find(key) is not { } known) return false;

        metrics.Received.Add(1);
        metrics.Absorbed.Add(1);
        known.Repeat();
        return true;
    }

    /// <summary>A request that is no copy.</summary>
    public void OnRequest(SipRequest request, Channel channel, UInt128 key)
    {
        metrics.Received.Add(1);
        if (request.Is("PRACK"u8) && request.Header<RAck>() is { } rack) Servers.FindByPrack(TransactionKey.Prack(request, rack))?.AcknowledgeProvisional();

        if (request.Is("ACK"u8)) OnAck(request);
        else if (request.Is("CANCEL"u8)) OnCancel(request, channel, key);
        else Begin(request, channel, key);
    }

    private void Begin(SipRequest request, Channel channel, UInt128 key)
    {
        if (RequestRules.Refusal(request, options.Extensions, out var unsupported) is not 0 and var status)
        {
            Refuse(request.View, channel, status, null, unsupported is null ? null : ("Unsupported", unsupported));
            return;
        }

        if (Clients.IsLoop(request, isOurs))
        {
            Refuse(request.View, channel, 482);
            return;
        }

        if (Servers.IsFull)
        {
            OnFull("server transactions");
            Refuse(request.View, channel, 503, null, ("Retry-After", "5"));
            return;
        }

        // REGISTER is not forked on its way, and the most frequent
        UInt128? merge = request.Is("REGISTER"u8) || !TransactionKey.TagOf(request, HeaderId.To).IsEmpty ? null : TransactionKey.Merge(request);
        if (merge is { } same && !Servers.TryMerge(same, key))
        {
            Refuse(request.View, channel, 482);
            return;
        }

        var transaction = new ServerTransaction(Context, Servers, key, request.Is("INVITE"u8), channel) { MergeKey = merge };
        if (Servers.TryAdd(transaction)) transaction.Start(request);
    }

    private void OnAck(SipRequest ack)
    {
        if (Servers.FindByAck(TransactionKey.Ack(ack)) is { } accepted) accepted.Acknowledge(ack);
        else if (TransactionKey.TryMake(ack, "INVITE"u8, out var key) && Servers.Find(key) is { } completed) completed.Acknowledge(ack);
        else metrics.Drop("stray ACK");
    }

    private void OnCancel(SipRequest cancel, Channel channel, UInt128 key)
    {
        var invite = TransactionKey.TryMake(cancel, "INVITE"u8, out var inviteKey) ? Servers.Find(inviteKey) : null;
        var transaction = new ServerTransaction(Context, Servers, key, isInvite: false, channel);
        if (!Servers.TryAdd(transaction)) return;

        var toTag = invite?.Cancel(cancel);
        transaction.Respond(SipResponse.For(cancel, invite is null ? 481 : 200, null, toTag).Build());
    }

    public void OnResponse(SipResponse response)
    {
        metrics.Received.Add(1);
        var isForUs = ViaView.TryParse(response.TopVia, out var via) && isOurs(via.SentBy);
        if (isForUs && Clients.Find(response) is { } transaction) transaction.Receive(response);
        else metrics.Drop(isForUs ? "stray response" : "response of another");
    }

    /// <summary>Answers without a transaction; the tag is the same for every copy (RFC 3261 §8.2.7).</summary>
    public void Refuse(in SipView request, Channel channel, int status, string? reason = null, (string Name, string Value)? header = null)
    {
        metrics.Refuse(status);
        if (request.Method.SequenceEqual("ACK"u8)) return;

        reason ??= SipStatus.Reason(status);
        var buffer = ArrayPool<byte>.Shared.Rent(request.Wire.Length + ResponseWriter.Overhead + 3 * (reason.Length + (header?.Value.Length ?? 0)));
        var response = new ResponseWriter(buffer);
        response.Start(request, channel, status, reason, TransactionKey.Tag(request));
        if (header is { } more) response.Add(more.Name, more.Value);
        if (response.TryFinish(out var message) && message.Length <= SipParser.MaxMessage) channel.TrySend(message);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
