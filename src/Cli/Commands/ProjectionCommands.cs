using System.CommandLine;
using System.Text.Json;

namespace Telephony.Cli.Commands;

internal static class ProjectionCommands
{
    public static Command Create(CommandRunner run)
    {
        var name = new Argument<string>("name") { Description = "Such as cdr." };
        var rebuild = new Command("rebuild", "Makes a projection's rows again from all events, and waits for it.") { name };
        run.Bind(rebuild, async (parsed, server, cancellationToken) =>
        {
            var answer = await server.Ask<JsonElement>(HttpMethod.Post, $"/api/v1/admin/projections/{Uri.EscapeDataString(parsed.GetValue(name)!)}/rebuild", null, cancellationToken);
            await run.Context.Out.WriteLineAsync($"Rebuilt {parsed.GetValue(name)} from {answer.GetProperty("events").GetInt64()} events");
            return ExitCode.Done;
        });
        return new Command("projections", "Rows that are made of events.") { rebuild };
    }
}
