using System.Text.Json;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Dialogs;

public class DialogTests
{
    private static readonly SipRequest Offer = Request(Invite(cseq: 7, more: "Record-Route: <sip:p2.example.com;lr>, <sip:p1.example.com;lr>\n"));

    private static SipResponse Answer(int status, string more = "") => SipResponse.For(Offer, status, toTag: "bt")
        .Add("Contact", "<sip:bob@192.0.2.2:5070;transport=udp>" + more).Build();

    [Fact]
    public void The_callers_side_sends_to_the_contact_through_the_routes_in_reverse()
    {
        var dialog = Dialog.FromResponse(Offer, Answer(200))!;

        var bye = dialog.Next(SipMethod.Bye, out var next).Build();

        Assert.Equal("sip:bob@192.0.2.2:5070;transport=udp", bye.RequestUri.ToString());
        Assert.Equal(["<sip:p1.example.com;lr>", "<sip:p2.example.com;lr>"], bye.Headers("Route"));
        Assert.Equal(("c1", "a1", "bt"), (bye.CallId, bye.From.Tag, bye.To.Tag));
        Assert.Equal("Alice", bye.From.DisplayName);
        Assert.Equal(new CSeq(8, SipMethod.Bye), bye.CSeq);
        Assert.Equal(8u, next.LocalSequence);
    }

    [Fact]
    public void The_called_side_sends_to_the_callers_contact_through_the_routes_in_order()
    {
        var dialog = Dialog.FromRequest(Offer, "bt");

        var bye = dialog.Next(SipMethod.Bye, out _).Build();

        Assert.Equal("sip:alice@192.0.2.1:5060", bye.RequestUri.ToString());
        Assert.Equal(["<sip:p2.example.com;lr>", "<sip:p1.example.com;lr>"], bye.Headers("Route"));
        Assert.Equal(("bt", "a1"), (bye.From.Tag, bye.To.Tag));
        Assert.Equal(1u, bye.CSeq.Number);
    }

    [Fact]
    public void A_caller_without_a_contact_is_reached_at_its_from_without_the_headers()
    {
        var invite = Request(Invite().Replace("Contact: <sip:alice@192.0.2.1:5060>\n", "", StringComparison.Ordinal).Replace("alice@example.com>", "alice@example.com?Subject=x>", StringComparison.Ordinal));

        Assert.Equal("sip:alice@example.com", Dialog.FromRequest(invite, "bt").Next(SipMethod.Bye, out _).Build().RequestUri.ToString());
    }

    [Fact]
    public void A_long_route_set_still_fits()
    {
        var routes = string.Join(", ", Enumerable.Range(1, 400).Select(i => $"<sip:p{i};lr>"));
        var bye = Dialog.FromRequest(Request(Invite(more: $"Record-Route: {routes}\n")), "bt").Next(SipMethod.Bye, out _).Build();

        Assert.Equal(400, bye.Headers("Route").Count);
    }

    [Fact]
    public void A_strict_router_gets_its_own_uri_and_the_target_comes_last()
    {
        var invite = Request(Invite(more: "Record-Route: <sip:strict.example.com>, <sip:p1.example.com;lr>\n"));
        var bye = Dialog.FromRequest(invite, "bt").Next(SipMethod.Bye, out _).Build();

        Assert.Equal("sip:strict.example.com", bye.RequestUri.ToString());
        Assert.Equal(["<sip:p1.example.com;lr>", "<sip:alice@192.0.2.1:5060>"], bye.Headers("Route"));
    }

    [Fact]
    public void The_ack_has_the_invites_number_and_changes_nothing()
    {
        var ack = Dialog.FromResponse(Offer, Answer(200))!.Ack(7).Build();

        Assert.Equal(new CSeq(7, SipMethod.Ack), ack.CSeq);
        Assert.Equal("bt", ack.To.Tag);
    }

    [Fact]
    public void A_response_without_a_tag_makes_no_dialog() =>
        Assert.Null(Dialog.FromResponse(Offer, SipResponse.For(Offer, 100).Build()));

