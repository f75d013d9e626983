using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Telephony.Sip;

/// <summary>Addresses and CIDR ranges, asked for by <see cref="SourceKey"/>.</summary>
internal sealed class AddressRanges
{
    private readonly (ulong Key, ulong Mask, bool IsV4)[] _ranges;

    private AddressRanges((ulong Key, ulong Mask, bool IsV4)[] ranges) => _ranges = ranges;

    /// <summary>Reads <c>192.0.2.0/24, 2001:db8::1</c>; an empty text holds nothing.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AddressRanges? ranges)
    {
        ranges = null;
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var read = new (ulong, ulong, bool)[parts.Length];
        for (var at = 0; at < parts.Length; at++)
        {
            var isAddress = IPAddress.TryParse(parts[at], out var address);
            if (!isAddress && !IPNetwork.TryParse(parts[at], out _)) return false;

            var network = isAddress ? new IPNetwork(address!, address!.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) : IPNetwork.Parse(parts[at]);
            var isV4 = network.BaseAddress.AddressFamily == AddressFamily.InterNetwork;
            var bits = isV4 ? 32 + network.PrefixLength : Math.Min(64, network.PrefixLength);
            var mask = bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
            read[at] = (SourceKey.Of(network.BaseAddress) & mask, mask, isV4);
        }

        ranges = new(read);
        return true;
    }

    public bool Contains(ulong key)
    {
        foreach (var range in _ranges)
        {
            if ((key & range.Mask) == range.Key && SourceKey.IsV4(key) == range.IsV4) return true;
        }

        return false;
    }
}
