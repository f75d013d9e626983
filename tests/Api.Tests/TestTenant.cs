namespace Telephony.Api.Tests;

public sealed record TestTenant(ApiHost Host, string Id, string Domain)
{
    /// <summary>Signs one of its people in.</summary>
    public Task<Browser> SignIn(string extension) => Browser.SignIn(Host, $"{extension}@{Domain}", ApiHost.Password);
}
