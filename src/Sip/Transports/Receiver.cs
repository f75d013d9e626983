using System.Net;
using Microsoft.Extensions.Logging;

namespace Telephony.Sip;

/// <summary>Takes what transports receive: nothing from sources that are banned, no message that is malformed (which gets its 400 here), and hands the rest to its transaction.</summary>
internal sealed class Receiver(TransactionLayer transactions, Refreshes? refreshes, SourceGuard guard, SipMetrics metrics, ILogger log, TimeProvider clock) : IReceiver
{
    private readonly RateLimit _malformed = new(clock, TimeSpan.FromSeconds(10));
    private readonly RateLimit _failed = new(clock, TimeSpan.FromSeconds(1));

    public bool Admits(SocketAddress from) => guard.OnMessage(SourceKey.Of(from)) == Verdict.Pass;

    public bool Admits(IPAddress from) => !guard.IsBanned(SourceKey.Of(from));

    public bool OnMessage(Span<byte> message, Channel channel)
    {
        if (channel.IsReliable && guard.OnMessage(channel.Source) is not Verdict.Pass and var verdict) return verdict == Verdict.Drop;
        try
        {
            return Receive(message, channel);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // a fault of ours or of who hears the events; the next message is another matter
            if (_failed.TryPass(out var count)) Log.Failed(log, count, channel.Flow.Remote, e);
            return true;
        }
    }

    public void OnOffence(Channel channel, Offence offence) => guard.OnOffence(channel.Source, offence);

    public void OnClosed(Channel channel, IReadOnlyCollection<ClientTransaction> waiting)
    {
        foreach (var transaction in waiting) Tell(channel, transaction.Break);
        if (channel is Connection { WasUsed: true } connection) Tell(channel, () => transactions.Context.Events.OnFlowClosed(new(channel.Flow.Edge, channel.Flow, [.. connection.Owners])));
    }

    // a fault in one must not keep the end from the others
    private void Tell(Channel channel, Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            Log.NotTold(log, channel.Flow.Connection, channel.Flow.Remote, e);
        }
    }

    private bool Receive(Span<byte> message, Channel channel)
    {
        while (message.StartsWith("\r\n"u8)) message = message[2..];
        if (message.IsEmpty || message.Length <= 4 && message.IndexOfAnyExcept("\0\r\n"u8) < 0) return true; // a keep-alive

        var error = SipParser.Index(message, out var index);
        if (index.Body > SipParser.MaxHeader) error = new(513, "Message Too Large"); // RFC 3261 §21.5.7
        if (error.IsError) Malformed(channel, error);
        if (!index.IsAnswerable) return false;

        if (index.Status != 0)
        {
            if (!error.IsError) transactions.OnResponse(new(message[..index.Length].ToArray(), index.ToLayout()));
            return true;
        }

        var view = new SipView(message, index);
        channel = channel.Back(view.TopVia);
        if (error.IsError)
        {
            transactions.Refuse(view, channel, error.Status, error.Reason);
        }
        else if (TransactionKey.TryMake(view, view.Method, out var key) && !transactions.TryAbsorb(key) && refreshes?.TryAnswer(view, key, channel) != true)
        {
            if (channel is Connection { PeerNames.Count: > 0 } peer) Alias(peer, view);
            var (wire, own) = ViaStamp.Apply(message, index, channel);
            transactions.OnRequest(new(wire, own), channel, key);
        }

        return true;
    }

    // RFC 5923 §5: the port that its Via names is reached by the connection that it has
    private static void Alias(Connection peer, in SipView request)
    {
        if (ViaView.TryParse(request.TopVia, out var via) && ParameterReader.TryFind(via.Parameters, "alias"u8, out _)) peer.Alias(via.Port == 0 ? 5061 : via.Port);
    }

    private void Malformed(Channel channel, SipParseError error)
    {
        metrics.Malformed.Add(1);
        guard.OnOffence(channel.Source, Offence.Malformed);
        if (_malformed.TryPass(out var count)) Log.Malformed(log, count, channel.Flow.Remote, error.Reason);
    }
}
