namespace Telephony.Sip;

/// <summary>The header fields that the stack knows by number. <see cref="Other"/>: any other, known by its name alone.</summary>
internal enum HeaderId : byte
{
    Other, Via, From, To, CallId, CSeq, MaxForwards, Contact, ContentLength, ContentType, Route, RecordRoute, Expires, Authorization,
    ProxyAuthorization, WwwAuthenticate, ProxyAuthenticate, Supported, Require, ProxyRequire, Unsupported, Allow, Accept, AcceptEncoding,
    AcceptLanguage, ContentEncoding, ContentLanguage, Path, ServiceRoute, Subject, UserAgent, Server, Event, AllowEvents, ReferTo,
    ReferredBy, Replaces, SessionExpires, MinSe, MinExpires, RetryAfter, Timestamp, Warning, AlertInfo, CallInfo, ErrorInfo, InReplyTo,
    Date, PAssertedIdentity, PPreferredIdentity, Privacy, Diversion, HistoryInfo, Reason, RSeq, RAck, SubscriptionState,
    SipETag, SipIfMatch, Organization, ReplyTo,
}
