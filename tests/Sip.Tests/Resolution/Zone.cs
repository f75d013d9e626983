using System.Globalization;
using System.Net;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>Records as in a zone file: <c>name [ttl] type data</c>. Answers questions as a server would; a SOA line gives negative answers their time.</summary>
internal sealed class Zone(IReadOnlyList<DnsRecord> records) : IDnsLookup
{
    /// <summary>What was asked.</summary>
    public List<DnsQuestion> Asked { get; } = [];

    /// <summary>Names that nobody answers for.</summary>
    public HashSet<string> Silent { get; } = [];

    public static Zone Of(string text) => new([.. text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Read)]);

    public IReadOnlyList<DnsRecord> Find(DnsQuestion question) =>
        [.. records.Where(record => record.Name == question.Name && (TypeOf(record) == question.Type || record is AliasRecord))];

    public AuthorityRecord? Authority => records.OfType<AuthorityRecord>().FirstOrDefault();

    public bool Knows(string name) => records.Any(record => record.Name == name);

    public ValueTask<DnsAnswer> Ask(DnsQuestion question, CancellationToken stop)
    {
        Asked.Add(question);
        if (Silent.Contains(question.Name)) return new(DnsAnswer.Failed);
        var found = Find(question);
        return new(new DnsAnswer(found.Count > 0 ? DnsOutcome.Found : DnsOutcome.None, found));
    }

    public static DnsType TypeOf(DnsRecord record) => record switch
    {
        AddressRecord { Address.AddressFamily: System.Net.Sockets.AddressFamily.InterNetwork } => DnsType.A,
        AddressRecord => DnsType.Aaaa,
        AliasRecord => DnsType.Cname,
        ServiceRecord => DnsType.Srv,
        PointerRecord => DnsType.Naptr,
        _ => DnsType.Soa,
    };

    private static DnsRecord Read(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        var name = words[0] == "." ? "" : words[0];
        var ttl = TimeSpan.FromSeconds(300);
        if (int.TryParse(words[1], CultureInfo.InvariantCulture, out var seconds))
        {
            ttl = TimeSpan.FromSeconds(seconds);
            words.RemoveAt(1);
        }

        int Number(int at) => int.Parse(words[at], CultureInfo.InvariantCulture);
        string Name(int at) => words[at] == "." ? "" : words[at];
        return words[1] switch
        {
            "A" or "AAAA" => new AddressRecord(name, ttl, IPAddress.Parse(words[2])),
            "CNAME" => new AliasRecord(name, ttl, Name(2)),
            "SRV" => new ServiceRecord(name, ttl, Number(2), Number(3), Number(4), Name(5)),
            "NAPTR" => new PointerRecord(name, ttl, Number(2), Number(3), words[4], words[5], words.Count > 7 ? words[6] : "", Name(words.Count - 1)),
            "SOA" => new AuthorityRecord(name, ttl, TimeSpan.FromSeconds(Number(2))),
            _ => throw new FormatException(line),
        };
    }
}
