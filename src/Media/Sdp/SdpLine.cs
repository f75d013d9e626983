namespace Telephony.Media.Sdp;

/// <summary>A line of a description: its letter, and its value, byte by byte a character (ISO 8859-1), so that nothing is lost.</summary>
internal readonly record struct SdpLine(byte Type, string Value);
