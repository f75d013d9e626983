namespace Telephony.Media.Srtp;

/// <summary>What one direction of SRTP starts from (RFC 3711 §4.3): the master key and master salt, as long as the suite says. Secret: never logged.</summary>
internal sealed record SrtpKeys(SrtpSuite Suite, byte[] Master, byte[] Salt)
{
    /// <summary>Without the keys.</summary>
    public override string ToString() => Suite.ToString();
}
