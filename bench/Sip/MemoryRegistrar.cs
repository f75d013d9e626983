using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Telephony.Sip.Bench;

/// <summary>A registrar on the stack alone: digest, the registrar's rules, bindings in memory. User uNNNNN has the password pNNNNN.</summary>
internal sealed class MemoryRegistrar(IServiceProvider services, DigestAuthenticator digest, TimeProvider clock) : ISipEdgeEvents
{
    private const string Realm = "bench.local";

    private readonly Lazy<ISipEdge> _edge = new(() => (ISipEdge)services.GetService(typeof(ISipEdge))!);
    private readonly ConcurrentDictionary<string, DigestCredentials> _credentials = new();
    private readonly ConcurrentDictionary<string, ImmutableArray<Binding>> _bindings = new();

    public void OnRequest(SipRequestReceived input) => _edge.Value.Respond(input.Transaction, Answer(input).Build());

    public void OnCancel(SipCancelReceived input)
    {
    }

    public void OnAck(SipAckReceived input)
    {
    }

    public void OnAckTimedOut(SipAckTimedOut input)
    {
    }

    public void OnResponse(SipResponseReceived input)
    {
    }

    public void OnFlowClosed(SipFlowClosed input)
    {
    }

    private SipResponseBuilder Answer(SipRequestReceived input)
    {
        var request = input.Request;
        if (request.Method != SipMethod.Register) return SipResponse.For(request, 405);

        DigestCredentials? credentials = DigestAuthenticator.TryGetUsername(request, Realm, out var user) ? _credentials.GetOrAdd(user, Credentials) : null;
        var result = digest.Check(request, Realm, DigestPolicy.Md5, credentials);
        if (result != DigestResult.Ok)
        {
            return SipResponse.For(request, 401).Add("WWW-Authenticate", digest.Challenge(Realm, DigestPolicy.Md5, result is DigestResult.Stale or DigestResult.Replayed)[0]);
        }

        var registered = Registrar.Apply(_bindings.GetValueOrDefault(user!, []), request, input.Flow, clock.GetUtcNow(), RegistrarLimits.Default);
        _bindings[user!] = registered.Bindings;
        return registered.Respond(request);
    }

#pragma warning disable CA5351 // what phones answer with
    private static DigestCredentials Credentials(string user) =>
        new(Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{user}:{Realm}:p{user[1..]}"))), null);
#pragma warning restore CA5351
}
