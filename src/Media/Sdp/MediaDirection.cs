namespace Telephony.Media.Sdp;

/// <summary>What a peer says it does with a stream (RFC 4566 §6), seen from that peer.</summary>
internal enum MediaDirection { SendReceive, SendOnly, ReceiveOnly, Inactive }
