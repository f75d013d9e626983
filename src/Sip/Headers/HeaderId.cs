namespace Telephony.Sip;

/// <summary>The header fields that the stack knows by number. <see cref="Other"/>: any other, known by its name alone.</summary>
internal enum HeaderId : byte
{
    Other, Via, From, To, CallId, CSeq, MaxForwards, Contact, ContentLength, ContentType, Route, RecordRoute, Expires, Authorization,
    ProxyAuthorization, WwwAuthenticate, ProxyAuthenticate, Supported, Require, ProxyRequire, Unsupported, Allow, Accept, AcceptEncoding,
    AcceptLanguage, ContentEncoding, ContentLanguage, ContentDisposition, Path, ServiceRoute, Event, AllowEvents, SubscriptionState, ReferTo, ReferSub,
    ReferredBy, Replaces, TargetDialog, Join, SessionExpires, MinSe, MinExpires, RetryAfter, RSeq, RAck, SipETag, SipIfMatch, InfoPackage, RecvInfo,

    // those from here on have no rule of their own, so that the ones before fit into the bits of a word
    Subject, UserAgent, Server, Timestamp, Warning, AlertInfo, CallInfo, ErrorInfo, InReplyTo, Date, Organization, ReplyTo, MimeVersion,
    PAssertedIdentity, PPreferredIdentity, PAssociatedUri, RemotePartyId, Privacy, Diversion, HistoryInfo, Reason, AnswerMode, PrivAnswerMode,
    AcceptContact, RejectContact, RequestDisposition, Identity, IdentityInfo, ResourcePriority, AcceptResourcePriority, SecurityClient, SecurityServer,
    SecurityVerify, FeatureCaps, Geolocation,
}
