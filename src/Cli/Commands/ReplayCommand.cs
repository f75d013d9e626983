using System.CommandLine;

namespace Telephony.Cli.Commands;

internal static class ReplayCommand
{
    public static Command Create(CommandRunner run)
    {
        var from = new Option<string?>("--from") { Description = "The first event: a number, a day (2026-11-01) or a moment (2026-11-01T08:00Z). Times are UTC." };
        var to = new Option<string?>("--to") { Description = "The last one, in the same way; a day counts to its end." };
        var call = new Option<string?>("--call") { Description = "Only this call: its id." };
        var replay = new Command("replay", "Writes the event feed to standard output, one JSON object a line.") { from, to, call };
        run.Bind(replay, async (parsed, server, cancellationToken) =>
        {
            var query = new[] { ("from", parsed.GetValue(from)), ("to", parsed.GetValue(to)), ("call", parsed.GetValue(call)) }
                .Where(part => part.Item2 is not null).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2!)}");
            using var response = await server.Send(new HttpRequestMessage(HttpMethod.Get, $"/api/v1/events?{string.Join('&', query)}"), cancellationToken);
            await response.Content.CopyToAsync(run.Context.RawOut, cancellationToken);
            await run.Context.RawOut.FlushAsync(cancellationToken);
            return ExitCode.Done;
        });
        return replay;
    }
}
