using System.Globalization;

namespace Telephony.Testing;

/// <summary>Debian's dnsmasq as a DNS server on a free port of loopback, for the records that it is given and no others.</summary>
public sealed class Dnsmasq : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private Dnsmasq(ChildProcess process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <param name="records">As its options, such as <c>--host-record=a.test,127.0.0.1</c>.</param>
    public static async Task<Dnsmasq> Start(params string[] records)
    {
        var port = FreePorts.One();
        var process = await ChildProcess.Start("/usr/sbin/dnsmasq",
        [
            "--keep-in-foreground", "--port=" + port.ToString(CultureInfo.InvariantCulture), "--listen-address=127.0.0.1", "--bind-interfaces", "--no-resolv", "--no-hosts",
            "--conf-file=/dev/null", "--pid-file=", "--user=", "--log-facility=-", .. records,
        ]);
        var server = new Dnsmasq(process, port);
        try
        {
            await process.WaitForLine(line => line.Contains("started", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
