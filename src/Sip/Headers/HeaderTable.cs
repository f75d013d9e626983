using System.Buffers.Binary;
using System.Text;

namespace Telephony.Sip;

/// <summary>Names of header fields (RFC 3261 §20, §7.3.3 and the RFCs that added to it) and what kind of value each has.</summary>
internal static class HeaderTable
{
    private const int MaxName = 24;
    private const int SlotCount = 512;

    private static readonly Entry[] Entries =
    [
        new(HeaderId.Via, "Via", 'v', IsList: true),
        new(HeaderId.From, "From", 'f', IsSingle: true),
        new(HeaderId.To, "To", 't', IsSingle: true),
        new(HeaderId.CallId, "Call-ID", 'i', IsSingle: true),
        new(HeaderId.CSeq, "CSeq", IsSingle: true),
        new(HeaderId.MaxForwards, "Max-Forwards", IsSingle: true),
        new(HeaderId.Contact, "Contact", 'm', IsList: true),
        new(HeaderId.ContentLength, "Content-Length", 'l', IsSingle: true),
        new(HeaderId.ContentType, "Content-Type", 'c', IsSingle: true),
        new(HeaderId.Route, "Route", IsList: true),
        new(HeaderId.RecordRoute, "Record-Route", IsList: true),
        new(HeaderId.Expires, "Expires", IsSingle: true),
        new(HeaderId.Authorization, "Authorization"),
        new(HeaderId.ProxyAuthorization, "Proxy-Authorization"),
        new(HeaderId.WwwAuthenticate, "WWW-Authenticate"),
        new(HeaderId.ProxyAuthenticate, "Proxy-Authenticate"),
        new(HeaderId.Supported, "Supported", 'k', IsList: true),
        new(HeaderId.Require, "Require", IsList: true),
        new(HeaderId.ProxyRequire, "Proxy-Require", IsList: true),
        new(HeaderId.Unsupported, "Unsupported", IsList: true),
        new(HeaderId.Allow, "Allow", IsList: true),
        new(HeaderId.Accept, "Accept", IsList: true),
        new(HeaderId.AcceptEncoding, "Accept-Encoding", IsList: true),
        new(HeaderId.AcceptLanguage, "Accept-Language", IsList: true),
        new(HeaderId.ContentEncoding, "Content-Encoding", 'e', IsList: true),
        new(HeaderId.ContentLanguage, "Content-Language", IsList: true),
        new(HeaderId.Path, "Path", IsList: true),
        new(HeaderId.ServiceRoute, "Service-Route", IsList: true),
        new(HeaderId.Subject, "Subject", 's'),
        new(HeaderId.UserAgent, "User-Agent"),
        new(HeaderId.Server, "Server"),
        new(HeaderId.Event, "Event", 'o', IsSingle: true),
        new(HeaderId.AllowEvents, "Allow-Events", 'u', IsList: true),
        new(HeaderId.ReferTo, "Refer-To", 'r', IsSingle: true),
        new(HeaderId.ReferredBy, "Referred-By", 'b', IsSingle: true),
        new(HeaderId.Replaces, "Replaces", IsSingle: true),
        new(HeaderId.SessionExpires, "Session-Expires", 'x', IsSingle: true),
        new(HeaderId.MinSe, "Min-SE", IsSingle: true),
        new(HeaderId.MinExpires, "Min-Expires", IsSingle: true),
        new(HeaderId.RetryAfter, "Retry-After", IsSingle: true),
        new(HeaderId.Timestamp, "Timestamp"),
        new(HeaderId.Warning, "Warning", IsList: true),
        new(HeaderId.AlertInfo, "Alert-Info", IsList: true),
        new(HeaderId.CallInfo, "Call-Info", IsList: true),
        new(HeaderId.ErrorInfo, "Error-Info", IsList: true),
        new(HeaderId.InReplyTo, "In-Reply-To", IsList: true),
        new(HeaderId.Date, "Date"),
        new(HeaderId.PAssertedIdentity, "P-Asserted-Identity", IsList: true),
        new(HeaderId.PPreferredIdentity, "P-Preferred-Identity", IsList: true),
        new(HeaderId.Privacy, "Privacy"),
        new(HeaderId.Diversion, "Diversion", IsList: true),
        new(HeaderId.HistoryInfo, "History-Info", IsList: true),
        new(HeaderId.Reason, "Reason", IsList: true),
        new(HeaderId.RSeq, "RSeq", IsSingle: true),
        new(HeaderId.RAck, "RAck", IsSingle: true),
        new(HeaderId.SubscriptionState, "Subscription-State", IsSingle: true),
        new(HeaderId.SipETag, "SIP-ETag", IsSingle: true),
        new(HeaderId.SipIfMatch, "SIP-If-Match", IsSingle: true),
        new(HeaderId.ReferSub, "Refer-Sub", IsSingle: true),
        new(HeaderId.TargetDialog, "Target-Dialog", IsSingle: true),
        new(HeaderId.Join, "Join", IsSingle: true),
        new(HeaderId.ContentDisposition, "Content-Disposition", IsSingle: true),
        new(HeaderId.InfoPackage, "Info-Package", IsSingle: true),
        new(HeaderId.RecvInfo, "Recv-Info", IsList: true),
        new(HeaderId.MimeVersion, "MIME-Version"),
        new(HeaderId.PAssociatedUri, "P-Associated-URI", IsList: true),
        new(HeaderId.RemotePartyId, "Remote-Party-ID", IsList: true),
        new(HeaderId.AnswerMode, "Answer-Mode"),
        new(HeaderId.PrivAnswerMode, "Priv-Answer-Mode"),
        new(HeaderId.AcceptContact, "Accept-Contact", 'a', IsList: true),
        new(HeaderId.RejectContact, "Reject-Contact", 'j', IsList: true),
        new(HeaderId.RequestDisposition, "Request-Disposition", 'd', IsList: true),
        new(HeaderId.Identity, "Identity", 'y', IsList: true),
        new(HeaderId.IdentityInfo, "Identity-Info", 'n'),
        new(HeaderId.ResourcePriority, "Resource-Priority", IsList: true),
        new(HeaderId.AcceptResourcePriority, "Accept-Resource-Priority", IsList: true),
        new(HeaderId.SecurityClient, "Security-Client", IsList: true),
        new(HeaderId.SecurityServer, "Security-Server", IsList: true),
        new(HeaderId.SecurityVerify, "Security-Verify", IsList: true),
        new(HeaderId.FeatureCaps, "Feature-Caps", IsList: true),
        new(HeaderId.Geolocation, "Geolocation", IsList: true),
        new(HeaderId.Organization, "Organization"),
        new(HeaderId.ReplyTo, "Reply-To"),
    ];

