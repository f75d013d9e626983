using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Telephony.Configuration.Import;
using Telephony.Configuration.Storage;

namespace Telephony.Configuration;

public static class ConfigurationServiceCollectionExtensions
{
    /// <summary>
    /// The configuration, kept in PostgreSQL (<c>ConnectionStrings:Postgres</c>; an <see cref="NpgsqlDataSource"/> that is registered already is used) and in files under
    /// <c>Telephony:Data</c>. Its schema is brought up to date before other hosted services start.
    /// </summary>
    public static IServiceCollection AddConfiguration(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<DataOptions>().BindConfiguration("Telephony").ValidateOnStart();
        services.AddOptions<ConfigurationReaderOptions>().BindConfiguration("Telephony:Configuration").ValidateOnStart();
        services.AddSingleton<OptionsValidator>();
        services.AddSingleton<IValidateOptions<DataOptions>>(provider => provider.GetRequiredService<OptionsValidator>());
        services.AddSingleton<IValidateOptions<ConfigurationReaderOptions>>(provider => provider.GetRequiredService<OptionsValidator>());
        services.TryAddSingleton(provider => NpgsqlDataSource.Create(PostgresConnectionString(provider.GetRequiredService<IConfiguration>())));

        services.AddDbContextFactory<ConfigurationContext>((provider, options) => options.UseNpgsql(provider.GetRequiredService<NpgsqlDataSource>()));
        services.TryAddSingleton<IPasswordHasher<UserRow>, PasswordHasher<UserRow>>();
        services.AddSingleton<ServerSecrets>();
        services.AddSingleton<ConfigurationStore>();
        services.AddSingleton(provider => new ConfigurationReader(
            provider.GetRequiredService<ConfigurationStore>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<ConfigurationReaderOptions>>(), provider.GetRequiredService<ILogger<ConfigurationReader>>()));
        services.AddSingleton<IConfigurationReader>(provider => provider.GetRequiredService<ConfigurationReader>());
        services.AddSingleton<ExtensionImport>();
        services.AddSingleton(provider => new ConfigurationWriter(
            provider.GetRequiredService<IDbContextFactory<ConfigurationContext>>(), provider.GetRequiredService<ExtensionImport>(),
            provider.GetRequiredService<ConfigurationReader>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ConfigurationWriter>>()));
        services.AddSingleton(provider => new Accounts(
            provider.GetRequiredService<ConfigurationReader>(), provider.GetRequiredService<IDbContextFactory<ConfigurationContext>>(),
            provider.GetRequiredService<IPasswordHasher<UserRow>>()));
        services.AddSingleton(provider => new ApiKeys(
            provider.GetRequiredService<IDbContextFactory<ConfigurationContext>>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ApiKeys>>()));
        services.AddSingleton<DemoTenant>();
        services.AddHostedService<ConfigurationDatabase>();
        services.AddHostedService<ChangeListener>();
        return services;
    }

    private static string PostgresConnectionString(IConfiguration configuration)
    {
        const string Key = "ConnectionStrings:Postgres";
        const string Allowed = "allowed is an Npgsql connection string such as Host=127.0.0.1;Port=5432;Username=telephony;Database=telephony";
        var value = configuration.GetConnectionString("Postgres");
        if (string.IsNullOrWhiteSpace(value)) throw new InvalidOperationException($"{Key} is empty: {Allowed}.");
        try
        {
            return new NpgsqlConnectionStringBuilder(value).ConnectionString;
        }
        catch (ArgumentException exception)
        {
            throw new InvalidOperationException($"{Key} is malformed ({exception.Message}): {Allowed}."); // without its value: it may hold a password
        }
    }
}
