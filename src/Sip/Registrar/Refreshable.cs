namespace Telephony.Sip;

/// <summary>What an edge knows of a registration that it may refresh. Guarded by itself.</summary>
internal sealed class Refreshable
{
    private readonly UInt128 _words;
    private UInt128 _lastKey;

    private Refreshable(SipRegistration registration, string domain, string username, SipAccount account)
    {
        var register = registration.Register;
        (Owner, Domain, Username, Account) = (registration.Owner, domain, username, account);
        Credentials = new(account.Md5, account.Sha256);
        AddressOfRecord = KeyOf(register.Value(HeaderId.To));
        Flow = registration.Flow;
        Answer = Lines(registration.Accepted);
        Granted = registration.ExpiresAt - registration.Now;
        ExpiresAt = KnownUntil = registration.ExpiresAt;
        CSeq = register.CSeq.Number;
        _words = Words(register.View);
    }

    public string Owner { get; }

    public string Domain { get; }

    public string Username { get; }

    public SipAccount Account { get; }

    public DigestCredentials Credentials { get; }

    /// <summary>What it is found by: the To of its REGISTER, word for word.</summary>
    public UInt128 AddressOfRecord { get; }

    public SipFlow Flow { get; }

    /// <summary>The lines of the answer below those that are copied.</summary>
    public byte[] Answer { get; }

    public TimeSpan Granted { get; }

    public uint CSeq { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it ends as far as its owner knows.</summary>
    public DateTimeOffset KnownUntil { get; private set; }

    /// <summary>Null when it can't be refreshed here: it has a body, or is for nobody who is known.</summary>
    public static Refreshable? Of(SipRegistration registration, ISipAccounts accounts)
    {
        var register = registration.Register;
        return register.Body.IsEmpty && register.To.Uri is { User: { } user, Host: var host } && accounts.TryFind(host, user, out var account)
            ? new(registration, host == account.Realm ? account.Realm : host, user, account)
            : null;
    }

    public static UInt128 KeyOf(ReadOnlySpan<byte> to)
    {
        var hash = new SipHash();
        hash.Add(to);
        return hash.Finish();
    }

    /// <summary>Whether it asks the same as the REGISTER that was accepted: word for word, but for what every request has anew.</summary>
    public bool AsksTheSame(in SipView register) => register.Body.IsEmpty && Words(register) == _words;

    /// <summary>Whether it is a copy of the last one.</summary>
    public bool IsCopy(UInt128 key) => _lastKey == key && key != default;

    public void Refresh(UInt128 key, uint cseq, DateTimeOffset now) => (_lastKey, CSeq, ExpiresAt) = (key, cseq, now + Granted);

    /// <summary>
    /// What its owner should hear: nothing while the owner knows at least half of the time that is left. So a phone that refreshes every few seconds costs its owner
    /// little, and what the owner knows is never past while the binding holds.
    /// </summary>
    public SipRefreshed? News(string edge, DateTimeOffset now, bool isLast)
    {
        if (isLast ? ExpiresAt <= KnownUntil : (ExpiresAt - KnownUntil) * 2 <= ExpiresAt - now) return null;
        KnownUntil = ExpiresAt;
        return new(edge, Owner, Flow, CSeq, ExpiresAt);
    }

    // the registrar looks at none of those that are left out
    private static UInt128 Words(in SipView register)
    {
        var hash = new SipHash();
        hash.Add(register.RequestUri);
        foreach (ref readonly var field in register.Fields)
        {
            if (field.Id is HeaderId.Via or HeaderId.From or HeaderId.CSeq or HeaderId.Authorization or HeaderId.ProxyAuthorization) continue;
            hash.Add(field.NameIn(register.Wire));
            hash.Add(field.ValueIn(register.Wire));
        }

        return hash.Finish();
    }

    private static byte[] Lines(SipResponse response)
    {
        var lines = new MemoryStream();
        foreach (ref readonly var field in response.Fields)
        {
            if (field.Id is HeaderId.Via or HeaderId.From or HeaderId.To or HeaderId.CallId or HeaderId.CSeq or HeaderId.ContentLength) continue;
            lines.Write(field.NameIn(response.Span));
            lines.Write(": "u8);
            lines.Write(field.ValueIn(response.Span));
            lines.Write("\r\n"u8);
        }

        return lines.ToArray();
    }
}
