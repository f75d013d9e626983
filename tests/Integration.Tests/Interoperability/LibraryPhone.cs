using System.Threading.Channels;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Telephony.Sip;
using Telephony.Testing;

namespace Telephony.Integration.Tests.Interoperability;

/// <summary>Our SIP library alone, as a program uses it that registers with a provider and calls through it: <see cref="ISipEdge"/>, <see cref="DigestClient"/>, <see cref="Dialog"/>.</summary>
internal sealed class LibraryPhone : ISipEdgeEvents, IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly DigestAccount _account;
    private readonly IHost _host;
    private readonly Channel<object> _inputs = Channel.CreateUnbounded<object>();
    private DigestAnswers _answers = DigestAnswers.None;

    private LibraryPhone(DigestAccount account, IEnumerable<KeyValuePair<string, string?>> settings)
    {
        _account = account;
        var builder = Host.CreateEmptyApplicationBuilder(new());
        var port = FreePorts.One().ToString(System.Globalization.CultureInfo.InvariantCulture);
        builder.Configuration.AddInMemoryCollection([new("Telephony:Sip:Port", port), new("Telephony:Sip:TlsPort", "0")]).AddInMemoryCollection(settings);
        builder.Services.AddSingleton<ISipEdgeEvents>(this).AddSip();
        _host = builder.Build();
    }

    public ISipEdge Edge => _host.Services.GetRequiredService<ISipEdge>();

    /// <param name="settings">Such as <c>Telephony:Sip:Dns:Servers</c>.</param>
    public static async Task<LibraryPhone> Start(DigestAccount account, params IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var phone = new LibraryPhone(account, settings);
        await phone._host.StartAsync();
        return phone;
    }

    public string Contact(SipTransport transport) => $"<sip:{_account.Username}@{Edge.Address(transport)};transport={transport.ToString().ToLowerInvariant()}>";

    /// <summary>Begins a request outside of a dialog, from the account to a user of its domain.</summary>
    public SipRequestBuilder New(SipMethod method, string uri, string to, string domain) => SipRequest.Create(method, uri)
        .Add("Max-Forwards", "70")
        .Add("From", $"<sip:{_account.Username}@{domain}>;tag={Guid.NewGuid():N}")
        .Add("To", $"<sip:{to}@{domain}>")
        .Add("Call-ID", Guid.NewGuid().ToString("N"))
        .CSeq(1);

    /// <summary>Sends a request, answers challenges, and gives the final response with the request and the transaction that it answers.</summary>
    /// <param name="challenges">The statuses of the challenges that were answered.</param>
    public async Task<(string Transaction, SipRequest Request, SipResponseReceived Final)> Ask(SipRequest request, List<int>? challenges = null)
    {
        (request, _answers) = DigestClient.Authorize(request, _answers, [_account]);
        while (true)
        {
            var transaction = Guid.NewGuid().ToString("N");
            Edge.Send(transaction, request, flow: null, owner: "test");
            var final = await Next<SipResponseReceived>(input => input.Transaction == transaction && input.Response.IsFinal);
            if (DigestClient.Answer(request, final.Response, _answers, [_account], DigestClient.NewCNonce()) is not { } retry) return (transaction, request, final);
            challenges?.Add(final.Response.Status);
            (request, _answers) = retry;
        }
    }

    /// <summary>The next input that is wanted; those before it are passed over.</summary>
    public async Task<T> Next<T>(Func<T, bool>? isWanted = null)
    {
        using var deadline = new CancellationTokenSource(Limit);
        while (true)
        {
            if (await _inputs.Reader.ReadAsync(deadline.Token) is T input && isWanted?.Invoke(input) != false) return input;
        }
    }

    public void OnRequest(SipRequestReceived input) => _inputs.Writer.TryWrite(input);

    public void OnCancel(SipCancelReceived input) => _inputs.Writer.TryWrite(input);

    public void OnAck(SipAckReceived input) => _inputs.Writer.TryWrite(input);

    public void OnAckTimedOut(SipAckTimedOut input) => _inputs.Writer.TryWrite(input);

    public void OnResponse(SipResponseReceived input) => _inputs.Writer.TryWrite(input);

    public void OnFlowClosed(SipFlowClosed input) => _inputs.Writer.TryWrite(input);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