    [Fact]
    public void A_request_in_order_moves_the_sequence_and_a_reinvite_the_target()
    {
        var dialog = Dialog.FromRequest(Offer, "bt");
        var info = Request(Invite(method: "INFO", cseq: 8, toTag: "bt").Replace("192.0.2.1:5060>", "192.0.2.9:5060>", StringComparison.Ordinal));
        var reinvite = Request(Invite(cseq: 9, toTag: "bt").Replace("192.0.2.1:5060>", "192.0.2.9:5060>", StringComparison.Ordinal));

        Assert.Equal(DialogMatch.InOrder, dialog.Receive(info, out dialog));
        Assert.Equal((8u, "sip:alice@192.0.2.1:5060"), (dialog.RemoteSequence, dialog.RemoteTarget));
        Assert.Equal(DialogMatch.InOrder, dialog.Receive(reinvite, out dialog));
        Assert.Equal((9u, "sip:alice@192.0.2.9:5060"), (dialog.RemoteSequence, dialog.RemoteTarget));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(6)]
    public void A_request_out_of_order_changes_nothing(int cseq)
    {
        var dialog = Dialog.FromRequest(Offer, "bt");

        Assert.Equal(DialogMatch.OutOfOrder, dialog.Receive(Request(Invite(method: "BYE", cseq: cseq, toTag: "bt")), out var after));
        Assert.Same(dialog, after);
    }

    [Fact]
    public void An_ack_is_always_in_order() =>
        Assert.Equal(DialogMatch.InOrder, Dialog.FromRequest(Offer, "bt").Receive(Request(Invite(method: "ACK", cseq: 7, toTag: "bt")), out _));

    [Theory]
    [InlineData("c2", "a1", "bt")]
    [InlineData("c1", "a2", "bt")]
    [InlineData("c1", "a1", "bx")]
    public void Another_dialogs_request_is_told_apart(string callId, string fromTag, string toTag)
    {
        var request = Request(Invite(method: "BYE", cseq: 9, callId: callId, fromTag: fromTag, toTag: toTag));
        Assert.Equal(DialogMatch.OtherDialog, Dialog.FromRequest(Offer, "bt").Receive(request, out _));
    }

    [Fact]
    public void The_answer_to_a_reinvite_may_move_the_target()
    {
        var dialog = Dialog.FromResponse(Offer, Answer(180))!;
        Assert.Equal("sip:bob@192.0.2.2:5070;transport=udp;moved", dialog.Receive(Response(Answer(200).ToString().Replace("udp>", "udp;moved>", StringComparison.Ordinal))).RemoteTarget);
        Assert.Same(dialog, dialog.Receive(SipResponse.For(Offer, 488).Build()));
    }

    [Fact]
    public void After_a_restart_the_sequence_can_jump_ahead_but_never_back()
    {
        var dialog = Dialog.FromResponse(Offer, Answer(200))!;
        Assert.Equal(107u, dialog.WithLocalSequenceAtLeast(107).LocalSequence);
        Assert.Equal(7u, dialog.WithLocalSequenceAtLeast(3).LocalSequence);
    }

    [Fact]
    public void A_dialog_survives_json()
    {
        var dialog = Dialog.FromResponse(Offer, Answer(200))!;
        var copy = JsonSerializer.Deserialize<Dialog>(JsonSerializer.Serialize(dialog))!;

        Assert.Equal(dialog.RouteSet, copy.RouteSet.AsEnumerable());
        Assert.Equal(dialog with { RouteSet = copy.RouteSet }, copy);
    }

    [Fact]
    public void Display_names_survive_in_both_directions()
    {
        var invite = Request(Invite().Replace("\"Alice\"", "\"Al \\\"x\\\" \\\\ ä\"", StringComparison.Ordinal));
        var bye = Dialog.FromRequest(invite, "bt").Next(SipMethod.Bye, out _).Build();
        Assert.Equal("Al \"x\" \\ ä", bye.To.DisplayName);
    }
}
