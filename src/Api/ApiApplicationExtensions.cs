using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Telephony.Api.Admin;
using Telephony.Api.Calls;
using Telephony.Api.Events;
using Telephony.Api.Health;
using Telephony.Api.Identity;
using Telephony.Api.Live;
using Telephony.Api.Me;
using Telephony.Api.Phones;
using Telephony.Api.Presence;
using Telephony.Api.Web;

namespace Telephony.Api;

public static class ApiApplicationExtensions
{
    /// <summary>Puts the API's middleware and endpoints in place; the last to be called before the application runs.</summary>
    public static WebApplication MapApi(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = exception => exception is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError,
            SuppressDiagnosticsCallback = context => context.Exception is BadHttpRequestException,
        });
        app.UseStatusCodePages(); // a body for every bare status: problem details
        app.UseSecurityHeaders();
        app.UseResponseCompression();
        app.UseWebClient();
        app.UseRouting();
        app.UseAuthentication();
        app.UseMiddleware<AntiforgeryMiddleware>();
        app.UseAuthorization();

        app.MapSession();
        app.MapMe();
        app.MapPresence();
        app.MapCalls();
        app.MapTenants();
        app.MapImport();
        app.MapDevices();
        app.MapProjections();
        app.MapEvents();
        app.MapHub<TelephonyHub>("/hubs/telephony", options =>
        {
            options.TransportMaxBufferSize = 256 * 1024;
            options.ApplicationMaxBufferSize = 16 * 1024;
            options.TransportSendTimeout = TimeSpan.FromSeconds(5);
            options.CloseOnAuthenticationExpiration = true;
            options.Transports = HttpTransportType.WebSockets | HttpTransportType.ServerSentEvents | HttpTransportType.LongPolling;
        });
        app.MapSip();
        app.MapHealth();
        app.MapOpenApi("/openapi/{documentName}.json");
        app.MapWebClient();
        return app;
    }
}
