using System.Collections.Immutable;

namespace Telephony.Sip;

/// <summary>What a PUBLISH comes to (RFC 3903 §6).</summary>
/// <param name="Publications">After it, without those that had expired; as they were when it was refused.</param>
/// <param name="IsChanged">Whether the state is another now, so that subscribers are to be told. A refresh changes nothing.</param>
public sealed record PublishResult(ImmutableArray<Publication> Publications, SipAnswer Answer, bool IsChanged);
