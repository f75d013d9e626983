namespace Telephony.Testing.Phones;

/// <summary>A call that a <see cref="TestPhone"/> makes: its dialog, and the requests in it.</summary>
public sealed class OutgoingCall(TestPhone phone, string number, string body)
{
    private readonly string _tag = TestPhone.Token();
    private readonly string _uri = $"sip:{number}@{phone.Account.Domain}";
    private string _branch = "", _authorization = "";
    private string? _target, _remoteTag;

    public string CallId { get; } = TestPhone.Token();

    /// <summary>Of the INVITE that has the credentials.</summary>
    public int CSeq { get; private set; }

    /// <summary>Sends the INVITE, and again with credentials when it is challenged.</summary>
    public async Task Send()
    {
        await SendInvite();
        var first = await phone.Next(message => message.Status is not null && message.CallId == CallId && message.CSeq == CSeq && message.Status != 100);
        if (first.Status is not (401 or 407)) throw new InvalidOperationException($"An INVITE without credentials got {first.StartLine}.");
        await Acknowledge(first);
        _authorization = phone.Authorization(first, "INVITE", _uri);
        await SendInvite();
    }

    /// <summary>The INVITE once more, as a network that doubles datagrams would.</summary>
    public Task Repeat() => phone.Send(Invite());

    public Task<SipMessage> Response(int status, TimeSpan? limit = null) =>
        phone.Next(message => message.Status == status && message.Method == "INVITE" && message.CallId == CallId, limit);

    /// <summary>The final response to the INVITE; it is acknowledged.</summary>
    public async Task<SipMessage> Final(TimeSpan? limit = null)
    {
        var final = await phone.Next(message => message.Status >= 200 && message.Method == "INVITE" && message.CallId == CallId && message.CSeq == CSeq, limit);
        await Acknowledge(final);
        return final;
    }

    /// <summary>The ACK for a final response: of a failure in its transaction, of a success in the dialog that it makes.</summary>
    public async Task Acknowledge(SipMessage final)
    {
        if (final.Status >= 300)
        {
            await phone.Send(phone.Request("ACK", _uri, final.CSeq, CallId, _tag, _uri, final.ToTag, branch: _branch));
            return;
        }

        Establish(final);
        await phone.Send(phone.Request("ACK", _target!, final.CSeq, CallId, _tag, _uri, _remoteTag));
    }

    /// <summary>Takes the dialog from a 2xx without acknowledging it.</summary>
    public void Establish(SipMessage success)
    {
        _target = success.Target;
        _remoteTag = success.ToTag;
    }

    public Task Cancel() => phone.Send(phone.Request("CANCEL", _uri, CSeq, CallId, _tag, _uri, branch: _branch));

    /// <summary>Sends a request in the dialog; the CSeq that it has.</summary>
    public async Task<int> SendInDialog(string method, string? content = null, string extra = "")
    {
        var cseq = ++CSeq;
        await phone.Send(phone.Request(method, _target ?? _uri, cseq, CallId, _tag, _uri, _remoteTag, extra, content));
        return cseq;
    }

    private Task SendInvite()
    {
        CSeq++;
        _branch = "z9hG4bK" + TestPhone.Token();
        return phone.Send(Invite());
    }

    private string Invite() => phone.Request("INVITE", _uri, CSeq, CallId, _tag, _uri, extra: $"Contact: {phone.Contact}\r\n{_authorization}", body: body, branch: _branch);
}
