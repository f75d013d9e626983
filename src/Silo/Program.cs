using Telephony.Api;
using Telephony.Blobs;
using Telephony.Configuration;
using Telephony.Events;
using Telephony.Grains;
using Telephony.Grains.Calls.History;
using Telephony.Media;
using Telephony.MediaStorage;
using Telephony.Silo;
using Telephony.Sip;

// The composition root: a table of contents. Hosted services start in this order, and stop in the other.
return await Startup.Run(async () =>
{
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.AddHttp();
    builder.Logging.AddTelephonyConsole();
    builder.Services
        .AddConfiguration()
        .AddBlobs()
        .AddEvents()
        .AddCallHistory()
        .AddActorRuntime()
        .AddMediaStorage()
        .AddMedia()
        .AddSip()
        .AddGrains()
        .AddApi()
        .AddHostedService<ReadyLine>();

    await using var app = builder.Build();
    app.MapApi();
    await app.RunAsync();
});