    private static readonly Entry[] ById = [.. Enumerable.Range(0, Entries.Length + 1)
        .Select(id => Entries.FirstOrDefault(e => (int)e.Id == id) ?? new Entry(HeaderId.Other, ""))];

    private static readonly HeaderId[] ByCompactForm = [.. Enumerable.Range(0, 128)
        .Select(c => Entries.FirstOrDefault(e => e.Compact != 0 && e.Compact == (c | 0x20) && char.IsAsciiLetter((char)c))?.Id ?? HeaderId.Other)];

    private static readonly ulong Single = Entries.Where(e => e.IsSingle).Aggregate(0ul, (bits, e) => bits | 1ul << (int)e.Id);

    // open addressing: a name's place is a hash of its words, or the next that was free
    private static readonly Slot[] Slots = Fill();

    /// <summary>Finds a name in any case, long or compact.</summary>
    public static HeaderId Find(ReadOnlySpan<byte> name)
    {
        if (name.Length == 1) return name[0] < 128 ? ByCompactForm[name[0]] : HeaderId.Other;
        if (name.Length is 0 or > MaxName) return HeaderId.Other;

        var words = new Words(name);
        for (var at = words.Hash; ; at++)
        {
            ref readonly var slot = ref Slots[at & (SlotCount - 1)];
            if (slot.Words == words) return slot.Id; // an unknown name meets a free slot, which has no length
            if (slot.Id == HeaderId.Other) return HeaderId.Other;
        }
    }

    public static HeaderId Find(string name)
    {
        Span<byte> bytes = stackalloc byte[32];
        return name.Length > bytes.Length || !Encoding.UTF8.TryGetBytes(name, bytes, out var length) ? HeaderId.Other : Find(bytes[..length]);
    }

    /// <summary>The long name as the RFC writes it.</summary>
    public static ReadOnlySpan<byte> Name(HeaderId id) => ById[(int)id].Bytes;

    /// <summary>Whether values may share a line, parted by commas.</summary>
    public static bool IsList(HeaderId id) => ById[(int)id].IsList;

    /// <summary>Whether a message is checked for this one: for being there, being there once, or being well-formed. Those that are fit into a word's bits.</summary>
    public static bool HasRule(HeaderId id) => id is not HeaderId.Other and < HeaderId.Subject;

    /// <summary>Whether there may be one at most.</summary>
    public static bool IsSingle(HeaderId id) => HasRule(id) && (Single >> (int)id & 1) != 0;

    private static Slot[] Fill()
    {
        var slots = new Slot[SlotCount];
        foreach (var entry in Entries)
        {
            var words = new Words(entry.Bytes);
            var at = words.Hash & (SlotCount - 1);
            while (slots[at].Id != HeaderId.Other) at = (at + 1) & (SlotCount - 1);
            slots[at] = new(words, entry.Id);
        }

        return slots;
    }

    private sealed record Entry(HeaderId Id, string Name, char Compact = '\0', bool IsList = false, bool IsSingle = false)
    {
        public byte[] Bytes { get; } = Encoding.ASCII.GetBytes(Name);
    }

    private readonly record struct Slot(Words Words, HeaderId Id);

    /// <summary>
    /// A name of up to 24 bytes as three words, in lower case: its beginning, middle and end, which overlap. Bit 5 tells capitals from small letters; the
    /// other pairs that it makes equal are of control characters and digits, hyphens or brackets, which a field's name can't have both of.
    /// </summary>
    private readonly record struct Words
    {
        private const ulong LowerCase = 0x2020202020202020;

        private readonly ulong _head, _middle, _tail;
        private readonly int _length;

        public Words(ReadOnlySpan<byte> name)
        {
            _length = name.Length;
            if (name.Length >= 8)
            {
                _head = BinaryPrimitives.ReadUInt64LittleEndian(name) | LowerCase;
                _tail = BinaryPrimitives.ReadUInt64LittleEndian(name[^8..]) | LowerCase;
                if (name.Length > 16) _middle = BinaryPrimitives.ReadUInt64LittleEndian(name[8..]) | LowerCase;
            }
            else if (name.Length >= 4)
            {
                _head = BinaryPrimitives.ReadUInt32LittleEndian(name) | LowerCase;
                _tail = BinaryPrimitives.ReadUInt32LittleEndian(name[^4..]) | LowerCase;
            }
            else
            {
                foreach (var b in name) _head = _head << 8 | b | 0x20u;
            }
        }

        public int Hash => (int)((_head * 0x9E3779B97F4A7C15 ^ _tail * 0xC2B2AE3D27D4EB4F) >> 52);
    }
}
