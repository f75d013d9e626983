using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Telephony.Api.Tests;
using Telephony.Configuration;
using Telephony.Events;
using Telephony.Grains.Calls;

namespace Telephony.Cli.Tests;

public sealed class CommandLineTests(ApiHost host) : IClassFixture<ApiHost>, IDisposable
{
    private const string Header = "extension,display_name,department,email,sip_password,web_password,role\n";
    private readonly string _folder = Directory.CreateTempSubdirectory("telephony-cli-").FullName;

    [Fact]
    public async Task Tenants_are_added_and_listed()
    {
        var added = await Run("tenants", "add", "cli.example", "--name", "Command line");
        var again = await Run("tenants", "add", "cli.example");
        var listed = await Run("tenants", "list");

        Assert.Equal((ExitCode.Done, ""), (added.Code, added.Error));
        Assert.StartsWith("Added cli.example (Command line), id t", added.Out, StringComparison.Ordinal);
        Assert.Equal((ExitCode.Refused, "error: The domain cli.example belongs to a tenant already.\n"), (again.Code, again.Error));
        Assert.Contains(listed.Out.Split('\n'), line => line.Split('\t') is ["cli.example", _, "Command line"]);
    }

    [Fact]
    public async Task Ten_thousand_people_are_imported_with_progress()
    {
        var tenant = await host.AddTenant();
        var file = await Write(string.Concat(Enumerable.Range(10_000, 10_000).Select(n => $"{n},Person {n},,,secret-{n},,user\n")));

        var run = await Run("extensions", "import", "--tenant", tenant.Domain, file);

        Assert.Equal((ExitCode.Done, $"Imported 10000 extensions into {tenant.Domain}\n"), (run.Code, run.Out));
        Assert.EndsWith("10000 of 10000\n", run.Error, StringComparison.Ordinal);
        Assert.Equal(10_004, (await host.Services.GetRequiredService<IConfigurationReader>().ListExtensions(tenant.Id)).Count);
    }

    [Fact]
    public async Task A_person_at_a_terminal_sees_a_bar()
    {
        var tenant = await host.AddTenant();

        var run = await Run(isTerminal: true, host.PlatformKey, "extensions", "import", "--tenant", tenant.Domain, await Write("200,Eve,,,secret-200,,user\n"));

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("Importing", run.Error, StringComparison.Ordinal);
        Assert.Equal($"Imported 1 extensions into {tenant.Domain}\n", run.Out);
    }

    [Fact]
    public async Task A_bad_file_is_reported_by_line_and_nothing_is_imported()
    {
        var tenant = await host.AddTenant();

        var run = await Run("extensions", "import", "--tenant", tenant.Domain, await Write("200,Eve,,,secret-200,,user\n201,Mallory,,,short,,boss\n"));

        Assert.Equal(ExitCode.Refused, run.Code);
        Assert.Equal("", run.Out);
        Assert.StartsWith("error: The file has errors. Nothing was imported.\nline 3: sip_password must", run.Error, StringComparison.Ordinal);
        Assert.Contains("line 3: role must be one of", run.Error, StringComparison.Ordinal);
        Assert.Equal(4, (await host.Services.GetRequiredService<IConfigurationReader>().ListExtensions(tenant.Id)).Count);
    }

