using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Telephony.Sip;

/// <summary>Puts a SIP edge (RFC 3261 §18) into a host.</summary>
public static class SipServiceCollectionExtensions
{
    /// <summary>
    /// Adds the edge (as <see cref="ISipEdge"/> and <see cref="ISipWebSockets"/>, and as a hosted service that binds its ports at the start), <see cref="DigestAuthenticator"/>,
    /// <see cref="AccountGuard"/> and <see cref="TagMac"/>.
    /// Needs an <see cref="ISipEdgeEvents"/>, which may itself need the edge.
    /// </summary>
    public static IServiceCollection AddSip(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<SipEdgeOptions>().BindConfiguration("Telephony:Sip").ValidateOnStart();
        services.AddSingleton<IValidateOptions<SipEdgeOptions>, SipEdgeOptionsValidator>();
        services.AddSingleton(provider => Options.Create(provider.GetRequiredService<IOptions<SipEdgeOptions>>().Value.Digest));
        services.AddSingleton(provider => Options.Create(provider.GetRequiredService<IOptions<SipEdgeOptions>>().Value.Defence));
        services.AddSingleton<DigestAuthenticator>();
        services.AddSingleton<AccountGuard>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<SipEdgeOptions>>().Value.TagKey is { Length: > 0 } key
            ? new TagMac(Convert.FromBase64String(key))
            : new TagMac(RandomNumberGenerator.GetBytes(32)));
        services.AddSingleton(provider => new Lazy<ISipEdgeEvents>(provider.GetRequiredService<ISipEdgeEvents>));
        services.AddSingleton<SipEdge>();
        services.AddSingleton<ISipEdge>(provider => provider.GetRequiredService<SipEdge>());
        services.AddSingleton<ISipWebSockets>(provider => provider.GetRequiredService<SipEdge>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<SipEdge>());
        return services;
    }
}
