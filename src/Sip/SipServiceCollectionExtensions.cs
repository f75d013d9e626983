using Microsoft.Extensions.DependencyInjection;

namespace Telephony.Sip;

public static class SipServiceCollectionExtensions
{
    /// <summary>Adds the edge (as <see cref="ISipEdge"/> and hosted service), <see cref="DigestAuthenticator"/> and <see cref="TagMac"/>. Needs an <see cref="ISipEdgeEvents"/>.</summary>
    public static IServiceCollection AddSip(this IServiceCollection services)
    {
        services.AddOptions<SipEdgeOptions>().BindConfiguration("Telephony:Sip").ValidateOnStart();
        return services;
    }
}
