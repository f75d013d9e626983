using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using static Telephony.Sip.Tests.TestMessages;

namespace Telephony.Sip.Tests.Transports;

/// <summary>STUN on the SIP port, as a keep-alive (RFC 5626 §4.4.2).</summary>
public sealed class StunTests : IAsyncDisposable
{
    private const string Id = "B7E7A701BC34D686FA87DFAE";

    private readonly EdgeFixture _edge = new(); // in a second that does not end
    private readonly Socket _phone = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 20_000 };

    public StunTests() => _phone.Connect(_edge.EndPoint);

    private static byte[] Binding(string attributes = "", string type = "0001") =>
        Convert.FromHexString($"{type}{attributes.Length / 2:X4}2112A442{Id}{attributes}");

    private byte[] Receive()
    {
        var buffer = new byte[2048];
        return buffer[.._phone.Receive(buffer)];
    }

    // nothing else came before the answer to this
    private void ExpectNothing()
    {
        _phone.Send(Bytes("OPTIONS sip:x SIP/2.0\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bKz\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b\nCall-ID: x\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n"));
        Assert.StartsWith("SIP/2.0 400", System.Text.Encoding.ASCII.GetString(Receive()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("8022000474657374")] // SOFTWARE, which need not be understood
    [InlineData("000600036162630000080014" + "0000000000000000000000000000000000000000")] // who it is, which is not asked
    public void A_binding_request_gets_the_address_that_it_came_from(string attributes)
    {
        _phone.Send(Binding(attributes));

        var answer = Receive();
        var local = (IPEndPoint)_phone.LocalEndPoint!;
        Assert.Equal($"0101000C2112A442{Id}002000080001", Convert.ToHexString(answer.AsSpan(0, 26)));
        Assert.Equal(local.Port ^ 0x2112, BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(26)));
        Assert.Equal(0x7F000001u ^ 0x2112A442u, BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(28)));
    }

    [Fact]
    public void An_attribute_that_must_be_understood_and_is_not_is_named_with_420()
    {
        _phone.Send(Binding("0003000400000006")); // CHANGE-REQUEST

        var answer = Receive();
        Assert.Equal($"011100242112A442{Id}", Convert.ToHexString(answer.AsSpan(0, 20)));
        Assert.Equal((4, 20), (answer[26], answer[27]));
        Assert.Equal("000A000200030000", Convert.ToHexString(answer.AsSpan(48)));
    }

    [Theory]
    [InlineData("", "0101")] // an answer
    [InlineData("", "0011")] // an indication
    [InlineData("00030010", "0001")] // cut off
    public void Whatever_is_no_whole_request_gets_no_answer(string attributes, string type)
    {
        _phone.Send(Binding(attributes, type));
        ExpectNothing();
    }

    [Fact]
    public void More_than_allowed_in_a_second_get_no_answer_until_the_next()
    {
        for (var number = 0; number < StunServer.PerSecond; number++)
        {
            _phone.Send(Binding());
            Receive();
        }

        _phone.Send(Binding());
        ExpectNothing();

        _edge.Time.Advance(TimeSpan.FromSeconds(1));
        _phone.Send(Binding());
        Assert.Equal(0x01, Receive()[0]);
    }

    public async ValueTask DisposeAsync()
    {
        _phone.Dispose();
        await _edge.DisposeAsync();
    }
}
