using System.CommandLine;

namespace Telephony.Cli.Commands;

internal static class TenantCommands
{
    private sealed record Tenant(string Id, string Name, string Domain);

    public static Command Create(CommandRunner run)
    {
        var domain = new Argument<string>("domain") { Description = "Its SIP domain, such as bench.example." };
        var name = new Option<string?>("--name") { Description = "What people call it. Else like the domain." };
        var add = new Command("add", "Adds a tenant.") { domain, name };
        run.Bind(add, async (parsed, server, cancellationToken) =>
        {
            var tenant = await server.Ask<Tenant>(HttpMethod.Post, "/api/v1/admin/tenants", new { domain = parsed.GetValue(domain), name = parsed.GetValue(name) }, cancellationToken);
            await run.Context.Out.WriteLineAsync($"Added {tenant.Domain} ({tenant.Name}), id {tenant.Id}");
            return ExitCode.Done;
        });

        var list = new Command("list", "Lists tenants: domain, id and name, with tabs between.");
        run.Bind(list, async (_, server, cancellationToken) =>
        {
            foreach (var tenant in await server.Ask<Tenant[]>(HttpMethod.Get, "/api/v1/admin/tenants", null, cancellationToken))
            {
                await run.Context.Out.WriteLineAsync($"{tenant.Domain}\t{tenant.Id}\t{tenant.Name}");
            }

            return ExitCode.Done;
        });
        return new Command("tenants", "Tenants of the platform.") { add, list };
    }
}
