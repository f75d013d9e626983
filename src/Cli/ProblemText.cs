using System.Text;
using System.Text.Json;

namespace Telephony.Cli;

/// <summary>Problem details (RFC 9457) as people read them.</summary>
internal static class ProblemText
{
    public static string Of(JsonElement problem, int status)
    {
        var text = new StringBuilder(status == 401 ? "The server does not know this API key." : Text(problem, "title") ?? $"The server answered {status}.");
        if (Text(problem, "detail") is { } detail)
        {
            if (status is 401 or >= 500 || text.Length == 0) text.Append(' ').Append(detail);
            else if (problem.TryGetProperty("errors", out _)) text.Append(' ').Append(detail);
            else text.Clear().Append(detail);
        }

        if (problem.TryGetProperty("errors", out var errors) && errors.ValueKind == JsonValueKind.Object)
        {
            foreach (var place in errors.EnumerateObject())
            {
                foreach (var reason in place.Value.EnumerateArray()) text.Append('\n').Append(place.Name).Append(": ").Append(reason.GetString());
            }
        }

        return text.ToString();
    }

    private static string? Text(JsonElement problem, string name) => problem.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
