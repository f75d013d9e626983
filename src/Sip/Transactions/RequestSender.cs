using System.Globalization;
using System.Security.Cryptography;

namespace Telephony.Sip;

/// <summary>
/// Sends what owners want sent (RFC 3261 §8.1.2): by the flow that they name, to the address that the message names, or to the servers of its domain, which are looked up
/// and tried one after the other (RFC 3263).
/// </summary>
internal sealed class RequestSender(
    string edge, TransactionLayer transactions, Routing routing, LookupQueue lookups, PutAside aside, FailoverOptions failover, SipMetrics metrics)
{
    private const int MaxDatagram = 1300; // RFC 3261 §18.1.1, where the path's MTU is not known

    private ClientTransactions Clients => transactions.Clients;

    public void Send(string transaction, SipRequest request, SipFlow? flow, string owner)
    {
        var branch = TransactionKey.Branch(transaction);
        if (Clients.IsInUse(transaction, request) || lookups.IsWaiting(transaction)) return;

        if (Clients.IsFull)
        {
            transactions.OnFull("client transactions");
            Fail(transaction, request, owner, 503, flow);
        }
        else if (routing.ChannelFor(request, flow) is { } channel)
        {
            var (sent, way, fallback) = Prepare(request, channel, branch, flow is null);
            Clients.Start(transaction, sent, way, owner, fallback);
        }
        else if (!Routing.TryTarget(request, flow, out var target)
            || !lookups.TryAdd(target, transaction, servers => Try(transaction, request, owner, LastFirst(servers, flow)), () => CancelUnsent(transaction, request, owner)))
        {
            Fail(transaction, request, owner, 503, flow);
        }
    }

    public void Cancel(string transaction)
    {
        if (!lookups.TryCancel(transaction)) Clients.Find(transaction)?.Cancel();
    }

    public void Acknowledge(string transaction, SipRequest ack, SipFlow? flow)
    {
        var invite = Clients.Find(transaction);
        if (routing.ChannelFor(ack, flow) is { } channel) Acknowledge(invite, ack, channel);
        else if (!Routing.TryTarget(ack, flow, out var target) || !lookups.TryAdd(target, null, servers => Acknowledge(invite, ack, ChannelToAny(LastFirst(servers, invite?.Channel.Flow)))))
            Acknowledge(invite, ack, null);
    }

    /// <param name="attempt">What it was called towards the server that has the INVITE.</param>
    public void Restore(string transaction, string attempt, SipRequest invite, SipFlow? flow, string owner)
    {
        var branch = TransactionKey.Branch(attempt);
        if (Clients.IsInUse(transaction, invite) || lookups.IsWaiting(transaction)) return;
        if (routing.ChannelFor(invite, flow) is { } channel)
        {
            Clients.Restore(attempt, transaction, routing.WithVia(invite, channel, branch), channel, owner);
        }
        else if (Routing.TryTarget(invite, flow, out var target))
        {
            var isCancelled = false;
            lookups.TryAdd(
                target,
                transaction,
                servers =>
                {
                    if (ChannelToAny(LastFirst(servers, flow)) is { } found) Clients.Restore(attempt, transaction, routing.WithVia(invite, found, branch), found, owner);
                    if (isCancelled) Clients.Find(transaction)?.Cancel();
                },
                () =>
                {
                    isCancelled = true;
                    return false; // it went long ago: only the way of the CANCEL is missing
                });
        }
    }

    // a dialog stays with its server while that is there
    private static IReadOnlyList<Destination> LastFirst(IReadOnlyList<Destination> servers, SipFlow? last) =>
        last is null ? servers : [.. servers.OrderBy(server => server.EndPoint.ToString() == last.Remote ? 0 : 1)];

    private void Try(string transaction, SipRequest request, string owner, IReadOnlyList<Destination> servers)
    {
        var attempts = new Attempts(
            aside.Order(servers, out var rest),
            failover,
            aside,
            metrics,
            (all, server, last) =>
            {
                if (Clients.IsFull || routing.ChannelTo(server) is not { } channel) return null;

                var name = TransactionKey.Attempt(transaction, all.Count);
                var (sent, way, fallback) = Prepare(request, channel, TransactionKey.Branch(name), mayChange: true);
                return Clients.Add(name, sent, way, owner, fallback, all, last);
            });
        if (attempts.Next(null) is { } first) first.Start();
        else Fail(transaction, request, owner, 503, null, rest);
    }

    // §18.1.1: a large request goes by TCP, and by UDP all the same when the peer has none
    private (SipRequest Sent, Channel Channel, (SipRequest, Channel)? Fallback) Prepare(SipRequest request, Channel channel, string branch, bool mayChange)
    {
        var sent = routing.WithVia(request, channel, branch);
        return mayChange && !channel.IsReliable && sent.Wire.Length > MaxDatagram && routing.ChannelTo(new(SipTransport.Tcp, channel.Remote)) is { } connection
            ? (routing.WithVia(request, connection, branch), connection, (sent, channel))
            : (sent, channel, null);
    }

    private Channel? ChannelToAny(IReadOnlyList<Destination> servers) => aside.Order(servers, out _).Select(routing.ChannelTo).FirstOrDefault(channel => channel is not null);

    private void Acknowledge(ClientTransaction? invite, SipRequest ack, Channel? channel)
    {
        if (channel is null)
        {
            metrics.Drop("no way for an ACK");
            return;
        }

        var sent = routing.WithVia(ack, channel, "z9hG4bK" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
        if (invite is not null) invite.Acknowledge(sent, channel);
        else channel.TrySend(sent.Wire);
    }

    // nobody heard of it, so nobody need hear of its end but its owner
    private bool CancelUnsent(string transaction, SipRequest request, string owner)
    {
        if (!request.Is("INVITE"u8)) return false;
        Fail(transaction, request, owner, 487, null);
        return true;
    }

    private void Fail(string transaction, SipRequest request, string owner, int status, SipFlow? flow, TimeSpan? retryAfter = null)
    {
        var response = SipResponse.For(request, status);
        if (retryAfter is { } time) response.Add("Retry-After", Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        transactions.Context.Events.OnResponse(new(edge, transaction, owner, response.Build(), SipResponseSource.TransportFailed, flow));
    }
}
