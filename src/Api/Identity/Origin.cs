using Microsoft.AspNetCore.Http;

namespace Telephony.Api.Identity;

/// <summary>Which page made a browser send a request.</summary>
internal static class Origin
{
    /// <summary>One of this host, or nobody's: only browsers send an Origin.</summary>
    public static bool IsOwn(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && string.Equals(uri.Authority, HostOf(uri, request), StringComparison.OrdinalIgnoreCase));
    }

    private static string HostOf(Uri origin, HttpRequest request) => // without a default port, as Authority has it
        request.Host.Port is { } port && origin.IsDefaultPort && port == origin.Port ? request.Host.Host : request.Host.Value ?? "";
}
