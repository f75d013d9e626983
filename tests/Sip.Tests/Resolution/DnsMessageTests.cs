namespace Telephony.Sip.Tests.Resolution;

/// <summary>RFC 1035 §4: messages of DNS, as they should be and as an attacker makes them.</summary>
public class DnsMessageTests
{
    private const string Everything =
        """
        example.com 60 NAPTR 50 51 s SIPS+D2T _sips._tcp.example.com
        example.com NAPTR 90 50 s SIP+D2T !^.*$!sip:a@b! .
        _sips._tcp.example.com SRV 1 2 5061 server1.example.com
        server1.example.com 7 A 192.0.2.1
        server1.example.com AAAA 2001:db8::1
        www.example.com CNAME server1.example.com
        example.com 3600 SOA 900
        """;

    private static DnsQuery Query(string name, DnsType type)
    {
        Assert.True(DnsQuery.TryMake(new(name, type), isExtended: true, out var query));
        return query;
    }

    [Theory]
    [InlineData("example.com", DnsType.Naptr, 2)]
    [InlineData("_sips._tcp.example.com", DnsType.Srv, 1)]
    [InlineData("server1.example.com", DnsType.A, 1)]
    [InlineData("server1.example.com", DnsType.Aaaa, 1)]
    [InlineData("www.example.com", DnsType.A, 1)]
    public void What_a_server_writes_is_read_without_loss(string name, object type, int count)
    {
        var zone = Zone.Of(Everything);
        var query = Query(name, (DnsType)type);

        Assert.True(query.TryAccept(DnsWire.Answer(query.Wire.Span, zone), out var answer));

        Assert.Equal(zone.Find(query.Question), answer.Answers);
        Assert.Equal(count, answer.Answers.Count);
    }

    [Fact]
    public void A_name_that_does_not_exist_says_for_how_long_by_the_lesser_of_ttl_and_minimum_RFC2308_5()
    {
        var query = Query("gone.example.com", DnsType.A);

        Assert.True(query.TryAccept(DnsWire.Answer(query.Wire.Span, Zone.Of("example.com 60 SOA 900")), out var answer));

        Assert.Equal((DnsCode.NoSuchName, TimeSpan.FromSeconds(60)), (answer.Code, answer.Authority!.NegativeTtl));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example")]
    [InlineData("bücher.example")]
    public void What_is_no_name_is_not_asked(string name) => Assert.False(DnsQuery.TryMake(new(name, DnsType.A), isExtended: true, out _));

    [Fact]
    public void A_name_of_255_bytes_is_the_longest()
    {
        var longest = string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 61));

