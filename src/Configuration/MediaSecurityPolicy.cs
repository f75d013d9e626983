namespace Telephony.Configuration;

/// <summary>Whether a phone's sound is encrypted (SRTP, RFC 3711): never, when the phone asks for it, or always, so that one that does not ask gets no call. A browser's always is.</summary>
public enum MediaSecurityPolicy { None, Optional, Required }
