using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Telephony.Cli.Commands;

internal static class ExtensionCommands
{
    public static Command Create(CommandRunner run)
    {
        var tenant = new Option<string>("--tenant") { Description = "A domain of the tenant.", Required = true };
        var file = new Argument<FileInfo>("file") { Description = "CSV with the header extension,display_name,department,email,sip_password,web_password,role[,media_security]" };
        var import = new Command("import", "Imports people: all rows of the file, or none. A number that exists is updated.") { tenant, file };
        run.Bind(import, async (parsed, server, cancellationToken) =>
        {
            var imported = await Import(run.Context, server, parsed.GetValue(tenant)!, parsed.GetValue(file)!, cancellationToken);
            await run.Context.Out.WriteLineAsync($"Imported {imported} extensions into {parsed.GetValue(tenant)}");
            return ExitCode.Done;
        });
        return new Command("extensions", "People and their phones.") { import };
    }

    private static async Task<int> Import(CliContext context, Server server, string tenant, FileInfo file, CancellationToken cancellationToken)
    {
        await using var csv = Open(file);
        var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/admin/tenants/{Uri.EscapeDataString(tenant)}/extensions/import")
        {
            Content = new StreamContent(csv) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } },
            Headers = { Accept = { new MediaTypeWithQualityHeaderValue("application/x-ndjson") } },
        };
        using var response = await server.Send(request, cancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        return await ImportProgress.Show(context, async report =>
        {
            while (await lines.ReadLineAsync(cancellationToken) is { } text)
            {
                var line = JsonDocument.Parse(text).RootElement;
                if (line.TryGetProperty("imported", out var imported)) return imported.GetInt32();
                if (line.TryGetProperty("problem", out var problem)) throw new CliException(ExitCode.Refused, ProblemText.Of(problem, problem.GetProperty("status").GetInt32()));
                report(line.GetProperty("done").GetInt32(), line.GetProperty("total").GetInt32());
            }

            throw new IOException("it ended before the import did");
        });
    }

    private static FileStream Open(FileInfo file)
    {
        try
        {
            return file.OpenRead();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, $"{file} cannot be read: {exception.Message}");
        }
    }
}
