namespace Telephony.Media.Srtp;

/// <summary>Session keys from a master key (RFC 3711 §4.3, RFC 7714 §11), derived once: the key derivation rate is 0.</summary>
internal sealed class SrtpKeyDerivation : IDisposable
{
    public const byte RtpKey = 0, RtpAuthentication = 1, RtpSalt = 2, RtcpKey = 3, RtcpAuthentication = 4, RtcpSalt = 5;

    private readonly AesContext _master;
    private readonly byte[] _salt = new byte[16]; // the last two bytes are the counter

    public SrtpKeyDerivation(ReadOnlySpan<byte> master, ReadOnlySpan<byte> salt)
    {
        _master = AesContext.Counter(master);
        salt.CopyTo(_salt);
    }

    public void Derive(byte label, Span<byte> key)
    {
        Span<byte> counter = stackalloc byte[16];
        _salt.CopyTo(counter);
        counter[7] ^= label;
        key.Clear();
        _master.Crypt(counter, key);
    }

    public void Dispose()
    {
        _master.Dispose();
        _salt.AsSpan().Clear();
    }
}
