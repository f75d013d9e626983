namespace Telephony.Sip;

/// <summary>What a caller may want hidden (RFC 3323 §4.2, <c>id</c>: RFC 3325 §9.3, <c>history</c>: RFC 7044 §10.1).</summary>
[Flags]
public enum PrivacyKinds
{
    /// <summary>Nothing said.</summary>
    Unsaid = 0,

    /// <summary><c>none</c>: nothing may be hidden.</summary>
    None = 1,

    /// <summary><c>header</c>: the fields that the caller can't hide without losing the way back.</summary>
    Header = 2,

    /// <summary><c>session</c>: the addresses of the media.</summary>
    Session = 4,

    /// <summary><c>user</c>: what the caller's phone could have hidden itself.</summary>
    User = 8,

    /// <summary><c>critical</c>: rather no call than one that is not private.</summary>
    Critical = 16,

    /// <summary><c>id</c>: the asserted identity.</summary>
    Id = 32,

    /// <summary><c>history</c>: who it was diverted by.</summary>
    History = 64,
}
