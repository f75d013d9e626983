namespace Telephony.Media.Rtp;

public sealed class RtpPacketTests
{
    public static TheoryData<string, bool> Packets => new()
    {
        { "80 00 0001 00000001 00000002", true },
        { "80 00 0001 00000001 00000002 d5d5", true },
        { "80 00 0001 00000001 000000", false },
        { "", false },
        { "40 00 0001 00000001 00000002", false }, // version 1
        { "00 01 0000 2112a442 00000000 00000000 00000000", false }, // STUN
        { "16 fe fd 00 00000000 00000000 00 00 00", false }, // DTLS
        { "81 00 0001 00000001 00000002 00000003", true }, // a contributing source
        { "82 00 0001 00000001 00000002 00000003", false }, // two, but one there
        { "90 00 0001 00000001 00000002 bede 0001 00000000 d5", true }, // a header extension
        { "90 00 0001 00000001 00000002 bede 0002 00000000", false }, // longer than the packet
        { "90 00 0001 00000001 00000002 be", false },
        { "a0 00 0001 00000001 00000002 d5d50003 00000004", true }, // padding of 4
        { "a0 00 0001 00000001 00000002 d5d500ff", false }, // of 255
        { "a0 00 0001 00000001 00000002", false }, // said, but not there
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_head_must_fit(string hex, bool isValid) => Assert.Equal(isValid, RtpPacket.TryParse(Convert.FromHexString(hex.Replace(" ", "")), out _));
}
