namespace Telephony.Media.Sdp;

/// <summary>How a stream is protected, before there are keys.</summary>
internal enum StreamKind { Plain, Sdes, Dtls }
