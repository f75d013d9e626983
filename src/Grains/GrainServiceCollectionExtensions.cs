using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Telephony.Configuration;
using Telephony.Events;
using Telephony.Grains.Calls;
using Telephony.Grains.Devices;
using Telephony.Grains.Directory;
using Telephony.Grains.Signalling;
using Telephony.Media;
using Telephony.Sip;

namespace Telephony.Grains;

public static class GrainServiceCollectionExtensions
{
    /// <summary>What the grains need beside the runtime, and who takes SIP to them. The edge, the media node, journal and configuration are added by their own projects.</summary>
    public static IServiceCollection AddGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<CallOptions>().BindConfiguration("Telephony:Calls").ValidateOnStart()
            .Validate(o => o.RingTime >= TimeSpan.FromSeconds(1) && o.RingTime <= TimeSpan.FromMinutes(10), "Telephony:Calls:RingTime must be from 00:00:01 to 00:10:00.")
            .Validate(o => o.SessionExpires >= TimeSpan.FromSeconds(90) && o.SessionExpires <= TimeSpan.FromDays(1), "Telephony:Calls:SessionExpires must be from 00:01:30 to 1.00:00:00.")
            .Validate(o => o.MinSessionExpires >= TimeSpan.FromSeconds(90) && o.MinSessionExpires <= o.SessionExpires,
                "Telephony:Calls:MinSessionExpires must be from 00:01:30 to Telephony:Calls:SessionExpires.")
            .Validate(o => o.SilentPartyTimeout >= TimeSpan.Zero && o.SilentPartyTimeout <= TimeSpan.FromDays(1), "Telephony:Calls:SilentPartyTimeout must be from 00:00:00 to 1.00:00:00.")
            .Validate(o => o.MaxStarting is >= 0 and <= 100_000, "Telephony:Calls:MaxStarting must be a number from 0 to 100000.");
        services.AddOptions<DeviceOptions>().BindConfiguration("Telephony:Devices").ValidateOnStart()
            .Validate(o => o.FlowGrace >= TimeSpan.Zero && o.FlowGrace <= TimeSpan.FromSeconds(20), "Telephony:Devices:FlowGrace must be from 00:00:00 to 00:00:20."); // calls wait as long
        services.AddOptions<SipEdgeOptions>().Configure<ServerSecrets, IOptions<DataOptions>>((options, secrets, data) =>
        {
            options.TagKey = Convert.ToBase64String(secrets.Get("sip-tags"));
            if (options.DevelopmentCertificate.Length == 0) options.DevelopmentCertificate = Path.Combine(data.Value.Data, "secrets", "sip-certificate.pem");
        });
        services.AddSingleton<LocalNodes>();
        services.AddSingleton<ISipEdges>(provider => provider.GetRequiredService<LocalNodes>());
        services.AddMetrics();
        services.AddSingleton<RemoteNodes>();
        services.AddSingleton<IMediaNodes>(provider => provider.GetRequiredService<IOptions<MediaOptions>>().Value.Nodes.Length > 0
            ? provider.GetRequiredService<RemoteNodes>()
            : provider.GetRequiredService<LocalNodes>());
        services.AddHostedService(provider => provider.GetRequiredService<RemoteNodes>()); // before the calls of an earlier start look for theirs
        services.AddSingleton(provider =>
        {
            var clock = provider.GetRequiredService<TimeProvider>();
            var options = provider.GetRequiredService<IOptions<CallOptions>>().Value;
            return new CallServices(
                provider.GetRequiredService<ISipEdges>(), provider.GetRequiredService<IMediaNodes>(), provider.GetRequiredService<IJournal>(),
                provider.GetRequiredService<IConfigurationReader>(), provider.GetRequiredService<TagMac>(), clock,
                Silo: "silo", Epoch: clock.GetUtcNow().ToUnixTimeMilliseconds())
            {
                RingTime = options.RingTime,
                SilentPartyTimeout = options.SilentPartyTimeout,
                KeepsDigits = options.KeepsDigits,
                SessionTimers = new(options.SessionExpires, options.MinSessionExpires),
                Random = provider.GetService<Random>() ?? Random.Shared,
            };
        });
        services.AddSingleton<DeviceAuthenticator>();
        services.AddSingleton<ISipAccounts, SipAccounts>();
        services.AddSingleton<RegisterHandler>();
        services.AddSingleton<InviteHandler>();
        services.AddSingleton<ISipEdgeEvents, SipDispatcher>();
        services.AddHostedService<CallRecovery>();
        services.AddHostedService<MediaLease>();
        services.AddHostedService<MediaEvents>();
        services.AddHostedService<MediaLoss>();
        services.AddHostedService<DirectoryRefresh>();
        return services;
    }
}
