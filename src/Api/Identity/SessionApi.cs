using System.Security.Claims;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Telephony.Api.Identity;

/// <param name="Login">The extension and the domain: <c>100@demo.localhost</c>.</param>
public sealed record SignInRequest(string Login, string Password);

/// <param name="Antiforgery">Send it as <c>X-XSRF-TOKEN</c> with every unsafe request. It changes with a sign-in.</param>
public sealed record SessionAnswer(bool SignedIn, string Antiforgery);

internal static class SessionApi
{
    public const string Path = "/api/v1/session";

    public static void MapSession(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup(Path).WithTags("Session");
        group.MapGet("", Get).WithSummary("Whether the caller is signed in")
            .WithDescription("Also sets the antiforgery cookie and gives the token that belongs to it.");
        group.MapPost("", SignIn).WithSummary("Sign in")
            .WithDescription("Sets the cookie `telephony`. The same answer, in the same time, for an unknown login and a wrong password. Too many attempts: 429 with Retry-After.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapDelete("", (Delegate)SignOut).WithSummary("Sign out");
    }

    private static Ok<SessionAnswer> Get(HttpContext context, IAntiforgery antiforgery) => TypedResults.Ok(Answer(context, antiforgery));

    private static async Task<Results<Ok<SessionAnswer>, ProblemHttpResult>> SignIn(
        SignInRequest request, HttpContext context, SignInService service, IAntiforgery antiforgery)
    {
        if (request.Login is not { Length: > 0 and <= 300 } || request.Password is not { Length: > 0 and <= 1000 })
        {
            return TypedResults.Problem("Give a login such as 100@demo.localhost, and a password.", statusCode: StatusCodes.Status400BadRequest);
        }

        var (user, retryAfter) = await service.SignIn(request.Login, request.Password, context.Connection.RemoteIpAddress, context.RequestAborted);
        if (retryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            return TypedResults.Problem("Too many attempts to sign in. Try again later.", statusCode: StatusCodes.Status429TooManyRequests);
        }

        if (user is null) return TypedResults.Problem("The login or the password is wrong.", statusCode: StatusCodes.Status401Unauthorized);

        var principal = TelephonyClaims.Of(user, request.Login.Trim().ToLowerInvariant());
        await context.SignInAsync(Schemes.Cookie, principal, new AuthenticationProperties { IsPersistent = true });
        context.User = principal; // the token below belongs to them
        return TypedResults.Ok(Answer(context, antiforgery));
    }

    private static async Task<NoContent> SignOut(HttpContext context)
    {
        await context.SignOutAsync(Schemes.Cookie);
        return TypedResults.NoContent();
    }

    private static SessionAnswer Answer(HttpContext context, IAntiforgery antiforgery)
    {
        context.Response.Headers.CacheControl = "no-store";
        return new(context.User.HasClaim(claim => claim.Type == ClaimTypes.NameIdentifier), antiforgery.GetAndStoreTokens(context).RequestToken!);
    }
}
