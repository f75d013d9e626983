namespace Telephony.Silo;

internal static class Logs
{
    /// <summary>One line an entry, on standard error: standard output is for what the start has to say. Quiet where all is well.</summary>
    public static void AddTelephonyConsole(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(options =>
        {
            options.SingleLine = true;
            options.UseUtcTimestamp = true;
            options.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff ";
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error); // that it forbids caching is no news
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error); // its keys are files that only the owner reads
    }
}
