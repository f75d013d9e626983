using System.Net;

namespace Telephony.Sip;

/// <summary>Locating SIP servers (RFC 3263 §4): where a request to a URI may go, best first.</summary>
/// <param name="own">What the edge has; asked each time, for it is not known before the start.</param>
internal sealed class Locator(IDnsLookup dns, Func<EdgeAbilities> own, Random random)
{
    public const int MaxDestinations = 16;

    private static readonly SipTransport[] Plain = [SipTransport.Udp, SipTransport.Tcp];
    private static readonly SipTransport[] Secure = [SipTransport.Tls];

    /// <summary>Empty when there is no server, or none that can be reached from here. Never throws but for the token.</summary>
    public async ValueTask<IReadOnlyList<Destination>> Locate(SipTarget target, CancellationToken stop)
    {
        var servers = target switch
        {
            { KnownTransport: { } known } when target.Port != 0 || target.Address is not null => [new(known, target.Host, target.Port == 0 ? SipTarget.DefaultPortOf(known) : target.Port)],
            { KnownTransport: { } known } => await ByService(target, [(known, ServiceName(target, known))], stop),
            _ => await ByDomain(target, stop),
        };
        var usable = servers.Where(server => own().Has(server.Transport)).Take(MaxDestinations).ToArray();
        var addresses = await Task.WhenAll(usable.Select(server => AddressesOf(server.Host, stop)));

        // RFC 5922 §7.3: a certificate speaks for the domain that was called, not for the host that the DNS named
        return
        [
            .. usable.Zip(addresses)
                .SelectMany(pair => pair.Second.Select(address => new Destination(pair.First.Transport, new(address, pair.First.Port), pair.First.Transport == SipTransport.Tls ? target.Host : "")))
                .Distinct().Take(MaxDestinations),
        ];
    }

    // §4.1: what the domain says, else what it has
    private async ValueTask<IReadOnlyList<Server>> ByDomain(SipTarget target, CancellationToken stop)
    {
        var pointers = dns.Ask(new(target.Host, DnsType.Naptr), stop);
        var transports = target.IsSecure ? Secure : Plain;
        (SipTransport, string)[] services = [.. transports.Select(transport => (transport, ServiceName(target, transport)))];
        var byService = ByService(target, services, stop); // asked at once, for most domains have no NAPTR
        var chosen = PointerChoice.Of((await pointers).Records, own(), target.IsSecure);
        var servers = await byService;
        return chosen.Count == 0 ? servers : await ByService(target, chosen, stop);
    }

    // §4.2: the servers of SRV records; without any, the domain itself. No servers when the records say that there are none.
    private async ValueTask<IReadOnlyList<Server>> ByService(SipTarget target, IReadOnlyList<(SipTransport Transport, string Name)> services, CancellationToken stop)
    {
        var answers = await Task.WhenAll(services.Select(service => dns.Ask(new(service.Name, DnsType.Srv), stop).AsTask()));
        if (Array.TrueForAll(answers, answer => answer.Outcome != DnsOutcome.Found)) return [new(services[0].Transport, target.Host, SipTarget.DefaultPortOf(services[0].Transport))];

        return [.. services.Zip(answers).SelectMany(pair => ServiceOrder.Of(pair.Second.Records, random).Select(record => new Server(pair.First.Transport, record.Target, record.Port)))];
    }

    // IPv6 first (RFC 6724), then in turns (RFC 8305 §4), as far as we have sockets for them
    private async Task<IReadOnlyList<IPAddress>> AddressesOf(string host, CancellationToken stop)
    {
        if (new SipTarget(host, 0, null, false).Address is { } literal) return [literal];

        var v6 = own().HasIpv6 ? dns.Ask(new(host, DnsType.Aaaa), stop) : new(DnsAnswer.Failed);
        var v4 = own().HasIpv4 ? dns.Ask(new(host, DnsType.A), stop) : new(DnsAnswer.Failed);
        return AddressOrder.Of((await v6).Records, (await v4).Records);
    }

    // RFC 3263 §4.1: _sip for sip; TLS is what _sips stands for, also when a sip URI asks for it
    private static string ServiceName(SipTarget target, SipTransport transport) => transport switch
    {
        SipTransport.Udp => "_sip._udp." + target.Host,
        SipTransport.Tls => "_sips._tcp." + target.Host,
        _ => "_sip._tcp." + target.Host,
    };

    private readonly record struct Server(SipTransport Transport, string Host, int Port);
}
