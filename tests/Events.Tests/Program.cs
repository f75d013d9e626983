using System.Globalization;

namespace Telephony.Events.Tests;

/// <summary>A process to be killed: appends to the journal of a folder, and prints the number of each append once it is acknowledged.</summary>
internal static class Program
{
    private const string NoPostgres = "Host=127.0.0.1;Port=1;Database=none;Username=none";

    public static async Task Main(string[] args)
    {
        await using var host = await EventsHost.Start(NoPostgres, args[0], run: false);
        await using var output = Console.OpenStandardOutput();
        for (var i = 1; ; i++)
        {
            await host.Journal.Append(new("one", "call-1", i, [new Counted(i)], [EventsHost.State("one", "1", i.ToString(CultureInfo.InvariantCulture))]));
            await output.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"{i}\n"));
        }
    }
}
