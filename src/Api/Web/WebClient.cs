using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Options;

namespace Telephony.Api.Web;

/// <summary>The built web client: its files, and its page for every address that is not the API's.</summary>
internal static class WebClient
{
    private static readonly string[] NotPages = ["/api", "/hubs", "/sip", "/openapi", "/healthz", "/readyz", "/assets"];

    public static void UseWebClient(this WebApplication app)
    {
        if (Files(app) is not { } files) return;
        var content = new FileExtensionContentTypeProvider { Mappings = { [".webmanifest"] = "application/manifest+json" } };
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, ContentTypeProvider = content, OnPrepareResponse = Cache });
    }

    public static void MapWebClient(this WebApplication app)
    {
        if (Files(app) is not { } files) return;
        app.MapFallback("{*path}", async context =>
        {
            var page = files.GetFileInfo("index.html");
            if (!page.Exists || NotPages.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal))
                || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            context.Response.ContentType = "text/html; charset=utf-8";
            context.Response.Headers.CacheControl = "no-cache";
            await context.Response.SendFileAsync(page, context.RequestAborted);
        }).ExcludeFromDescription();
    }

    private static void Cache(StaticFileResponseContext file) => // what Vite builds has a hash in its name
        file.Context.Response.Headers.CacheControl = file.Context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";

    private static PhysicalFileProvider? Files(WebApplication app)
    {
        var root = app.Services.GetRequiredService<IOptions<HttpOptions>>().Value.WebRoot;
        return root.Length > 0 && Directory.Exists(root) ? new PhysicalFileProvider(Path.GetFullPath(root)) : null;
    }
}
