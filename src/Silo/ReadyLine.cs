using Telephony.Configuration;
using Telephony.Sip;

namespace Telephony.Silo;

/// <summary>Makes the demo tenant on a first start, and says on standard output when everything listens, in one line.</summary>
internal sealed class ReadyLine(DemoTenant demo, HttpOptions http, ISipEdge sip, IHostApplicationLifetime lifetime) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var first = await demo.EnsureAsync(cancellationToken);
        if (first.Created is { } created) PrintLogins(created, first.CredentialsPath);
        lifetime.ApplicationStarted.Register(() =>
            Console.Out.WriteLine($"Telephony is ready: http://{http.Bind}:{http.Port} sip:{sip.Address(SipTransport.Udp)}"));
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void PrintLogins(DemoCredentials credentials, string path)
    {
        Console.Out.WriteLine($"Made the demo tenant {credentials.Domain}. These logins are kept in {path}:");
        Console.Out.WriteLine($"{"login",-22} {"web password",-20} {"SIP password",-28} name");
        foreach (var extension in credentials.Extensions)
        {
            Console.Out.WriteLine($"{extension.Login,-22} {extension.WebPassword,-20} {extension.SipPassword,-28} {extension.DisplayName}");
        }
    }
}
