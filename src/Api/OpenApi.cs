using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Telephony.Api.Identity;

namespace Telephony.Api;

internal static class OpenApi
{
    public static void Configure(OpenApiOptions options) => options.AddDocumentTransformer((document, _, _) =>
    {
        document.Info = new OpenApiInfo
        {
            Title = "Telephony",
            Version = "v1",
            Description =
                "Browsers sign in and hold the cookie `telephony`; unsafe methods then need the header `X-XSRF-TOKEN` with the token of `GET /api/v1/session`. "
                + "Programs send `Authorization: Bearer` with an API key. Errors are problem details (RFC 9457). Times are ISO 8601 in UTC with milliseconds, enums snake_case strings. "
                + "What changes live comes over the SignalR hub `/hubs/telephony`: call `SubscribePresence()`, hear `PresenceChanged`, `CallChanged` and `CallRecorded`.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [Schemes.Cookie] = new OpenApiSecurityScheme { Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "telephony", Description = "People in browsers." },
            [Schemes.ApiKey] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key." },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Schemes.Cookie, document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Schemes.ApiKey, document)] = [] },
        ];
        return Task.CompletedTask;
    });
}
