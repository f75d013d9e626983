using System.IO.Compression;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Telephony.Api.Health;
using Telephony.Api.Identity;
using Telephony.Api.Json;
using Telephony.Api.Live;
using Telephony.Api.Web;
using Telephony.Configuration;

namespace Telephony.Api;

public static class ApiServiceCollectionExtensions
{
    private static readonly TimeSpan CheckWithin = TimeSpan.FromSeconds(3);

    /// <summary>The REST API, the hub and the web client's files. Needs <c>AddConfiguration</c>, an <see cref="IClusterClient"/>, the event store, the call history and the blob store.</summary>
    public static IServiceCollection AddApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<HttpOptions>().BindConfiguration("Telephony:Http");
        services.AddOptions<SignInOptions>().BindConfiguration("Telephony:SignIn").ValidateOnStart();
        services.AddSingleton<IValidateOptions<SignInOptions>, SignInOptionsValidator>();

        AddIdentity(services);
        AddLive(services);

        services.ConfigureHttpJsonOptions(options => ApiJson.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = false); // the status alone, in every environment
        services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 64 * 1024; // an endpoint that needs more says so
            options.Limits.MaxRequestHeadersTotalSize = 16 * 1024;
        });
        services.AddProblemDetails();
        services.AddExceptionHandler<DependencyAway>();
        services.AddOpenApi("v1", OpenApi.Configure);
        services.AddResponseCompression(options => options.MimeTypes = ["application/json", "application/problem+json", "text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml"]);
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.AddHealthChecks()
            .AddCheck<PostgresHealth>("postgres", timeout: CheckWithin)
            .AddCheck<BlobsHealth>("blobs", timeout: CheckWithin)
            .AddCheck<SipHealth>("sip", timeout: CheckWithin)
            .AddCheck<MediaHealth>("media", timeout: CheckWithin);
        return services;
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services.AddSingleton<SignInService>();
        services.AddSingleton<CookieEvents>();
        services.AddDataProtection().SetApplicationName("telephony");
        services.AddOptions<KeyManagementOptions>().Configure<IOptions<DataOptions>, ILoggerFactory>((keys, data, log) =>
        {
            var folder = Path.Combine(data.Value.Data, "keys");
            PrivateFile.CreateFolder(folder);
            keys.XmlRepository = new FileSystemXmlRepository(new DirectoryInfo(folder), log);
        });
        services.AddAntiforgery(options =>
        {
            options.HeaderName = "X-XSRF-TOKEN";
            options.SuppressXFrameOptionsHeader = true; // it is there already
            options.Cookie.Name = "telephony-antiforgery";
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddAuthentication(Schemes.Any)
            .AddPolicyScheme(Schemes.Any, null, options =>
                options.ForwardDefaultSelector = context => ApiKeyAuthenticationHandler.Applies(context.Request) ? Schemes.ApiKey : Schemes.Cookie)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyAuthenticationHandler>(Schemes.ApiKey, null)
            .AddCookie(Schemes.Cookie);
        services.AddOptions<CookieAuthenticationOptions>(Schemes.Cookie).Configure<IOptions<SignInOptions>, TimeProvider>((options, signIn, clock) =>
        {
            options.Cookie.Name = "telephony";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.ExpireTimeSpan = signIn.Value.Lifetime;
            options.SlidingExpiration = true;
            options.EventsType = typeof(CookieEvents);
            options.TimeProvider = clock;
        });
        services.AddAuthorizationBuilder();
        services.Configure<Microsoft.AspNetCore.Authorization.AuthorizationOptions>(Policies.Add);
    }

    private static void AddLive(IServiceCollection services)
    {
        services.AddSingleton<LiveBridge>();
        services.AddSignalR(options =>
        {
            options.MaximumReceiveMessageSize = 4 * 1024; // clients only subscribe
            options.MaximumParallelInvocationsPerClient = 1;
            options.StreamBufferCapacity = 1;
            options.EnableDetailedErrors = false;
        }).AddJsonProtocol(options => ApiJson.Configure(options.PayloadSerializerOptions));
        services.AddSingleton(typeof(HubLifetimeManager<>), typeof(BoundedHubLifetimeManager<>));
    }
}
