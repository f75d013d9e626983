using System.Buffers.Binary;
using System.Text;

namespace Telephony.Sip.Tests.Resolution;

/// <summary>Writes answers as a server does, with names compressed.</summary>
internal sealed class DnsWire
{
    private readonly List<byte> _bytes = [];
    private readonly Dictionary<string, int> _places = [];

    private DnsWire(ReadOnlySpan<byte> query) => _bytes.AddRange(query);

    /// <summary>The answer that a zone has for a query.</summary>
    public static byte[] Answer(ReadOnlySpan<byte> query, Zone zone, bool isTruncated = false) =>
        Answer(query, isTruncated ? [] : zone.Find(QuestionOf(query)), zone.Authority, zone.Knows(QuestionOf(query).Name) ? DnsCode.NoError : DnsCode.NoSuchName, isTruncated);

    public static byte[] Answer(ReadOnlySpan<byte> query, IReadOnlyList<DnsRecord> records, AuthorityRecord? authority = null, DnsCode code = DnsCode.NoError, bool isTruncated = false)
    {
        var end = DnsHeader.Length;
        Assert.True(DnsName.TrySkip(query, ref end));
        var wire = new DnsWire(query[..(end + 4)]);
        wire._places[QuestionOf(query).Name] = DnsHeader.Length;
        if (records.Count > 0) authority = null;
        wire._bytes[2] = (byte)(0x81 | (isTruncated ? 2 : 0));
        wire._bytes[3] = (byte)(0x80 | (int)code);
        (wire._bytes[6], wire._bytes[7]) = ((byte)(records.Count >> 8), (byte)records.Count);
        wire._bytes[9] = (byte)(authority is null ? 0 : 1);
        wire._bytes[10] = wire._bytes[11] = 0;
        foreach (var record in records) wire.Add(record);
        if (authority is not null) wire.Add(authority);
        return [.. wire._bytes];
    }

    public static DnsQuestion QuestionOf(ReadOnlySpan<byte> query)
    {
        var end = DnsHeader.Length;
        Assert.True(DnsName.TryRead(query, end, out var name) && DnsName.TrySkip(query, ref end));
        return new(name, (DnsType)BinaryPrimitives.ReadUInt16BigEndian(query[end..]));
    }

    private void Add(DnsRecord record)
    {
        Name(record.Name);
        Number((int)Zone.TypeOf(record));
        Number(DnsHeader.ClassIn);
        Seconds(record.Ttl);
        var length = _bytes.Count;
        Number(0);
        switch (record)
        {
            case AddressRecord address:
                _bytes.AddRange(address.Address.GetAddressBytes());
                break;
            case AliasRecord alias:
                Name(alias.Target);
                break;
            case ServiceRecord service:
                Number(service.Priority);
                Number(service.Weight);
                Number(service.Port);
                Name(service.Target);
                break;
            case PointerRecord pointer:
                Number(pointer.Order);
                Number(pointer.Preference);
                Text(pointer.Flags);
                Text(pointer.Services);
                Text(pointer.Regexp);
                Name(pointer.Replacement);
                break;
            case AuthorityRecord authority:
                Name("ns." + authority.Name);
                Name("root." + authority.Name);
                for (var number = 0; number < 4; number++) Seconds(TimeSpan.FromHours(1));
                Seconds(authority.NegativeTtl);
                break;
        }

        var data = _bytes.Count - length - 2;
        (_bytes[length], _bytes[length + 1]) = ((byte)(data >> 8), (byte)data);
    }

    private void Name(string name)
    {
        while (name.Length > 0)
        {
            if (_places.TryGetValue(name, out var place))
            {
                Number(0xC000 | place);
                return;
            }

            _places[name] = _bytes.Count;
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            Text(dot < 0 ? name : name[..dot]);
            name = dot < 0 ? "" : name[(dot + 1)..];
        }

        _bytes.Add(0);
    }

    private void Text(string text)
    {
        _bytes.Add((byte)text.Length);
        _bytes.AddRange(Encoding.Latin1.GetBytes(text));
    }

    private void Number(int number) => _bytes.AddRange([(byte)(number >> 8), (byte)number]);

    private void Seconds(TimeSpan time)
    {
        var seconds = (int)time.TotalSeconds;
        Number(seconds >> 16);
        Number(seconds);
    }
}
