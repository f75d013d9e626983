using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Telephony.Sip;

namespace Telephony.Samples;

/// <summary>A whole server: alice's phones register with her password, and every call is answered, with silence.</summary>
public sealed class AnsweringServer(ISipEdge edge, DigestAuthenticator digest, TagMac tags, TimeProvider clock) : ISipEdgeEvents
{
    private const string Realm = "example.com";
    private const string Silence = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 9 RTP/AVP 0\r\na=inactive\r\n";

    private static readonly SipCapabilities Capabilities = new(
        [SipMethod.Invite, SipMethod.Ack, SipMethod.Bye, SipMethod.Cancel, SipMethod.Options, SipMethod.Register], ["application/sdp"], ["path"], [], []);

    private readonly ImmutableDictionary<string, DigestCredentials> _passwords =
        ImmutableDictionary<string, DigestCredentials>.Empty.Add("alice", DigestCredentials.Of("alice", Realm, "wonderland"));

    private readonly ConcurrentDictionary<string, ImmutableArray<Binding>> _bindings = new();
    private readonly ConcurrentDictionary<string, Dialog> _calls = new();

    /// <summary>With <c>--Telephony:Sip:Port=5060 --Telephony:Sip:Bind=0.0.0.0</c>, say; <c>await AnsweringServer.Build(args).RunAsync()</c> runs it.</summary>
    public static IHost Build(params string[] args)
    {
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddSip().AddSingleton<ISipEdgeEvents, AnsweringServer>();
        return builder.Build();
    }

    public void OnRequest(SipRequestReceived input) => edge.Respond(input.Transaction, Answer(input).Build());

    /// <summary>A 2xx that nobody acknowledged ends its call (RFC 3261 §13.3.1.4).</summary>
    public void OnAckTimedOut(SipAckTimedOut input)
    {
        if (_calls.TryRemove(input.Owner, out var dialog)) edge.Send("bye." + input.Owner, dialog.Next(SipMethod.Bye, out _).Build(), flow: null, input.Owner);
    }

    public void OnAck(SipAckReceived input) { } // the call is up

    public void OnCancel(SipCancelReceived input) { } // too late: it was answered at once

    public void OnResponse(SipResponseReceived input) { } // to our BYE

    public void OnFlowClosed(SipFlowClosed input) { } // the phone will register again

    private SipResponseBuilder Answer(SipRequestReceived input)
    {
        var request = input.Request;
        if (Capabilities.Refuse(request) is { } refusal) return refusal.Respond(request); // 405, 420, 415
        if (request.To.Tag is { } tag) return Within(tag, input);
        if (request.Method == SipMethod.Register) return Register(request, input.Flow);
        return request.Method == SipMethod.Invite ? Call(input) : Capabilities.AnswerOptions(request);
    }

    private SipResponseBuilder Register(SipRequest request, SipFlow flow)
    {
        DigestCredentials? credentials = DigestAuthenticator.TryGetUsername(request, Realm, out var user) ? _passwords.GetValueOrDefault(user) : null;
        var result = digest.Check(request, Realm, DigestPolicy.Md5, credentials);
        if (result != DigestResult.Ok)
        {
            var stale = result is DigestResult.Stale or DigestResult.Replayed;
            return SipResponse.For(request, 401).Add("WWW-Authenticate", digest.Challenge(Realm, DigestPolicy.Md5, stale)[0]);
        }

        var registered = Registrar.Apply(_bindings.GetValueOrDefault(user!, []), request, flow, clock.GetUtcNow(), RegistrarLimits.Default);
        _bindings[user!] = registered.Bindings;
        return registered.Respond(request);
    }

    private SipResponseBuilder Call(SipRequestReceived input)
    {
        if (_calls.Count >= 1000) return SipResponse.For(input.Request, 486);

        var tag = tags.Sign(Guid.NewGuid().ToString("N"));
        _calls[tag] = Dialog.FromRequest(input.Request, tag);
        edge.Claim(input.Transaction, owner: tag); // so that its ACK, or the lack of one, is told
        return Accept(input, tag);
    }

    private SipResponseBuilder Within(string tag, SipRequestReceived input)
    {
        var request = input.Request;
        if (!_calls.TryGetValue(tag, out var dialog)) return SipResponse.For(request, 481);

        var match = dialog.Receive(request, out var next);
        if (match != DialogMatch.InOrder) return SipResponse.For(request, match == DialogMatch.OutOfOrder ? 500 : 481);

        _calls[tag] = next;
        if (request.Method == SipMethod.Bye) _calls.TryRemove(tag, out _);
        return request.Method == SipMethod.Invite ? Accept(input, tag) : SipResponse.For(request, 200);
    }

    private SipResponseBuilder Accept(SipRequestReceived invite, string tag) => Capabilities.Write(SipResponse.For(invite.Request, 200, toTag: tag))
        .Add("Contact", $"<sip:{edge.Address(invite.Flow)};transport={invite.Flow.Transport.ToString().ToLowerInvariant()}>").Body(Silence, "application/sdp");
}
