using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Telephony.Media.Recording;
using Telephony.Media.Sounds;

namespace Telephony.MediaStorage;

public static class MediaStorageServiceCollectionExtensions
{
    /// <summary>Gives the media node recordings and tenants' sounds in the blob storage of <c>AddBlobs</c>.</summary>
    public static IServiceCollection AddMediaStorage(this IServiceCollection services)
    {
        services.TryAddSingleton<IRecordingStore, BlobRecordingStore>();
        services.TryAddSingleton<IAudioFiles, BlobAudioFiles>();
        return services;
    }
}
