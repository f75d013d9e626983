using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Telephony.Blobs;

public static class BlobServiceCollectionExtensions
{
    /// <summary>Registers <see cref="IBlobStore"/> for <c>ConnectionStrings:Blobs</c>. Connects when it is first used.</summary>
    public static IServiceCollection AddBlobs(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<BlobOptions>().BindConfiguration("Telephony:Blobs").ValidateOnStart()
            .Configure<IConfiguration>((options, configuration) => options.ConnectionString = configuration.GetConnectionString("Blobs") ?? "");
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<BlobOptions>, BlobOptionsValidator>());
        services.TryAddSingleton<IBlobStore>(provider =>
            new BlobStore(provider.GetRequiredService<IOptions<BlobOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        return services;
    }
}
