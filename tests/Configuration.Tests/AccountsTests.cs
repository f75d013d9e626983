namespace Telephony.Configuration.Tests;

public class AccountsTests
{
    [Fact, Trait("Feature", "AUTH-02"), Trait("Feature", "AUTH-03")]
    public async Task A_login_is_the_extension_and_the_domain_with_the_users_password()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");
        var other = await host.AddTenant("other.example");
        await host.Import(tenant, "100,Alice,,,secret-100,Passw0rd!,supervisor", "101,Bob,,,secret-101,,user");
        await host.Import(other, "100,Carol,,,secret-100,0therPass!,user");

        var user = await host.Accounts.SignIn("100@PBX.example", "Passw0rd!", default);

        Assert.Equal((tenant, "100"), (user!.Tenant, user.Extension));
        Assert.Equal(["supervisor"], user.Roles);
        Assert.Null(await host.Accounts.SignIn("100@pbx.example", "passw0rd!", default));
        Assert.Null(await host.Accounts.SignIn("100@pbx.example", "", default));
        Assert.Null(await host.Accounts.SignIn("100@other.example", "Passw0rd!", default)); // the other tenant's 100
        Assert.Null(await host.Accounts.SignIn("999@pbx.example", "Passw0rd!", default));
        Assert.Null(await host.Accounts.SignIn("100@nowhere.example", "Passw0rd!", default));
        Assert.Null(await host.Accounts.SignIn("100", "Passw0rd!", default));
        Assert.Null(await host.Accounts.SignIn("@", "Passw0rd!", default));
        Assert.Null(await host.Accounts.SignIn("101@pbx.example", "", default)); // no web password: no web sign-in
        Assert.Null(await host.Accounts.SignIn("100@pbx.example", new string('x', 100_000), default));
    }

    [Fact]
    public async Task A_user_survives_a_renamed_domain()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("old.example");
        await host.Import(tenant, "100,Alice,,,secret-100,Passw0rd!,user");

        await host.Sql("update config.domains set name = 'new.example'");
        await host.Reader.Refresh(tenant, default);

        Assert.NotNull(await host.Accounts.SignIn("100@new.example", "Passw0rd!", default));
        Assert.Null(await host.Accounts.SignIn("100@old.example", "Passw0rd!", default));
    }

    [Fact]
    public async Task A_sign_in_is_over_once_the_password_is_another()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");
        await host.Import(tenant, "100,Alice,,,secret-100,Passw0rd!,user");
        var user = await host.Accounts.SignIn("100@pbx.example", "Passw0rd!", default);
        Assert.True(await host.Accounts.IsCurrent(tenant, "100", user!.SecurityStamp));

        await host.Import(tenant, "100,Alice,,,,N3wPassword!,user");

        Assert.False(await host.Accounts.IsCurrent(tenant, "100", user.SecurityStamp));
        Assert.Null(await host.Accounts.SignIn("100@pbx.example", "Passw0rd!", default));
        Assert.NotNull(await host.Accounts.SignIn("100@pbx.example", "N3wPassword!", default));
    }
}
