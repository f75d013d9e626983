using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json;

namespace Telephony.Cli.Commands;

internal static class HealthCommand
{
    public static Command Create(CommandRunner run)
    {
        var health = new Command("health", "Says whether the server is ready, and what it misses.");
        run.Bind(health, async (_, server, cancellationToken) =>
        {
            using var response = await server.SendAny(new HttpRequestMessage(HttpMethod.Get, "/readyz"), cancellationToken);
            var report = await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            await run.Context.Out.WriteLineAsync($"{server.Address} is {report.GetProperty("status").GetString()}");
            foreach (var check in report.GetProperty("checks").EnumerateObject())
            {
                var detail = check.Value.TryGetProperty("detail", out var text) && text.ValueKind is JsonValueKind.String ? $" ({text.GetString()})" : "";
                await run.Context.Out.WriteLineAsync($"  {check.Name}: {check.Value.GetProperty("status").GetString()}{detail}");
            }

            return response.IsSuccessStatusCode ? ExitCode.Done : ExitCode.Refused;
        }, needsKey: false);
        return health;
    }
}
