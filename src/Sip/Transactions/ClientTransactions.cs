using System.Collections.Concurrent;
using System.Text;

namespace Telephony.Sip;

/// <summary>The client transactions of an edge, by the names that their owners gave. A CANCEL has its INVITE's name and branch.</summary>
internal sealed class ClientTransactions(int max, Lazy<TransactionContext> context)
{
    private readonly ConcurrentDictionary<string, ClientTransaction> _all = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ClientTransaction> _cancels = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ClientTransaction> _takenOver = new(StringComparer.Ordinal); // by their owners' names, those that are not the first
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public bool IsFull => Count >= max;

    /// <summary>By its owner's name: the transaction with the server that is tried at last.</summary>
    public ClientTransaction? Find(string name) => _takenOver.TryGetValue(name, out var transaction) ? transaction : _all.GetValueOrDefault(name);

    /// <summary>Whose response it is, by its branch and method (RFC 3261 §17.1.3).</summary>
    public ClientTransaction? Find(SipResponse response)
    {
        if (!ViaView.TryParse(response.TopVia, out var via)
            || !TransactionKey.TryReadBranch(via.Branch, out var bytes)
            || !CSeq.TryRead(response.Value(HeaderId.CSeq), out _, out var method))
        {
            return null;
        }

        Span<char> name = stackalloc char[256];
        if (bytes.Length > name.Length || !Encoding.UTF8.TryGetChars(bytes, name, out var length)) return null;

        var table = method.SequenceEqual("CANCEL"u8) ? _cancels : _all;
        return table.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var found)
            && method.SequenceEqual(found.Request.MethodToken)
            && response.Value(HeaderId.CallId).SequenceEqual(found.Request.Value(HeaderId.CallId)) // a guess at the name is not enough
            ? found
            : null;
    }

    /// <summary>
    /// Whether it is a request of ours that is still open and comes back as it went (RFC 3261 §16.3 step 4): one of its Vias below the first is ours, and the
    /// Request-URI is the one that we sent. With another Request-URI it is a spiral, which is well.
    /// </summary>
    /// <param name="isOurs">Whether a Via's sent-by is one of ours.</param>
    public bool IsLoop(SipRequest request, Func<ReadOnlySpan<byte>, bool> isOurs)
    {
        var isTop = true;
        Span<char> name = stackalloc char[256];
        foreach (ref readonly var field in request.Fields)
        {
            if (field.Id != HeaderId.Via) continue;

            var rest = field.ValueIn(request.Span);
            while (Lexer.NextElement(ref rest, out var element))
            {
                if (!isTop
                    && ViaView.TryParse(element, out var via)
                    && isOurs(via.SentBy)
                    && TransactionKey.TryReadBranch(via.Branch, out var bytes)
                    && bytes.Length <= name.Length
                    && Encoding.UTF8.TryGetChars(bytes, name, out var length)
                    && _all.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..length], out var sent)
                    && sent.Request.Span[sent.Request.Layout.Second].SequenceEqual(request.Span[request.Layout.Second]))
                {
                    return true;
                }

                isTop = false;
            }
        }

        return false;
    }

    /// <summary>Makes a transaction without starting it; null when its name is in use.</summary>
    /// <param name="last">The transaction with the server that was tried before: this one is found by the name of its owner now.</param>
    /// <param name="ownersName">What the owner calls it, when there is no <paramref name="last"/> and it is not <paramref name="name"/>.</param>
    public ClientTransaction? Add(
        string name, SipRequest request, Channel channel, string? owner, (SipRequest Request, Channel Channel)? fallback = null, Attempts? attempts = null, ClientTransaction? last = null,
        string? ownersName = null)
    {
        var transaction = new ClientTransaction(context.Value, this, name, request, channel, request.Is("INVITE"u8), owner)
        {
            Fallback = fallback,
            Attempts = attempts,
            Last = last,
            OwnersName = last?.OwnersName ?? ownersName ?? name,
        };
        if (!Table(transaction).TryAdd(name, transaction)) return null;

        Interlocked.Increment(ref _count);
        if (transaction.IsTakenOver) _takenOver[transaction.OwnersName] = transaction;
        return transaction;
    }

    /// <summary>Starts a transaction; ignored when its name is in use.</summary>
    /// <param name="request">With our Via on top.</param>
    /// <param name="fallback">See <see cref="ClientTransaction.Fallback"/>.</param>
    public void Start(string name, SipRequest request, Channel channel, string? owner, (SipRequest Request, Channel Channel)? fallback = null) =>
        Add(name, request, channel, owner, fallback)?.Start();

    /// <summary>Takes an INVITE of an earlier run over; ignored when its name is in use.</summary>
    public void Restore(string name, string ownersName, SipRequest invite, Channel channel, string owner) => Add(name, invite, channel, owner, ownersName: ownersName)?.Restore();

    public void StartCancel(ClientTransaction invite) => Start(invite.Name, SipRequestBuilder.CancelOf(invite.Request).Build(), invite.Channel, owner: null);

    public bool IsInUse(string name, SipRequest request) => request.Is("CANCEL"u8) ? _cancels.ContainsKey(name) : _all.ContainsKey(name) || _takenOver.ContainsKey(name);

    public void Remove(ClientTransaction transaction)
    {
        if (Table(transaction).TryRemove(KeyValuePair.Create(transaction.Name, transaction))) Interlocked.Decrement(ref _count);
        if (transaction.IsTakenOver) _takenOver.TryRemove(KeyValuePair.Create(transaction.OwnersName, transaction));
    }

    private ConcurrentDictionary<string, ClientTransaction> Table(ClientTransaction transaction) => transaction.IsCancel ? _cancels : _all;
}
