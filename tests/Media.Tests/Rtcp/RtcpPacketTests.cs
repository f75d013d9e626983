namespace Telephony.Media.Rtcp;

public sealed class RtcpPacketTests
{
    public static TheoryData<string, bool> Reports => new()
    {
        { "80 c9 0001 00000001", true },
        { "80 c8 0006 00000001 0000000000000000 00000000 00000000 00000000", true },
        { "81 c8 0006 00000001 0000000000000000 00000000 00000000 00000000", false }, // a report block said, and not there
        { "80 c8 0005 00000001 0000000000000000 00000000 00000000", false }, // shorter than its type
        { "80 c9 0001 00000001 80 ca 0001 00000001", true }, // two in one
        { "80 c9 0001 00000001 80 ca 0002 00000001", false },
        { "80 c9 0001 00000001 80 ca 00", false },
        { "a0 c9 0001 00000001 80 ca 0001 00000001", false }, // padding within
        { "80 c9 0001 00000001 a0 cb 0002 00000000 00000004", true },
        { "80 c9 0001 00000001 a0 cb 0001 00000010", false }, // more padding than packet
        { "81 cb 0001 00000001", true },
        { "82 cb 0001 00000001", false }, // two say goodbye, one is there
        { "80 cf 0004 00000001 04 00 0002 0000000000000000", true }, // RFC 3611 §4.4
        { "80 cf 0004 00000001 04 00 0003 0000000000000000", false },
        { "80 cf 0004 00000001 07 00 0002 0000000000000000", false }, // VoIP metrics have eight words
        { "80 c9 0002 00000001", false }, // longer than the datagram
        { "80 c9 0001 000000", false },
        { "80 00 0001 00000001", false }, // RTP's type
        { "40 c9 0001 00000001", false },
        { "", false },
    };

    [Theory]
    [MemberData(nameof(Reports))]
    public void A_report_must_fit(string hex, bool isValid) => Assert.Equal(isValid, RtcpPacket.IsValid(Convert.FromHexString(hex.Replace(" ", ""))));
}
