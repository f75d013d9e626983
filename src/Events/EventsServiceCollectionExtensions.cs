using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Telephony.Events;

public static class EventsServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IJournal"/>, <see cref="IEventStore"/> and <see cref="ProjectionRunner"/>. Needs <c>ConnectionStrings:Postgres</c> and <c>Telephony:Data</c>. Add it
    /// before what appends: it then stops after that.
    /// </summary>
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<JournalOptions>().BindConfiguration("Telephony:Journal").ValidateOnStart()
            .PostConfigure<IConfiguration>((o, configuration) =>
            {
                if (o.Folder.Length == 0) o.Folder = Path.Combine(configuration["Telephony:Data"] ?? ".data", "journal");
            })
            .Validate(o => o.SegmentBytes >= 1 << 12, "Telephony:Journal:SegmentBytes must be 4096 or more")
            .Validate(o => o.MaxBytes >= o.SegmentBytes, "Telephony:Journal:MaxBytes must be SegmentBytes or more")
            .Validate(o => o.ShipEvents > 0, "Telephony:Journal:ShipEvents must be positive")
            .Validate(o => o.SyncInterval >= TimeSpan.Zero && o.ShipInterval >= TimeSpan.Zero && o.StateInterval >= TimeSpan.Zero, "Telephony:Journal: an interval is negative");

        services.TryAddSingleton(provider => new EventTypes(provider.GetServices<EventAssembly>().Select(a => a.Assembly)));
        services.TryAddSingleton(provider => new EventsDatabase(
            provider.GetRequiredService<IConfiguration>().GetConnectionString("Postgres") ?? throw new InvalidOperationException("ConnectionStrings:Postgres is missing."),
            provider.GetServices<SqlMigrations>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<EventsDatabase>>()));

        services.TryAddSingleton<StateStore>();
        services.TryAddSingleton<Journal>();
        services.TryAddSingleton<IJournal>(provider => provider.GetRequiredService<Journal>());
        services.TryAddSingleton<IEventStore, EventStore>();
        services.TryAddSingleton<JournalShipper>();
        services.TryAddSingleton(provider => new ProjectionRunner(
            provider.GetRequiredService<EventsDatabase>(), provider.GetServices<IProjection>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ProjectionRunner>>()));
        services.AddHostedService(provider => provider.GetRequiredService<JournalShipper>());
        services.AddHostedService(provider => provider.GetRequiredService<ProjectionRunner>());
        services.AddHealthChecks().AddCheck<JournalHealth>("journal").AddCheck<ProjectionHealth>("projections");
        return services;
    }

    /// <summary>Registers the types of an assembly that have an <see cref="EventTypeAttribute"/>.</summary>
    public static IServiceCollection AddEventTypes(this IServiceCollection services, Assembly assembly) => services.AddSingleton(new EventAssembly(assembly));

    private sealed record EventAssembly(Assembly Assembly);
}
