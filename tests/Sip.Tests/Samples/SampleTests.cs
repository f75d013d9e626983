using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Telephony.Samples;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Samples;

/// <summary>The program of docs/sip-library.md does what it says.</summary>
public class SampleTests
{
    [Fact]
    public async Task A_phone_registers_calls_and_hangs_up()
    {
        using var server = AnsweringServer.Build("--Telephony:Sip:Port=0", "--Telephony:Sip:TlsPort=0", "--Telephony:Sip:Defence:Allow=127.0.0.0/8");
        await server.StartAsync();
        var edge = IPEndPoint.Parse(server.Services.GetRequiredService<ISipEdge>().Address(SipTransport.Udp));
        using var phone = new UdpPeer();

        var register = From(phone, "REGISTER", 1);
        var challenge = Ask(phone, edge, register);
        Assert.Equal(401, challenge.Status);
        var again = DigestClient.Answer(register, challenge, DigestAnswers.None, [new("alice", "wonderland")], DigestClient.NewCNonce())!.Request;
        var registered = Ask(phone, edge, again.ToBuilder().Set("Via", Via(phone, 2)).Build());
        Assert.Equal((200, $"sip:alice@{phone.EndPoint}"), (registered.Status, Assert.Single(registered.Contacts).Uri.ToString()));

        var invite = From(phone, "INVITE", 3);
        var accepted = Ask(phone, edge, invite);
        Assert.Equal((200, "application/sdp"), (accepted.Status, accepted.ContentType));
        var dialog = Dialog.FromResponse(invite, accepted)!;
        phone.Send(dialog.Ack(invite.CSeq.Number).Set("Via", Via(phone, 4)).Build().Wire.ToArray(), edge);
        var bye = dialog.Next(SipMethod.Bye, out _).Set("Via", Via(phone, 5)).Build();
        Assert.Equal(200, Ask(phone, edge, bye).Status);
        Assert.Equal(481, Ask(phone, edge, bye.ToBuilder().Set("Via", Via(phone, 6)).CSeq(9).Build()).Status);
        Assert.Equal(405, Ask(phone, edge, From(phone, "MESSAGE", 7)).Status);
        Assert.Equal("INVITE, ACK, BYE, CANCEL, OPTIONS, REGISTER", Ask(phone, edge, From(phone, "OPTIONS", 8)).Header("Allow"));

        await server.StopAsync();
    }

    [Fact]
    public void The_page_shows_this_very_program()
    {
        var page = Read("../../../docs/sip-library.md");

        Assert.Contains(Read("AnsweringServer.cs").Trim(), page, StringComparison.Ordinal);
    }

    private static string Read(string path, [CallerFilePath] string from = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(from)!, path)).ReplaceLineEndings("\n");

    private static string Via(UdpPeer phone, int number) => $"SIP/2.0/UDP {phone.EndPoint};branch=z9hG4bKs{number}";

    private static SipRequest From(UdpPeer phone, string method, int number)
    {
        var request = Request(Invite(method: method, callId: "s" + number));
        return request.ToBuilder().Set("Via", Via(phone, number)).Set("Contact", $"<sip:alice@{phone.EndPoint}>").Build();
    }

    private static SipResponse Ask(UdpPeer phone, IPEndPoint edge, SipRequest request)
    {
        phone.Send(request.Wire.ToArray(), edge);
        var response = phone.Response();
        while (response.IsProvisional || response.CSeq != request.CSeq || response.CallId != request.CallId) response = phone.Response();
        return response;
    }
}
