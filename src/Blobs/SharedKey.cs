using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Telephony.Blobs;

/// <summary>The signature of a request (Azure Storage: "Authorize with Shared Key", version 2015-02-21 and later).</summary>
internal static class SharedKey
{
    public static string Authorization(HttpRequestMessage request, BlobAccount account)
    {
        var text = Encoding.UTF8.GetBytes(StringToSign(request, account.Name));
        return $"{account.Name}:{Convert.ToBase64String(HMACSHA256.HashData(account.Key, text))}";
    }

    internal static string StringToSign(HttpRequestMessage request, string account)
    {
        var content = request.Content?.Headers;
        var text = new StringBuilder();
        text.Append(request.Method.Method).Append('\n');
        text.Append("\n\n"); // Content-Encoding, Content-Language: never sent
        if (content?.ContentLength is > 0) text.Append(CultureInfo.InvariantCulture, $"{content.ContentLength}");
        text.Append("\n\n"); // and Content-MD5
        text.Append(content?.ContentType).Append('\n');
        text.Append("\n\n\n"); // Date (x-ms-date in its place), If-Modified-Since, If-Match
        if (request.Headers.TryGetValues("If-None-Match", out var none)) text.AppendJoin(',', none);
        text.Append("\n\n\n"); // If-Unmodified-Since, Range (x-ms-range in its place)
        foreach (var (name, values) in request.Headers.Where(h => h.Key.StartsWith("x-ms-", StringComparison.Ordinal)).OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            text.Append(name).Append(':').AppendJoin(',', values).Append('\n');
        }

        text.Append('/').Append(account).Append(request.RequestUri!.AbsolutePath);
        foreach (var pair in request.RequestUri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            text.Append('\n').Append(pair, 0, equals).Append(':').Append(Uri.UnescapeDataString(pair[(equals + 1)..]));
        }

        return text.ToString();
    }
}
