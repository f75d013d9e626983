using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Telephony.Configuration;

namespace Telephony.Api.Identity;

/// <summary>A cookie holds while the user's security stamp does: asked on every request, answered from memory. Says 401 and 403 instead of redirecting.</summary>
internal sealed class CookieEvents(Accounts accounts) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var user = context.Principal;
        if (user?.FindFirstValue(TelephonyClaims.Tenant) is { } tenant && user.FindFirstValue(TelephonyClaims.Extension) is { } extension
            && user.FindFirstValue(TelephonyClaims.Stamp) is { } stamp && await accounts.IsCurrent(tenant, extension, stamp)) return;

        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(Schemes.Cookie);
    }

    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context) => Answer(context, StatusCodes.Status401Unauthorized);

    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context) => Answer(context, StatusCodes.Status403Forbidden);

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
