using System.Runtime.Versioning;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;
using Telephony.Blobs;
using Telephony.Media;
using Telephony.MediaStorage;

[assembly: SupportedOSPlatform("linux")]

// A media node as a process of its own: it outlives the silo that drives it, so audio goes on while that restarts.
try
{
    var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.Logging.ClearProviders().AddFilter("Microsoft", LogLevel.Warning).AddSimpleConsole(options =>
    {
        (options.SingleLine, options.UseUtcTimestamp, options.TimestampFormat) = (true, true, "yyyy-MM-dd HH:mm:ss.fff ");
    });
    builder.Services.Configure<ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
    if (builder.Configuration.GetConnectionString("Blobs") is { Length: > 0 }) builder.Services.AddBlobs().AddMediaStorage(); // else nothing is recorded
    builder.Services.AddMedia().AddMediaServer();

    using var host = builder.Build();
    await host.StartAsync();
    var options = host.Services.GetRequiredService<IOptions<MediaOptions>>().Value;
    await Console.Out.WriteLineAsync($"Media node {options.Id} is ready: {options.Socket}");
    await host.WaitForShutdownAsync();
    return 0;
}
catch (OptionsValidationException error)
{
    return Refuse(string.Join(" ", error.Failures));
}
catch (InvalidOperationException error) when (error.Message.Contains("Telephony:", StringComparison.Ordinal) || error.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal))
{
    return Refuse(error.Message);
}

static int Refuse(string line)
{
    Console.Error.WriteLine($"The media node can't start: {line.ReplaceLineEndings(" ")}");
    return 2;
}