    [Fact]
    public async Task The_feed_is_replayed_to_standard_output()
    {
        var tenant = await host.AddTenant();
        var at = new DateTimeOffset(2025, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var call = CallId.New(at);
        await host.Services.GetRequiredService<IEventStore>().Append(
            tenant.Id, call.Stream, 0, [new CallStarted(new Party("100", "Alice"), "101", "100", "abc", at), new CallEnded(CallOutcome.Cancelled, EndedBy.Caller, "cancelled", at)]);

        var whole = await Run("replay", "--from", "2025-03-01", "--to", "2025-03-01");
        var one = await Run("replay", "--call", call.Value.ToString());
        var none = await Run("replay", "--from", "2025-03-02", "--to", "2025-03-02");

        foreach (var run in new[] { whole, one })
        {
            Assert.Equal(ExitCode.Done, run.Code);
            var lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
            Assert.Equal(["call_started", "call_ended"], lines.Select(line => line.GetProperty("type").GetString()));
        }

        Assert.Equal((ExitCode.Done, ""), (none.Code, none.Out));
    }

    [Theory]
    [InlineData(ExitCode.Refused, "error: from must be a number", "replay", "--from", "soon")]
    [InlineData(ExitCode.Refused, "error: There is no such tenant, or it is not yours.", "extensions", "import", "--tenant", "nowhere.example", "/dev/null")]
    [InlineData(ExitCode.Refused, "error: There is no such projection", "projections", "rebuild", "nothing")]
    [InlineData(ExitCode.Refused, "error: The domain must be a DNS name", "tenants", "add", "not a domain")]
    [InlineData(ExitCode.Refused, "error: The server does not know this API key.", "tenants", "list", "--key", "wrong")]
    [InlineData(ExitCode.Usage, "error: --server: 'ftp://nowhere' is not an address", "tenants", "list", "--server", "ftp://nowhere")]
    [InlineData(ExitCode.Usage, "error: No API key", "tenants", "list", "--data", "/nonexistent")]
    [InlineData(ExitCode.Usage, "error: ", "extensions", "import", "--tenant", "pbx.example", "/nonexistent/users.csv")]
    [InlineData(ExitCode.Usage, "error: ", "extensions", "import", "users.csv")]
    [InlineData(ExitCode.Usage, "error: ", "nothing")]
    [InlineData(ExitCode.Usage, "error: ", "tenants", "add")]
    [InlineData(ExitCode.Unreachable, "error: Cannot reach http://127.0.0.1:1/", "health", "--server", "http://127.0.0.1:1")]
    public async Task What_goes_wrong_is_said_in_one_line_and_by_the_exit_code(int code, string error, params string[] arguments)
    {
        var isOffline = arguments.Contains("--data");

        var run = await Run(isTerminal: false, key: isOffline || arguments.Contains("--key") ? null : host.PlatformKey, arguments);

        Assert.Equal((code, ""), (run.Code, run.Out));
        Assert.StartsWith(error, run.Error, StringComparison.Ordinal);
        Assert.Equal(1, run.Error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Health_says_what_is_there()
    {
        var run = await Run("health");

        Assert.Equal(ExitCode.Done, run.Code);
        Assert.Contains("postgres: healthy", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_is_found_in_the_data_folder()
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".data"));
        await File.WriteAllTextAsync(Path.Combine(_folder, ".data", "api-key"), host.PlatformKey + "\n");

        var here = await Run(isTerminal: false, key: null, "tenants", "list");
        var there = await Run(isTerminal: false, key: null, "tenants", "list", "--data", Path.Combine(_folder, ".data"));

        Assert.Equal((ExitCode.Done, ExitCode.Done), (here.Code, there.Code));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> Write(string rows)
    {
        var file = Path.Combine(_folder, "users.csv");
        await File.WriteAllTextAsync(file, Header + rows);
        return file;
    }

    private Task<Finished> Run(params string[] arguments) => Run(isTerminal: false, host.PlatformKey, arguments);

    private async Task<Finished> Run(bool isTerminal, string? key, params string[] arguments)
    {
        var bytes = new MemoryStream();
        var error = new StringWriter { NewLine = "\n" };
        await using var text = new StreamWriter(bytes, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
        var variables = new Dictionary<string, string?> { ["TELEPHONY_SERVER"] = host.Address.ToString(), ["TELEPHONY_KEY"] = key };
        var code = await CommandLine.Run(arguments, new CliContext(text, error, bytes, isTerminal, variables.GetValueOrDefault, [_folder]));
        return new Finished(code, Encoding.UTF8.GetString(bytes.ToArray()), error.ToString());
    }

    private sealed record Finished(int Code, string Out, string Error);
}
