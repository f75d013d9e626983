using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Storage;
using Telephony.Events;
using Telephony.Grains;

namespace Telephony.Silo;

/// <summary>The engine of <c>ActorRuntime=Orleans</c>: a cluster on PostgreSQL. Orleans' own SQL scripts (Main, Clustering, Reminders) come first.</summary>
internal static class OrleansRuntime
{
    private const string Invariant = "Npgsql";

    public static IServiceCollection AddActorRuntime(this IServiceCollection services) =>
        services.AddSerializer(_ => { }).AddOrleans((ISiloBuilder silo) =>
        {
            var postgres = silo.Configuration.GetConnectionString("Postgres");
            silo.Configure<ClusterOptions>(silo.Configuration.GetSection("Telephony:Cluster"));
            silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, postgres));
            silo.UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = (Invariant, postgres));
            silo.AddMemoryGrainStorage("PubSubStore");
            silo.AddMemoryStreams(Streams.Live);
            silo.Services.AddSingleton<IGrainStorage, OrleansJournalStorage>();
        });
}

/// <summary>Grain state in the silo's journal, under its name and the grain's key.</summary>
internal sealed class OrleansJournalStorage(IJournal journal) : IGrainStorage
{
    private readonly JournalStorage _storage = new(journal);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var (exists, value) = await _storage.Read<T>(stateName, grainId.Key.ToString()!);
        grainState.RecordExists = exists;
        if (exists) grainState.State = value!;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await _storage.Write(stateName, grainId.Key.ToString()!, grainState.State);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await _storage.Clear(stateName, grainId.Key.ToString()!);
        grainState.RecordExists = false;
    }
}
