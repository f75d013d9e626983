using System.Diagnostics.CodeAnalysis;
using Telephony.Configuration;
using Telephony.Sip;

namespace Telephony.Grains.Devices;

/// <summary>The devices' credentials for an edge that refreshes registrations by itself. Says nothing while the configuration has to be read first.</summary>
internal sealed class SipAccounts(IConfigurationReader configuration) : ISipAccounts
{
    public bool TryFind(string domain, string username, out SipAccount account)
    {
        account = default;
        if (!TryGet(configuration.FindTenant(domain), out var id)
            || !TryGet(configuration.GetTenant(id), out var tenant)
            || !TryGet(configuration.FindDevice(id, username), out var device))
        {
            return false;
        }

        account = new(device.Username, tenant.Domains[0], DeviceAuthenticator.Policy(device), device.Ha1Md5, device.Ha1Sha256);
        return true;
    }

    private static bool TryGet<T>(ValueTask<T?> asked, [NotNullWhen(true)] out T? found)
        where T : class
    {
        found = asked.IsCompletedSuccessfully ? asked.Result : null;
        return found is not null;
    }
}
