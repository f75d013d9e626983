using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Telephony.Configuration.Tests;

public class ImportTests(SharedHost shared) : IClassFixture<SharedHost>
{
    [Fact]
    public async Task Rows_become_extensions_each_with_a_device_named_like_it_and_a_user()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");

        var result = await host.Import(tenant,
            "100,Amara Okafor,Sales,amara@pbx.example,sip-secret,Passw0rd!,tenant_administrator",
            "\"101\",\"Peeters, \"\"Luc\"\"\",,,sip-secret2,,user");

        Assert.Equal(2, result.Imported);
        Assert.Equal("Peeters, \"Luc\"", (await host.Reader.FindExtension(tenant, "101"))!.DisplayName);
        Assert.Null((await host.Reader.FindExtension(tenant, "101"))!.Department);
        Assert.NotNull(await host.Reader.FindDevice(tenant, "101"));
        Assert.Equal(["tenant_administrator"], (await host.Reader.FindUser(tenant, "100"))!.Roles);
        Assert.True((await host.Reader.FindUser(tenant, "100"))!.HasPassword);
        Assert.False((await host.Reader.FindUser(tenant, "101"))!.HasPassword); // web sign-in is off
    }

    [Theory]
    [InlineData("1,Alice,,,secret-100,,user", "extension must be 2 to 10 digits")]
    [InlineData("12345678901,Alice,,,secret-100,,user", "extension must be")]
    [InlineData("10a,Alice,,,secret-100,,user", "extension must be")]
    [InlineData("١٠٠,Alice,,,secret-100,,user", "extension must be")]
    [InlineData("100,,,,secret-100,,user", "display_name must")]
    [InlineData("100,Al\tice,,,secret-100,,user", "display_name must")]
    [InlineData("100,Alice,Sa\u0007les,,secret-100,,user", "department must")]
    [InlineData("100,Alice,,not-an-address,secret-100,,user", "email must")]
    [InlineData("100,Alice,,a@b@c,secret-100,,user", "email must")]
    [InlineData("100,Alice,,,short,,user", "sip_password must")]
    [InlineData("100,Alice,,,,,user", "sip_password must be given for a new extension")]
    [InlineData("100,Alice,,,secret-100,Passw0r,user", "web_password must")]
    [InlineData("100,Alice,,,secret-100,password1!,user", "web_password must")]
    [InlineData("100,Alice,,,secret-100,PASSWORD1!,user", "web_password must")]
    [InlineData("100,Alice,,,secret-100,Password!,user", "web_password must")]
    [InlineData("100,Alice,,,secret-100,Password1,user", "web_password must")]
    [InlineData("100,Alice,,,secret-100,,boss", "role must be one of")]
    [InlineData("100,Alice,,,secret-100,,", "role must be one of")]
    [InlineData("100,Alice,,,secret-100,,platform_administrator", "role must be one of")]
    [InlineData("100,Alice,,,secret-100,", "There are 6 fields instead of 7")]
    [InlineData("100,Alice,,,secret-100,,user,more", "There are 8 fields instead of 7")]
    [InlineData("100,Al\"ice,,,secret-100,,user", "Not RFC 4180")]
    [InlineData("100,\"Al\"ice,,,secret-100,,user", "Not RFC 4180")]
    [InlineData("100,\"Alice,,,secret-100,,user", "Not RFC 4180")]
    [InlineData("099,Other,,,secret-100,,user", "in line 2 already")]
    public async Task A_bad_row_is_reported_with_its_line_and_nothing_is_imported(string row, string reason)
    {
        var host = shared.Host;
        var tenant = await host.AddTenant();

        var result = await host.Import(tenant, "099,Good,,,secret-099,,user", row);

        var (place, reasons) = Assert.Single(result.Errors);
        Assert.Equal("line 3", place);
        Assert.Contains(reason, Assert.Single(reasons), StringComparison.Ordinal);
        Assert.False(result.Succeeded);
        Assert.Equal(0, result.Imported);
        Assert.Empty(await host.Reader.ListExtensions(tenant));
        Assert.Equal(0L, await host.Sql($"select count(*) from config.extensions where tenant = '{tenant}'"));
    }

    [Fact]
    public async Task Passwords_are_never_repeated_in_errors()
    {
        var host = shared.Host;
        var tenant = await host.AddTenant();

        var result = await host.Import(tenant, "100,Alice,,,hush,hushhush,user");

        Assert.DoesNotContain("hush", string.Join(' ', result.Errors.SelectMany(error => error.Value)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_are_counted_through_quoted_line_breaks_empty_lines_and_crlf()
    {
        var host = shared.Host;
        var tenant = await host.AddTenant();

        var result = await host.ImportText(tenant, $"\uFEFF{ConfigurationHost.Header}\r\n100,\"Al\r\nice\",,,secret-100,,user\r\n\r\nx,Bob,,,secret-101,,user\r\n");

        Assert.Equal(["line 2", "line 5"], result.Errors.Keys.Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("extension,display_name\n100,Alice\n")]
    [InlineData("extension;display_name;department;email;sip_password;web_password;role\n")]
    [InlineData("Extension,display_name,department,email,sip_password,web_password,role\n100,Alice,,,secret-100,,user\n")]
    public async Task Another_header_is_refused(string file)
    {
        var host = shared.Host;
        var tenant = await host.AddTenant();

        var result = await host.ImportText(tenant, file);

        Assert.StartsWith("The header must be exactly", result.Errors["line 1"][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whether_a_devices_sound_is_encrypted_is_an_optional_column()
    {
        var host = shared.Host;
        var tenant = await host.AddTenant();
        await host.Import(tenant, "100,Alice,,,secret-100,,user", "101,Bob,,,secret-101,,user");

        var wrong = await host.ImportText(tenant, $"{ConfigurationHost.Header},media_security\n100,Alice,,,,,user,always\n");
        var result = await host.ImportText(tenant, $"{ConfigurationHost.Header},media_security\n100,Alice,,,,,user,required\n101,Bob,,,,,user,\n102,Carol,,,secret-102,,user,none\n");
        await host.Import(tenant, "100,Alice,,,,,user"); // without the column: as it was

        Assert.Contains("media_security must be", Assert.Single(wrong.Errors["line 2"]), StringComparison.Ordinal);
        Assert.True(result.Succeeded);
        Assert.Equal(
            [MediaSecurityPolicy.Required, MediaSecurityPolicy.Optional, MediaSecurityPolicy.None],
            [(await host.Reader.FindDevice(tenant, "100"))!.MediaSecurity, (await host.Reader.FindDevice(tenant, "101"))!.MediaSecurity, (await host.Reader.FindDevice(tenant, "102"))!.MediaSecurity]);
        Assert.Equal("required", await host.Sql($"select after ->> 'mediaSecurity' from config.audit where tenant = '{tenant}' and target = '100' and before ->> 'mediaSecurity' = 'optional'"));
    }

    [Fact]
    public async Task A_header_alone_is_refused()
    {
        var host = shared.Host;
        var tenant = await host.AddTenant();

        Assert.Equal(["The file has no rows."], (await host.ImportText(tenant, ConfigurationHost.Header)).Errors["line 1"]);
    }

    [Fact]
    public async Task Another_encoding_than_utf8_is_refused()
    {
        var host = shared.Host;
        var tenant = await host.AddTenant();

        var result = await host.ImportBytes(tenant, Encoding.Latin1.GetBytes($"{ConfigurationHost.Header}\n100,Élodie,,,secret-100,,user\n"));

        Assert.Equal(["Not UTF-8."], result.Errors["line 2"]);
    }

    [Fact]
    public async Task A_hostile_file_is_refused_within_bounds()
    {
        var host = shared.Host;
        var tenant = await host.AddTenant();

        var unclosed = await host.ImportText(tenant, $"{ConfigurationHost.Header}\n100,\"{new string('x', 5_000_000)}");
        var manyErrors = await host.Import(tenant, [.. Enumerable.Range(0, 5000).Select(_ => "x,,,,,,")]);

        Assert.False(unclosed.Succeeded);
        Assert.Equal(ImportResult.MaxErrors + 1, manyErrors.Errors.Count);
        Assert.Contains("more", manyErrors.Errors.Keys);
    }

    [Fact]
    public async Task A_number_that_exists_is_updated_and_an_empty_password_leaves_what_it_has()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");
        await host.Import(tenant, "100,Alice,Sales,a@pbx.example,secret-100,Passw0rd!,user");
        var device = await host.Reader.FindDevice(tenant, "100");
        var user = await host.Reader.FindUser(tenant, "100");

        await host.Import(tenant, "100,Alice Smith,,,,,user", "101,Bob,,,secret-101,,user");

        Assert.Equal("Alice Smith", (await host.Reader.FindExtension(tenant, "100"))!.DisplayName);
        Assert.Null((await host.Reader.FindExtension(tenant, "100"))!.Department);
        Assert.Equal(device, await host.Reader.FindDevice(tenant, "100"));
        Assert.Equal(user!.SecurityStamp, (await host.Reader.FindUser(tenant, "100"))!.SecurityStamp);
        Assert.NotNull(await host.Accounts.SignIn("100@pbx.example", "Passw0rd!", default));
        Assert.Equal("Alice", await host.Sql("select before ->> 'displayName' from config.audit where action = 'extension.updated'"));

        await host.Import(tenant, "100,Alice Smith,,,secret-new,,supervisor");

        Assert.NotEqual(device, await host.Reader.FindDevice(tenant, "100"));
        Assert.NotEqual(user.SecurityStamp, (await host.Reader.FindUser(tenant, "100"))!.SecurityStamp); // another role: sign in again
    }

    [Fact]
    public async Task Passwords_are_kept_as_hashes_and_the_sip_password_encrypted_for_its_device()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");
        await host.Import(tenant, "100,Alice,,,secret-100,Passw0rd!,user");

        var stored = (string)(await host.Sql("select (select row_to_json(d)::text from config.devices d) || (select row_to_json(u)::text from config.users u) || (select json_agg(a)::text from config.audit a)"))!;
        var sealedPassword = (byte[])(await host.Sql("select sip_password from config.devices"))!;
        var key = host.Services.GetRequiredService<ServerSecrets>().Get("sip-passwords");

        Assert.DoesNotContain("secret-100", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("Passw0rd!", stored, StringComparison.Ordinal);
        Assert.Equal("secret-100", SipCredentials.Decrypt(key, tenant, "100", sealedPassword));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => SipCredentials.Decrypt(key, tenant, "101", sealedPassword));
    }

    [Fact]
    public async Task Ten_thousand_rows_take_less_than_ten_seconds_and_tell_how_far_they_are()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("bench.example");
        var other = await host.AddTenant("other.example");
        var csv = new StringBuilder(ConfigurationHost.Header).Append('\n');
        for (var n = 10_000; n < 20_000; n++) csv.Append(CultureInfo.InvariantCulture, $"{n},Person {n},Department {n % 40},p{n}@bench.example,secret-{n},,user\n");
        var progress = new List<ImportProgress>();
        await using var file = new MemoryStream(Encoding.UTF8.GetBytes(csv.ToString()));

        var result = await host.Writer.ImportExtensions(tenant, file, "test", progress.Add);

        Assert.Equal(10_000, result.Imported);
        Assert.Equal(progress.OrderBy(p => p.Done), progress);
        Assert.Equal(new ImportProgress(10_000, 10_000), progress[^1]);
        Assert.Equal(10_000, (await host.Reader.ListExtensions(tenant)).Count);
        Assert.Empty(await host.Reader.ListExtensions(other));
    }

    [Fact]
    public async Task Two_imports_of_one_tenant_at_once_both_count()
    {
        await using var host = await ConfigurationHost.Start();
        var tenant = await host.AddTenant("pbx.example");

        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => host.Import(tenant, $"100,Shared {i},,,secret-100,,user", $"20{i},Own {i},,,secret-20{i},,user")));

        Assert.All(results, result => Assert.True(result.Succeeded));
        Assert.Equal(["100", "200", "201", "202", "203"], (await host.Reader.ListExtensions(tenant)).Select(e => e.Number));
    }
}
