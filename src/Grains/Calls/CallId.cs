namespace Telephony.Grains.Calls;

/// <summary>A call of ours within its tenant: a UUIDv7 (RFC 9562 §5.7), so that ids sort by the time the call began. SIP's own is the Call-ID.</summary>
[GenerateSerializer, Immutable]
public readonly record struct CallId([property: Id(0)] Guid Value)
{
    public static CallId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public static bool TryParse(ReadOnlySpan<char> text, out CallId id)
    {
        var isGuid = Guid.TryParseExact(text, "N", out var value);
        id = new CallId(value);
        return isGuid;
    }

    /// <summary>32 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("N");

    /// <summary>The name of the call's event stream.</summary>
    public string Stream => $"call-{this}";
}
