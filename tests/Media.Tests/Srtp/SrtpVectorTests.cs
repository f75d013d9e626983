namespace Telephony.Media.Srtp;

/// <summary>The packets and keys that the RFCs print.</summary>
public sealed class SrtpVectorTests
{
    private const string Master = "e1f97a0d3e018be0d64fa32c06de4139", MasterSalt = "0ec675ad498afeebb6960b3aabe6";
    private const string Gcm128 = "000102030405060708090a0b0c0d0e0f", Gcm256 = Gcm128 + "101112131415161718191a1b1c1d1e1f", GcmSalt = "517569642070726f2071756f";
    private const string Rtp = "8040f17b8041f8d35501a0b247616c6c696120657374206f6d6e69732064697669736120696e207061727465732074726573";
    private const string Rtcp = "81c8000d4d6172734e5450314e545032525450200000042a0000e9304c756e61deadbeefdeadbeefdeadbeefdeadbeefdeadbeef";

    [Fact, Trait("RFC", "3711 B.2")]
    public void Keystream_is_that_of_RFC_3711_B2()
    {
        using var aes = AesContext.Counter(Bytes("2b7e151628aed2a6abf7158809cf4f3c"));
        var stream = new byte[16 * 0xff02];

        aes.Crypt(Bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfd0000"), stream);

        Assert.Equal(Bytes("e03ead0935c95e80e166b16dd92b4eb4" + "d23513162b02d0f72a43a2fe4a5f97ab" + "41e95b3bb0a2e8dd477901e4fca894c0"), stream[..48]);
        Assert.Equal(Bytes("ec8cdf7398607cb0f2d21675ea9ea1e4" + "362b7c3c6773516318a077d7fc5073ae" + "6a2cc3787889374fbeb4c81b17ba6c44"), stream[(16 * 0xfeff)..]);
    }

    [Theory, Trait("RFC", "3711 B.3")]
    [InlineData(SrtpKeyDerivation.RtpKey, "c61e7a93744f39ee10734afe3ff7a087")]
    [InlineData(SrtpKeyDerivation.RtpSalt, "30cbbc08863d8c85d49db34a9ae1")]
    [InlineData(SrtpKeyDerivation.RtpAuthentication, "cebe321f6ff7716b6fd4ab49af256a156d38baa4")]
    public void Session_keys_are_those_of_RFC_3711_B3(byte label, string key)
    {
        using var derivation = new SrtpKeyDerivation(Bytes(Master), Bytes(MasterSalt));
        var derived = new byte[key.Length / 2];

        derivation.Derive(label, derived);

        Assert.Equal(Bytes(key), derived);
    }

    [Fact, Trait("RFC", "3711 3.3")]
    public void A_packet_is_what_libsrtp_makes_of_it()
    {
        using var sender = new SrtpSender(new SrtpKeys(SrtpSuite.AesCm128HmacSha1_80, Bytes(Master), Bytes(MasterSalt)));
        var packet = Bytes("800f1234decafbadcafebabe" + "abababababababababababababababab" + "00000000000000000000");

        Assert.Equal(38, sender.ProtectRtp(packet, 28));

        Assert.Equal(Bytes("800f1234decafbadcafebabe" + "4e55dc4ce79978d88ca4d215949d2402" + "b78d6acc99ea179b8dbb"), packet);
    }

    [Theory, Trait("RFC", "7714 16.1")]
    [InlineData(Gcm128, "8040f17b8041f8d35501a0b2f24de3a3fb34de6cacba861c9d7e4bcabe633bd50d294e6f42a5f47a51c7d19b36de3adf8833899d7f27beb16a9152cf765ee4390cce")]
    [InlineData(Gcm256, "8040f17b8041f8d35501a0b232b1de78a822fe12ef9f78fa332e33aab18012389a58e2f3b50b2a0276ffae0f1ba63799b87b7aa3db36dfffd6b0f9bb7878d7a76c13")]
    public void GCM_packets_are_those_of_RFC_7714_16(string key, string protectedPacket)
    {
        using var sender = new SrtpSender(Gcm(key, isSending: true));
        using var receiver = new SrtpReceiver(Gcm(key, isSending: false));
        var packet = Bytes(Rtp + new string('0', 32));

        Assert.Equal(packet.Length, sender.ProtectRtp(packet, Rtp.Length / 2));
        Assert.Equal(Bytes(protectedPacket), packet);
        Assert.Equal(Rtp.Length / 2, receiver.UnprotectRtp(packet));
        Assert.Equal(Bytes(Rtp), packet[..^16]);
    }

    [Theory, Trait("RFC", "7714 17")]
    [InlineData(Gcm128, "81c8000d4d61727363e94885dcdab67ca727d7662f6b7e997ff5c0f76c06f32dc676a5f1730d6fda4ce09b4686303ded0bb9275bc84aa45896cf4d2fc5abf87245d9eade800005d4")]
    [InlineData(Gcm256, "81c8000d4d617273d50ae4d1f5ce5d304ba297e47d470c282c3ece5dbffe0a50a2eaa5c1110555be8415f658c61de0476f1b6fad1d1eb30c4446839f57ff6f6cb26ac3be800005d4")]
    public void GCM_reports_are_those_of_RFC_7714_17(string key, string protectedReport)
    {
        using var cipher = Gcm(key, isSending: true);
        using var receiver = new SrtpReceiver(Gcm(key, isSending: false));
        var report = Bytes(Rtcp + new string('0', 40));

        cipher.SealRtcp(report, 0x4d617273, 0x5d4);
        Assert.Equal(Bytes(protectedReport), report);
        Assert.Equal(Rtcp.Length / 2, receiver.UnprotectRtcp(report));
        Assert.Equal(Bytes(Rtcp), report[..^20]);
    }

    [Fact, Trait("RFC", "7714 17.3")]
    public void A_report_that_is_only_authenticated_is_taken()
    {
        using var receiver = new SrtpReceiver(Gcm(Gcm128, isSending: false));
        var report = Bytes(Rtcp + "841dd9683dd78ec92ae58790125f62b3" + "000005d4");

        Assert.Equal(Rtcp.Length / 2, receiver.UnprotectRtcp(report));
        Assert.Equal(Bytes(Rtcp), report[..^20]);
    }

    private static GcmCipher Gcm(string key, bool isSending) => new(Bytes(key), Bytes(GcmSalt), Bytes(key), Bytes(GcmSalt), isSending);

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);
}
