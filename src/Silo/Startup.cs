using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Telephony.Silo;

internal static class Startup
{
    /// <summary>Runs the host. A bad setting or a port that is taken ends it with one line on standard error and exit code 2; a defect keeps its stack.</summary>
    public static async Task<int> Run(Func<Task> host)
    {
        try
        {
            await host();
            return 0;
        }
        catch (OptionsValidationException error)
        {
            return Refuse(string.Join(" ", error.Failures));
        }
        catch (StartRefusedException error)
        {
            return Refuse(error.Message);
        }
        catch (IOException error) when (error.InnerException is AddressInUseException || error.InnerException?.InnerException is SocketException)
        {
            return Refuse($"Telephony:Http:Port can't be used: {error.Message}");
        }
        catch (InvalidOperationException error) when (error.Message.Contains("Telephony:", StringComparison.Ordinal) || error.Message.StartsWith("ConnectionStrings:", StringComparison.Ordinal)
            || error.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal)) // the binder's: names value, key and type
        {
            return Refuse(error.Message);
        }
    }

    /// <summary>Serves on <c>Telephony:Http:Bind</c> and <c>Port</c>.</summary>
    public static void AddHttp(this WebApplicationBuilder builder)
    {
        HttpOptions options;
        try
        {
            options = builder.Configuration.GetSection("Telephony:Http").Get<HttpOptions>() ?? new HttpOptions();
        }
        catch (InvalidOperationException)
        {
            throw new StartRefusedException($"Telephony:Http:Port is '{builder.Configuration["Telephony:Http:Port"]}': a port from 1 to 65535 is allowed.");
        }

        if (options.Problem is { } problem) throw new StartRefusedException(problem);

        builder.Services.AddSingleton(options);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Parse(options.Bind), options.Port);
        });
    }

    private static int Refuse(string line)
    {
        Console.Error.WriteLine($"Telephony can't start: {line.ReplaceLineEndings(" ")}");
        return 2;
    }
}

/// <summary>A setting can't be used; the message is the line that the administrator reads.</summary>
internal sealed class StartRefusedException(string message) : Exception(message);
