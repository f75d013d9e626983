namespace Telephony.Media.Sdp;

/// <summary>Who begins the DTLS handshake: <c>a=setup</c> (RFC 4145 §4, RFC 8842 §5). <see cref="Unsaid"/> is that of an older offer.</summary>
internal enum DtlsSetup { Unsaid, Active, Passive, ActivePassive, HoldConnection }
