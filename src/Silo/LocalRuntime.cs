using Telephony.Grains;
using Telephony.Runtime.Storage;

namespace Telephony.Silo;

/// <summary>The engine of <c>ActorRuntime=Local</c>: grains in this process alone.</summary>
internal static class LocalRuntime
{
    public static IServiceCollection AddActorRuntime(this IServiceCollection services) => services
        .AddSingleton<IGrainStorage, LocalJournalStorage>()
        .AddLocalRuntime(options => options.AddAssembly(typeof(GrainServiceCollectionExtensions).Assembly));
}

/// <summary>Grain state in the silo's journal. A grain has one activation and the journal one writer, so the etag only says that there is something.</summary>
internal sealed class LocalJournalStorage(Telephony.Events.IJournal journal) : IGrainStorage
{
    private const string Etag = "1";

    private readonly JournalStorage _storage = new(journal);

    public async ValueTask<StoredState<T>?> Read<T>(string stateName, string grainKey, CancellationToken cancellationToken) =>
        await _storage.Read<T>(stateName, grainKey) is (true, { } value) ? new StoredState<T>(value, Etag) : null;

    public async ValueTask<string> Write<T>(string stateName, string grainKey, T state, string? etag, CancellationToken cancellationToken)
    {
        await _storage.Write(stateName, grainKey, state);
        return Etag;
    }

    public ValueTask Clear<T>(string stateName, string grainKey, string? etag, CancellationToken cancellationToken) => _storage.Clear(stateName, grainKey);
}
