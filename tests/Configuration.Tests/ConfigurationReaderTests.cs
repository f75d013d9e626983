using Telephony.Testing;

namespace Telephony.Configuration.Tests;

public class ConfigurationReaderTests
{
    [Fact]
    public async Task A_domain_is_found_in_any_case_and_an_unknown_one_is_not()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");

        Assert.Equal(tenant, await host.Reader.FindTenant("PBX.Example"));
        Assert.Null(await host.Reader.FindTenant("other.example"));
        Assert.Equal(["pbx.example"], (await host.Reader.GetTenant(tenant))!.Domains);
        Assert.Null(await host.Reader.GetTenant("tunknown"));
    }

    [Fact]
    public async Task A_device_is_found_with_its_digests_and_an_unknown_one_is_not()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");
        await host.Import(tenant, "100,Alice,Sales,alice@pbx.example,secret-100,,user");

        var device = await host.Reader.FindDevice(tenant, "100");

        // md5 and sha256 of 100:pbx.example:secret-100, by md5sum and sha256sum
        Assert.Equal(
            new DeviceRecord(tenant, "100", "100", DigestPolicy.Md5, SipCredentials.Ha1Md5("100", "pbx.example", "secret-100"), SipCredentials.Ha1Sha256("100", "pbx.example", "secret-100")), device);
        Assert.Null(await host.Reader.FindDevice(tenant, "101"));
        Assert.Null(await host.Reader.FindDevice("tunknown", "100"));
        var extension = await host.Reader.FindExtension(tenant, "100");
        Assert.Equal(("Alice", "Sales", "alice@pbx.example"), (extension!.DisplayName, extension.Department, extension.Email));
        Assert.Equal(["100"], extension.Devices);
    }

    [Fact]
    public async Task Nothing_of_a_tenant_is_seen_through_another()
    {
        await using var host = await ConfigurationHost.Start();
        var one = await host.AddTenant("one.example");
        var two = await host.AddTenant("two.example");
        await host.Import(one, "100,Alice,,,secret-100,,user", "101,Bob,,,secret-101,,user");
        await host.Import(two, "100,Carol,,,secret-200,,user");

        Assert.Equal(["Alice", "Bob"], (await host.Reader.ListExtensions(one)).Select(e => e.DisplayName));
        Assert.Equal(["Carol"], (await host.Reader.ListExtensions(two)).Select(e => e.DisplayName));
        Assert.Null(await host.Reader.FindDevice(two, "101"));
        Assert.Null(await host.Reader.FindExtension(two, "101"));
        Assert.Null(await host.Reader.FindUser(two, "101"));
        Assert.NotEqual((await host.Reader.FindDevice(one, "100"))!.Ha1Md5, (await host.Reader.FindDevice(two, "100"))!.Ha1Md5);
    }

    [Fact]
    public async Task What_has_been_read_is_answered_at_once_and_without_allocating()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");
        await host.Import(tenant, "100,Alice,,,secret-100,,user");
        await host.Reader.FindDevice(tenant, "100");
        Look(host.Reader, tenant);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Look(host.Reader, tenant);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Look(ConfigurationReader reader, string tenant)
        {
            var isDone = reader.FindTenant("PBX.example").IsCompletedSuccessfully && reader.FindTenant("nobody.example").IsCompletedSuccessfully
                && reader.FindDevice(tenant, "100").IsCompletedSuccessfully && reader.FindDevice(tenant, "999").IsCompletedSuccessfully
                && reader.FindDevice("tunknown", "999").IsCompletedSuccessfully && reader.FindExtension(tenant, "100").IsCompletedSuccessfully;
            if (!isDone) throw new InvalidOperationException("had to wait");
        }
    }

    [Fact]
    public async Task A_change_by_another_silo_is_known_within_a_second_and_raised()
    {
        await using var one = await ConfigurationHost.Start();
        await using var two = await ConfigurationHost.Start(one.Postgres.ConnectionString, one.Data);
        var tenant = await one.AddTenant("pbx.example");
        await Eventually.Is(async () => await two.Reader.FindTenant("pbx.example") == tenant, TimeSpan.FromSeconds(1));
        Assert.Null(await two.Reader.FindDevice(tenant, "100"));
        var changed = new TaskCompletionSource<string>();
        two.Reader.Changed += change => changed.TrySetResult(change.Tenant);

        await one.Import(tenant, "100,Alice,,,secret-100,,user");

        Assert.NotNull(await one.Reader.FindDevice(tenant, "100")); // here at once
        Assert.Equal(tenant, await changed.Task.WaitAsync(TimeSpan.FromSeconds(1)));
        Assert.NotNull(await two.Reader.FindDevice(tenant, "100"));
    }

    [Fact]
    public async Task A_listener_that_fails_does_not_keep_the_next_from_hearing()
    {
        await using var host = await ConfigurationHost.Start();
        var heard = 0;
        host.Reader.Changed += _ => throw new InvalidOperationException("mine");
        host.Reader.Changed += _ => heard++;

        await host.AddTenant("pbx.example");

        Assert.Equal(1, heard);
    }

    [Fact]
    public async Task While_postgres_is_away_what_was_read_keeps_answering_and_changes_are_caught_up_with()
    {
        await using var server = await PostgresFixture.StartNew();
        var database = await server.CreateDatabase();
        await using var host = await ConfigurationHost.Start(database);
        var tenant = await host.AddTenant("pbx.example");
        await host.Import(tenant, "100,Alice,,,secret-100,,user");
        await host.Reader.FindDevice(tenant, "100");

        await server.Stop();
        Assert.Equal(tenant, await host.Reader.FindTenant("pbx.example"));
        Assert.NotNull(await host.Reader.FindDevice(tenant, "100"));
        Assert.Null(await host.Reader.FindDevice(tenant, "101"));
        await server.Start();

        await using var other = await ConfigurationHost.Start(database, host.Data);
        await other.Import(tenant, "101,Bob,,,secret-101,,user");
        await Eventually.Is(async () => await host.Reader.FindDevice(tenant, "101") is not null);
    }

    [Fact]
    public async Task Tenants_beyond_the_bound_leave_memory_and_are_read_again()
    {
        await using var host = await ConfigurationHost.Start(cachedEntries: "1000");
        var tenants = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var tenant = await host.AddTenant($"pbx{i}.example");
            await host.Import(tenant, [.. Enumerable.Range(1000, 300).Select(n => $"{n},Person {n},,,secret-{n},,user")]);
            tenants.Add(tenant);
        }

        for (var i = 0; i < 2; i++)
        {
            foreach (var tenant in tenants) Assert.NotNull(await host.Reader.FindDevice(tenant, "1000"));
        }

        await Eventually.Is(() => host.Reader.Size is > 0 and <= 1000); // 600 entries a tenant
    }
}
