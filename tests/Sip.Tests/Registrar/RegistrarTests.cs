using System.Collections.Immutable;
using System.Text.Json;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Registrars;

public class RegistrarTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SipFlow Flow = new(SipTransport.Udp, "192.0.2.1:5060");
    private static readonly RegistrarLimits Limits = RegistrarLimits.Default with { MaxBindings = 3 };

    private static SipRequest Register(string headers, int cseq = 1, string callId = "c1") =>
        Request(Invite(method: "REGISTER", cseq: cseq, callId: callId).Replace("Contact: <sip:alice@192.0.2.1:5060>\n", headers.Length == 0 ? "" : headers + "\n", StringComparison.Ordinal));

    private static RegistrarResult Apply(ImmutableArray<Binding> current, string headers, int cseq = 1, string callId = "c1", DateTimeOffset? at = null) =>
        Registrar.Apply(current, Register(headers, cseq, callId), Flow, at ?? Now, Limits);

    private static IReadOnlyList<string> Contacts(RegistrarResult result) => [.. result.Headers.Where(header => header.Key == "Contact").Select(header => header.Value)];

    [Fact]
    public void A_contact_is_bound_for_the_time_it_asks_for_and_listed()
    {
        var result = Apply([], "Contact: <sip:a@192.0.2.1>;expires=90;q=0.5;+sip.instance=\"<urn:uuid:1>\";reg-id=1;audio\nUser-Agent: phone/1");

        var binding = Assert.Single(result.Bindings);
        Assert.Equal(("sip:a@192.0.2.1", "<urn:uuid:1>", 1, 0.5), (binding.Contact, binding.Instance, binding.RegId, binding.Q));
        Assert.Equal((Now.AddSeconds(90), "c1", 1u, "phone/1", Flow), (binding.ExpiresAt, binding.CallId, binding.CSeq, binding.UserAgent, binding.Flow));
        Assert.Equal(["<sip:a@192.0.2.1>;q=0.5;+sip.instance=\"<urn:uuid:1>\";reg-id=1;audio;expires=90"], Contacts(result));
        Assert.Equal(200, result.Respond(Register("")).Build().Status);
    }

    [Theory]
    [InlineData("Contact: <sip:a@h>", 600)]
    [InlineData("Contact: <sip:a@h>\nExpires: 300", 300)]
    [InlineData("Contact: <sip:a@h>;expires=120\nExpires: 300", 120)]
    [InlineData("Contact: <sip:a@h>;expires=999999", 3600)]
    [InlineData("Contact: <sip:a@h>;expires=18446744073709551615", 3600)]
    public void The_time_is_the_contacts_then_the_messages_then_ours(string headers, int seconds) =>
        Assert.Equal(Now.AddSeconds(seconds), Assert.Single(Apply([], headers).Bindings).ExpiresAt);

    [Fact]
    public void A_contact_that_is_too_long_to_be_listed_with_others_is_refused()
    {
        Assert.Equal(200, Apply([], $"Contact: <sip:a@h>;x={new string('x', 2000)}").Status);
        Assert.Equal((513, 0), (Apply([], $"Contact: <sip:a@h>;x={new string('x', 2048)}").Status, Apply([], $"Contact: <sip:{new string('x', 2048)}@h>").Bindings.Length));
    }

    [Fact]
    public void Too_short_a_time_is_refused_with_what_is_allowed()
    {
        var result = Apply([], "Contact: <sip:a@h>;expires=59");

        Assert.Equal(423, result.Status);
        Assert.Empty(result.Bindings);
        Assert.Equal("60", result.Respond(Register("Contact: <sip:a@h>;expires=59")).Build().Header("Min-Expires"));
    }

    [Fact]
    public void Registering_again_refreshes_and_does_not_add()
    {
        var first = Apply([], "Contact: <sip:a@h>;expires=60").Bindings;
        var second = Apply(first, "Contact: <sip:A@H>;expires=60, <sip:a@H>;expires=90", cseq: 2).Bindings;

        Assert.Equal(["sip:a@H", "sip:A@H"], second.Select(binding => binding.Contact));
        Assert.Equal(Now.AddSeconds(90), second[0].ExpiresAt);
    }

    [Fact]
    public void An_instance_and_its_reg_id_are_the_same_binding_whatever_the_uri()
    {
        var first = Apply([], "Contact: <sip:a@192.0.2.1:1>;+sip.instance=\"<urn:uuid:1>\";reg-id=1").Bindings;
        var moved = Apply(first, "Contact: <sip:a@192.0.2.1:2>;+sip.instance=\"<urn:uuid:1>\";reg-id=1", callId: "c2").Bindings;
        var second = Apply(moved, "Contact: <sip:a@192.0.2.1:3>;+sip.instance=\"<urn:uuid:1>\";reg-id=2", callId: "c3").Bindings;

        Assert.Equal("sip:a@192.0.2.1:2", Assert.Single(moved).Contact);
        Assert.Equal(2, second.Length);
    }

    [Fact]
    public void Expires_0_removes_one_and_a_star_removes_all()
    {
        var two = Apply([], "Contact: <sip:a@h>, <sip:b@h>").Bindings;

        Assert.Equal("sip:b@h", Assert.Single(Apply(two, "Contact: <sip:a@h>;expires=0", cseq: 2).Bindings).Contact);
        Assert.Empty(Apply(two, "Contact: *\nExpires: 0", cseq: 2).Bindings);
        Assert.Empty(Apply(two, "Contact: <sip:a@h>, <sip:b@h>\nExpires: 0", cseq: 2).Bindings);
        Assert.Equal(2, Apply(two, "Contact: <sip:nobody@h>;expires=0", cseq: 2).Bindings.Length);
    }

    [Theory]
    [InlineData("Contact: *")]
    [InlineData("Contact: *\nExpires: 60")]
    [InlineData("Contact: *\nContact: <sip:a@h>\nExpires: 0")]
    [InlineData("Contact: <sip:a@h>;expires=soon")]
    [InlineData("Contact: <sip:a@h>;q=2")]
    [InlineData("Contact: <sip:a@h>;+sip.instance=\"<urn:uuid:1>\";reg-id=0")]
    [InlineData("Contact: <sip:a@h>;+sip.instance=\"<urn:uuid:1>\";reg-id=1, <sip:b@h>;+sip.instance=\"<urn:uuid:1>\";reg-id=2")]
    [InlineData("Contact: <mailto:a@h>")]
    public void What_makes_no_sense_is_answered_400_and_changes_nothing(string headers)
    {
        var current = Apply([], "Contact: <sip:x@h>").Bindings;
        var result = Apply(current, headers, cseq: 2);

        Assert.Equal(400, result.Status);
        Assert.Equal("sip:x@h", Assert.Single(result.Bindings).Contact);
    }

    [Fact]
    public void An_older_request_of_the_same_call_id_changes_nothing()
    {
        var current = Apply([], "Contact: <sip:a@h>", cseq: 5).Bindings;

        Assert.Equal(500, Apply(current, "Contact: <sip:a@h>;expires=0", cseq: 4).Status);
        Assert.Equal(500, Apply(current, "Contact: *\nExpires: 0", cseq: 5).Status);
        Assert.Equal(200, Apply(current, "Contact: <sip:a@h>;expires=0", cseq: 4, callId: "c2").Status);
    }

    [Fact]
    public void One_contact_more_than_allowed_is_refused_but_those_there_can_be_refreshed()
    {
        var three = Apply([], "Contact: <sip:a@h>, <sip:b@h>, <sip:c@h>").Bindings;

        Assert.Equal(403, Apply(three, "Contact: <sip:d@h>", cseq: 2).Status);
        Assert.Equal(200, Apply(three, "Contact: <sip:c@h>", cseq: 2).Status);
        Assert.Equal(200, Apply(three, "Contact: <sip:c@h>;expires=0, <sip:d@h>", cseq: 2).Status);
    }

    [Fact]
    public void What_has_expired_is_gone()
    {
        var current = Apply([], "Contact: <sip:a@h>;expires=60, <sip:b@h>;expires=90").Bindings;
        var result = Apply(current, "", cseq: 2, at: Now.AddSeconds(60));

        Assert.Equal(["<sip:b@h>;expires=30"], Contacts(result));
    }

    [Fact]
    public void A_path_is_kept_and_given_back_when_the_phone_knows_of_it()
    {
        var known = Apply([], "Contact: <sip:a@h>\nPath: <sip:p1;lr>, <sip:p2;lr>\nSupported: path");
        var unknown = Apply([], "Contact: <sip:a@h>\nPath: <sip:p1;lr>");

        Assert.Equal(["<sip:p1;lr>", "<sip:p2;lr>"], known.Bindings[0].Path.AsEnumerable());
        var answer = known.Respond(Register("")).Build();
        Assert.Equal(["<sip:p1;lr>", "<sip:p2;lr>"], answer.Headers("Path"));
        Assert.Equal(["path"], answer.Headers("Supported"));
        Assert.Equal(421, unknown.Status);
    }

    private const string Outbound = "Contact: <sip:a@h>;+sip.instance=\"<urn:uuid:1>\";reg-id=1\nSupported: path, outbound";

    [Theory] // RFC 5626 §6
    [InlineData(Outbound, 200)]
    [InlineData(Outbound + "\nVia: SIP/2.0/TCP p1;branch=z9hG4bKp", 439)]
    [InlineData(Outbound + "\nVia: SIP/2.0/TCP p1;branch=z9hG4bKp\nPath: <sip:p1;lr>", 439)]
    [InlineData(Outbound + "\nVia: SIP/2.0/TCP p1;branch=z9hG4bKp\nPath: <sip:p0;lr;ob>, <sip:p1;lr>", 439)]
    [InlineData(Outbound + "\nVia: SIP/2.0/TCP p1;branch=z9hG4bKp\nPath: <sip:p0;lr>, <sip:p1;lr;ob>", 200)]
    public void A_flow_is_registered_when_the_first_hop_keeps_it(string headers, int status)
    {
        var result = Apply([], headers);

        Assert.Equal(status, result.Status);
        Assert.Equal(status == 200 ? "outbound" : null, result.Respond(Register("")).Build().Header("Require"));
        Assert.Equal(status == 200 ? 1 : 0, result.Bindings.Length);
    }

    [Theory]
    [InlineData("Contact: <sip:a@h>;+sip.instance=\"<urn:uuid:1>\"\nSupported: outbound")]
    [InlineData("Contact: <sip:a@h>;reg-id=1\nSupported: outbound")]
    [InlineData("Contact: <sip:a@h>;+sip.instance=\"<urn:uuid:1>\";reg-id=1")]
    [InlineData("Contact: <sip:a@h>;+sip.instance=\"<urn:uuid:1>\";reg-id=1;expires=0\nSupported: outbound")]
    [InlineData("Contact: <sip:a@h>;reg-id=1\nSupported: outbound\nVia: SIP/2.0/TCP p1;branch=z9hG4bKp")]
    public void What_names_no_flow_is_registered_as_ever(string headers)
    {
        var result = Apply([], headers);

        Assert.Equal(200, result.Status);
        Assert.Null(result.Respond(Register("")).Build().Header("Require"));
    }

    [Fact]
    public void On_a_connection_the_client_is_told_how_often_to_send_keep_alives() // RFC 5626 §4.4
    {
        var connection = new SipFlow(SipTransport.Wss, "192.0.2.1:40000", 7);

        Assert.Equal("120", Registrar.Apply([], Register(Outbound), connection, Now, Limits).Respond(Register("")).Build().Header("Flow-Timer"));
        Assert.Null(Apply([], Outbound).Respond(Register("")).Build().Header("Flow-Timer"));
    }

    [Fact]
    public void A_binding_survives_json()
    {
        var binding = Apply([], "Contact: <sip:a@h>;q=0.5\nPath: <sip:p1;lr>\nSupported: path").Bindings[0];
        var copy = JsonSerializer.Deserialize<Binding>(JsonSerializer.Serialize(binding))!;

        Assert.Equal(binding.Path, copy.Path.AsEnumerable());
        Assert.Equal(binding with { Path = copy.Path }, copy);
    }
}
