using System.Buffers;

namespace Telephony.Blobs;

/// <summary>
/// Names that the service can have. A container's has 3 to 63 lower-case letters, digits and single hyphens; a blob's has 1 to 1024 characters, and here
/// no empty, <c>.</c> or <c>..</c> part and no control character or backslash, so that no name can lead out of its container.
/// </summary>
public static class BlobNames
{
    private static readonly SearchValues<char> ContainerCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsContainer(string name) =>
        name.Length is >= 3 and <= 63 && !name.AsSpan().ContainsAnyExcept(ContainerCharacters)
        && name[0] != '-' && name[^1] != '-' && !name.Contains("--", StringComparison.Ordinal);

    public static bool IsBlob(string name)
    {
        if (name.Length is 0 or > 1024) return false;
        foreach (var c in name)
        {
            if (char.IsControl(c) || c == '\\') return false;
        }

        foreach (var part in name.Split('/'))
        {
            if (part is "" or "." or "..") return false;
        }

        return true;
    }

    internal static string Path(string container)
    {
        if (!IsContainer(container)) throw new ArgumentException($"'{container}' can't be the name of a container.", nameof(container));
        return container;
    }

    internal static string Path(string container, string blob)
    {
        if (!IsBlob(blob)) throw new ArgumentException($"'{blob}' can't be the name of a blob.", nameof(blob));
        return Path(container) + "/" + string.Join('/', blob.Split('/').Select(Uri.EscapeDataString));
    }
}
