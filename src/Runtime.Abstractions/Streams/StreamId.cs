namespace Telephony.Runtime;

/// <summary>The address of a stream.</summary>
public readonly record struct StreamId
{
    private readonly string? _namespace;
    private readonly string _key;

    private StreamId(string? streamNamespace, string key) => (_namespace, _key) = (streamNamespace, key);

    public static StreamId Create(string? ns, string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        return new(ns, key);
    }

    public string? GetNamespace() => _namespace;

    public string GetKeyAsString() => _key;

    public override string ToString() => $"{_namespace}/{_key}";
}
