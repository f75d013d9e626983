namespace Telephony.Sip;
public sealed class SipRequest;
public sealed class SipResponse;
