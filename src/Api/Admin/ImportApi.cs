using System.Security.Claims;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Telephony.Api.Identity;
using Telephony.Api.Json;
using Telephony.Configuration;

namespace Telephony.Api.Admin;

/// <param name="Imported">How many rows.</param>
public sealed record ImportAnswer(int Imported);

internal static class ImportApi
{
    private const string NdJson = "application/x-ndjson";
    private const int MaxBytes = 32 * 1024 * 1024;
    private static readonly SemaphoreSlim Imports = new(2); // each may hold its whole file and both cores

    public static void MapImport(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/admin/tenants/{domain}/extensions/import", Import).WithTags("Administration").RequireAuthorization(Policies.Administrator)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBytes)).Accepts<Stream>("text/csv")
            .Produces<ImportAnswer>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .WithSummary("Import extensions from CSV")
            .WithDescription(
                "UTF-8, RFC 4180, header `extension,display_name,department,email,sip_password,web_password,role`, and after it `media_security` if that is wanted. All rows or none: a bad row is reported in `errors` with its line number. "
                + "A number that exists is updated, and an empty password leaves what it has; a new number gets one device, named like it, and needs a SIP password; an empty web_password leaves web sign-in off. "
                + "With `Accept: application/x-ndjson` the answer is a stream of `{\"done\":n,\"total\":m}` and ends with `{\"imported\":n}` or `{\"problem\":{...}}`.");

    private static async Task<IResult> Import(
        string domain, HttpContext context, ClaimsPrincipal user, ConfigurationReader reader, ConfigurationWriter writer, ILogger<ConfigurationWriter> log)
    {
        if (await reader.FindTenant(domain) is not { } tenant || !user.Administers(tenant))
        {
            return TypedResults.Problem("There is no such tenant, or it is not yours.", statusCode: StatusCodes.Status404NotFound);
        }

        if (!await Imports.WaitAsync(0, context.RequestAborted))
        {
            context.Response.Headers.RetryAfter = "5";
            return TypedResults.Problem("Other imports are running. Try again later.", statusCode: StatusCodes.Status429TooManyRequests);
        }

        try
        {
            if (context.Request.GetTypedHeaders().Accept.Any(accept => accept.MediaType.Equals(NdJson, StringComparison.OrdinalIgnoreCase)))
            {
                await Stream(tenant, context, user, writer, log);
                return TypedResults.Empty;
            }

            var result = await writer.ImportExtensions(tenant, context.Request.Body, user.Actor(), null, context.RequestAborted);
            return result.Succeeded
                ? TypedResults.Ok(new ImportAnswer(result.Imported))
                : TypedResults.ValidationProblem(result.Errors, detail: Nothing, title: Title).WithStatus(StatusCodes.Status422UnprocessableEntity);
        }
        finally
        {
            Imports.Release();
        }
    }

    private const string Title = "The file has errors.";
    private const string Nothing = "Nothing was imported.";

    private static ProblemHttpResult WithStatus(this ValidationProblem problem, int status)
    {
        problem.ProblemDetails.Status = status;
        return TypedResults.Problem(problem.ProblemDetails);
    }

    private static async Task Stream(string tenant, HttpContext context, ClaimsPrincipal user, ConfigurationWriter writer, ILogger log)
    {
        var progress = Channel.CreateBounded<ImportProgress>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest }); // the latest is enough
        var import = Run();
        context.Response.ContentType = NdJson;
        context.Response.Headers["X-Accel-Buffering"] = "no";
        await foreach (var step in progress.Reader.ReadAllAsync(context.RequestAborted)) await Line(new { done = step.Done, total = step.Total });
        await Line(await import);

        async Task<object> Run()
        {
            try
            {
                var result = await writer.ImportExtensions(tenant, context.Request.Body, user.Actor(), step => progress.Writer.TryWrite(step), context.RequestAborted);
                return result.Succeeded ? new ImportAnswer(result.Imported) : Problem.Line(context, StatusCodes.Status422UnprocessableEntity, $"{Title} {Nothing}", result.Errors);
            }
            catch (BadHttpRequestException exception) // too large, or cut off
            {
                return Problem.Line(context, exception.StatusCode, exception.Message);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Log.ImportFailed(log, exception);
                return Problem.Line(context, StatusCodes.Status500InternalServerError, "The import failed; nothing was imported.");
            }
            finally
            {
                progress.Writer.Complete();
            }
        }

        async Task Line(object value)
        {
            await JsonSerializer.SerializeAsync(context.Response.Body, value, value.GetType(), ApiJson.Options, context.RequestAborted);
            await context.Response.Body.WriteAsync("\n"u8.ToArray(), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }
}
