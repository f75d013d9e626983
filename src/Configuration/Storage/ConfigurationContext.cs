using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Telephony.Configuration.Storage;

/// <summary>The schema <c>config</c>. Its tables are made by the numbered SQL files, not by EF.</summary>
internal sealed partial class ConfigurationContext(DbContextOptions<ConfigurationContext> options) : IdentityUserContext<UserRow, Guid>(options)
{
    public const string Schema = "config";

    public DbSet<TenantRow> Tenants => Set<TenantRow>();
    public DbSet<DomainRow> Domains => Set<DomainRow>();
    public DbSet<ExtensionRow> Extensions => Set<ExtensionRow>();
    public DbSet<DeviceRow> Devices => Set<DeviceRow>();
    public DbSet<ApiKeyRow> ApiKeys => Set<ApiKeyRow>();
    public DbSet<AuditRow> Audit => Set<AuditRow>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.HasDefaultSchema(Schema);
        builder.Entity<TenantRow>().ToTable("tenants").HasKey(t => t.Id);
        builder.Entity<DomainRow>().ToTable("domains").HasKey(d => d.Name);
        builder.Entity<DomainRow>().HasOne<TenantRow>().WithMany().HasForeignKey(d => d.Tenant); // so that a tenant is written first
        builder.Entity<ExtensionRow>().ToTable("extensions").HasKey(e => new { e.Tenant, e.Number });
        builder.Entity<DeviceRow>().ToTable("devices").HasKey(d => new { d.Tenant, d.Username });
        builder.Entity<DeviceRow>().Property(d => d.Digest).HasConversion(d => d.ToString().ToLowerInvariant(), d => Enum.Parse<DigestPolicy>(d, true));
        builder.Entity<DeviceRow>().Property(d => d.MediaSecurity).HasConversion(d => d.ToString().ToLowerInvariant(), d => Enum.Parse<MediaSecurityPolicy>(d, true));
        builder.Entity<ApiKeyRow>().ToTable("api_keys").HasKey(k => k.Prefix);
        builder.Entity<AuditRow>().ToTable("audit").HasKey(a => a.Id);
        builder.Entity<AuditRow>().Property(a => a.Before).HasColumnType("jsonb");
        builder.Entity<AuditRow>().Property(a => a.After).HasColumnType("jsonb");
        builder.Entity<UserRow>().ToTable("users");
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");

        foreach (var property in builder.Model.GetEntityTypes().SelectMany(type => type.GetProperties()))
        {
            property.SetColumnName(WordStart().Replace(property.Name, "_$1").ToLowerInvariant()); // SecurityStamp: security_stamp
        }
    }

    [GeneratedRegex("(?<=[a-z0-9])([A-Z])")]
    private static partial Regex WordStart();
}
