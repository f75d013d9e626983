using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Telephony.Events;

namespace Telephony.Grains.Calls.History;

public static class CallHistoryServiceCollectionExtensions
{
    /// <summary>Adds the CDR projection and <see cref="ICallHistory"/>. Needs <c>AddEvents</c>; tells <see cref="Streams.History"/> of new calls where grains run.</summary>
    public static IServiceCollection AddCallHistory(this IServiceCollection services)
    {
        var assembly = typeof(CallEvent).Assembly;
        services.AddEventTypes(assembly);
        services.AddSingleton(new SqlMigrations(CdrTables.Schema, assembly, "Telephony.Grains.Calls.History.Sql."));
        services.AddSingleton<IProjection, CdrProjection>();
        services.TryAddSingleton<ICallHistory, CallHistory>();
        return services;
    }
}