        Assert.True(DnsQuery.TryMake(new(longest, DnsType.A), isExtended: true, out _));
        Assert.False(DnsQuery.TryMake(new(longest + "d", DnsType.A), isExtended: true, out _));
    }

    [Fact]
    public void A_question_says_that_it_takes_1232_bytes_and_ids_differ()
    {
        var ids = Enumerable.Range(0, 50).Select(_ => Convert.ToHexString(Query("a", DnsType.A).Wire.Span[..2])).Distinct().Count();

        Assert.True(ids > 40);
        Assert.Equal("00002904D0000000000000", Convert.ToHexString(Query("a", DnsType.A).Wire.Span[^11..])); // RFC 6891 §6.1.2
    }

    [Fact]
    public void An_answer_to_another_question_is_not_ours_RFC5452_9_1()
    {
        var zone = Zone.Of(Everything);
        var query = Query("server1.example.com", DnsType.A);
        var right = DnsWire.Answer(query.Wire.Span, zone);
        byte[] With(int at, byte value)
        {
            var wrong = right.ToArray();
            wrong[at] = value;
            return wrong;
        }

        Assert.True(query.TryAccept(With(13, (byte)'S'), out _)); // the case of letters is not the server's word
        Assert.False(query.TryAccept(With(0, (byte)~right[0]), out _)); // id
        Assert.False(query.TryAccept(With(2, 0x01), out _)); // a question
        Assert.False(query.TryAccept(With(13, (byte)'x'), out _)); // name
        Assert.False(query.TryAccept(With(query.Wire.Length - 11 - 3, (byte)DnsType.Aaaa), out _)); // type
        Assert.False(query.TryAccept(DnsWire.Answer(Query("www.example.com", DnsType.A).Wire.Span, zone), out _));
        Assert.False(query.TryAccept([], out _));
    }

    [Fact]
    public void Bad_records_are_left_out_and_the_others_read()
    {
        var query = Query("a.example", DnsType.Srv);
        var good = Zone.Of("a.example SRV 1 1 5060 b.example\na.example SRV 2 2 5060 c.example").Find(query.Question);
        var wire = DnsWire.Answer(query.Wire.Span, good);
        var target = wire.AsSpan().IndexOf("\u0001b"u8);
        wire[target + 1] = (byte)'.'; // a label with a dot in it

        Assert.True(query.TryAccept(wire, out var answer));

        Assert.Equal([good[1]], answer.Answers);
    }

    [Theory]
    [InlineData("C00C")] // itself
    [InlineData("C00E")] // forward
    [InlineData("0161C00C")] // a label, and then itself
    [InlineData("0161")] // never ends
    [InlineData("C0")] // half a pointer
    [InlineData("8161")] // no such kind of label
    public void A_name_that_never_ends_is_no_name(string bytes)
    {
        byte[] message = [.. new byte[12], .. Convert.FromHexString(bytes)];

        Assert.False(DnsName.TryRead(message, 12, out _));
    }

    [Fact]
    public void A_name_of_many_pointers_ends()
    {
        // each points to the one before: 12 <- 14 <- 16 ...; the first is the root
        var message = new byte[2048];
        for (var at = 14; at < message.Length; at += 2) (message[at], message[at + 1]) = ((byte)(0xC0 | at - 2 >> 8), (byte)(at - 2));

        Assert.True(DnsName.TryRead(message, message.Length - 2, out var name));
        Assert.Equal("", name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Mutated_answers_never_throw_and_are_never_longer_than_they_are(int seed)
    {
        var random = new Random(seed);
        var zone = Zone.Of(Everything);
        DnsQuery[] queries = [Query("example.com", DnsType.Naptr), Query("_sips._tcp.example.com", DnsType.Srv), Query("www.example.com", DnsType.A), Query("gone.example.com", DnsType.A)];
        var read = 0;
        for (var number = 0; number < 20_000; number++)
        {
            var query = queries[number % queries.Length];
            var wire = DnsWire.Answer(query.Wire.Span, zone).ToList();
            for (var times = random.Next(1, 6); times > 0; times--)
            {
                var at = random.Next(2, wire.Count);
                switch (random.Next(4))
                {
                    case 0: wire[at] = (byte)random.Next(256); break;
                    case 1: wire[at] = 0xC0; break;
                    case 2: wire.RemoveRange(at, random.Next(wire.Count - at)); break;
                    default: wire.InsertRange(at, wire.Take(random.Next(wire.Count)).ToArray()); break;
                }

                if (wire.Count < 3) break;
            }

            if (DnsMessage.TryRead([.. wire], out var message)) read++;
            Assert.True(message is null || message.Answers.Count <= wire.Count / 11);
        }

        Assert.InRange(read, 1_000, 20_000);
    }

    [Fact]
    public void An_answer_cut_off_anywhere_is_no_answer_unless_it_says_that_it_is_truncated()
    {
        var query = Query("example.com", DnsType.Naptr);
        var wire = DnsWire.Answer(query.Wire.Span, Zone.Of(Everything));
        for (var length = 0; length < wire.Length; length++) Assert.False(query.TryAccept(wire.AsSpan(0, length), out _));

        wire[2] |= 2;
        Assert.True(query.TryAccept(wire.AsSpan(0, wire.Length - 1), out var answer));
        Assert.Single(answer.Answers);
    }
}
