namespace Telephony.Media.Sdp;

/// <summary>What one side says it does with a stream (RFC 8866 §6.7), seen from that side.</summary>
internal enum MediaDirection { SendReceive, SendOnly, ReceiveOnly, Inactive }
