namespace Telephony.Sip;

/// <summary>What an edge knows of a registration that it may refresh. Guarded by itself.</summary>
internal sealed class Refreshable
{
    private readonly UInt128 _words;
    private readonly long _granted;
    private UInt128 _lastKey;
    private long _expiresAt, _knownUntil; // as it is, and as far as its owner knows

    private Refreshable(SipRegistration registration, string domain, string username, SipAccount account)
    {
        var register = registration.Register;
        (Owner, Domain, Username, Account) = (registration.Owner, domain, username, account);
        AddressOfRecord = KeyOf(register.Value(HeaderId.To));
        Flow = registration.Flow;
        Answer = Lines(registration.Accepted);
        _granted = (registration.ExpiresAt - registration.Now).Ticks;
        _expiresAt = _knownUntil = registration.ExpiresAt.UtcTicks;
        CSeq = register.CSeq.Number;
        _words = Words(register.View);
    }

    public string Owner { get; }

    public string Domain { get; }

    public string Username { get; }

    public SipAccount Account { get; }

    /// <summary>What it is found by: the To of its REGISTER, word for word, which <see cref="AsksTheSame"/> looks at again.</summary>
    public ulong AddressOfRecord { get; }

    public SipFlow Flow { get; }

    /// <summary>The lines of the answer below those that are copied.</summary>
    public byte[] Answer { get; }

    public uint CSeq { get; private set; }

    public bool IsOver(DateTimeOffset now) => _expiresAt <= now.UtcTicks;

    /// <summary>Null when it can't be refreshed here: it has a body, or is for nobody who is known.</summary>
    public static Refreshable? Of(SipRegistration registration, ISipAccounts accounts)
    {
        var register = registration.Register;
        return register.Body.IsEmpty && register.To.Uri is { User: { } user, Host: var host } && accounts.TryFind(host, user, out var account)
            ? new(registration, host == account.Realm ? account.Realm : host, account.Username, account)
            : null;
    }

    public static ulong KeyOf(ReadOnlySpan<byte> to)
    {
        var hash = new SipHash();
        hash.Add(to);
        return (ulong)hash.Finish();
    }

    /// <summary>Whether it asks the same as the REGISTER that was accepted: word for word, but for what every request has anew.</summary>
    public bool AsksTheSame(in SipView register) => register.Body.IsEmpty && Words(register) == _words;

    /// <summary>Whether it is a copy of the last one.</summary>
    public bool IsCopy(UInt128 key) => _lastKey == key && key != default;

    public void Refresh(UInt128 key, uint cseq, DateTimeOffset now) => (_lastKey, CSeq, _expiresAt) = (key, cseq, now.UtcTicks + _granted);

    /// <summary>
    /// What its owner should hear: nothing while the owner knows at least half of the time that is left. So a phone that refreshes every few seconds costs its owner
    /// little, and what the owner knows is never past while the binding holds.
    /// </summary>
    public SipRefreshed? News(string edge, DateTimeOffset now, bool isLast)
    {
        if (isLast ? _expiresAt <= _knownUntil : (_expiresAt - _knownUntil) * 2 <= _expiresAt - now.UtcTicks) return null;
        _knownUntil = _expiresAt;
        return new(edge, Owner, Flow, CSeq, new(_expiresAt, TimeSpan.Zero));
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
