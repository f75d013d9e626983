using System.Diagnostics;

namespace Telephony.Silo.Tests;

/// <summary>A bad setting stops the start with one line that names the key, the value and what is allowed.</summary>
public class StartTests
{
    [Theory]
    [InlineData("Telephony__Http__Port", "99999", "Telephony:Http:Port", "99999", "1 to 65535")]
    [InlineData("Telephony__Http__Port", "web", "Telephony:Http:Port", "web", "1 to 65535")]
    [InlineData("Telephony__Http__Bind", "nowhere", "Telephony:Http:Bind", "nowhere", "IP address")]
    [InlineData("Telephony__Sip__Port", "70000", "Telephony:Sip:Port", "70000", "65535")]
    [InlineData("Telephony__Sip__Bind", "nowhere", "Telephony:Sip:Bind", "nowhere", "IP")]
    [InlineData("Telephony__Media__PortRange", "5-1", "Telephony:Media:PortRange", "5-1", "1024 to 65535")]
    [InlineData("ConnectionStrings__Postgres", "", "ConnectionStrings:Postgres", "", "Npgsql")]
    public async Task A_bad_setting_is_one_line(string variable, string value, params string[] expected)
    {
        var (exitCode, error) = await Start((variable, value));

        Assert.Equal(2, exitCode);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries), text => text.StartsWith("Telephony can't start: ", StringComparison.Ordinal));
        Assert.All(expected, part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    /// <summary>Runs the real host with one setting that is wrong. It never gets as far as PostgreSQL or the web.</summary>
    private static async Task<(int ExitCode, string Error)> Start((string Variable, string Value) setting)
    {
        var folder = Directory.CreateTempSubdirectory("telephony-start-");
        try
        {
            var start = new ProcessStartInfo("dotnet", [typeof(Startup).Assembly.Location]) { RedirectStandardError = true, RedirectStandardOutput = true };
            start.Environment["Telephony__Data"] = folder.FullName;
            start.Environment["ConnectionStrings__Postgres"] = "Host=127.0.0.1;Port=9;Username=nobody;Database=none;Timeout=2";
            start.Environment["ConnectionStrings__Blobs"] = "UseDevelopmentStorage=true";
            start.Environment[setting.Variable] = setting.Value;
            using var process = Process.Start(start)!;
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await error);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
