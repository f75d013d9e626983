using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telephony.Configuration.Storage;

namespace Telephony.Configuration;

/// <summary>Who signs in to the web client, by <c>extension@domain</c> (AUTH-02) and password (AUTH-03).</summary>
public sealed class Accounts
{
    private readonly ConfigurationReader _reader;
    private readonly IDbContextFactory<ConfigurationContext> _contexts;
    private readonly IPasswordHasher<UserRow> _hasher;
    private readonly string _nobodysHash;

    internal Accounts(ConfigurationReader reader, IDbContextFactory<ConfigurationContext> contexts, IPasswordHasher<UserRow> hasher)
    {
        _reader = reader;
        _contexts = contexts;
        _hasher = hasher;
        _nobodysHash = hasher.HashPassword(null!, RandomText.WebPassword());
    }

    /// <summary>
    /// The user, when login and password are right; null otherwise, with nothing that tells an unknown login from a wrong password: a hash is
    /// computed, and the database asked, either way. How often somebody may try is the caller's business.
    /// </summary>
    public async Task<UserRecord?> SignIn(string login, string password, CancellationToken cancellationToken)
    {
        if (password.Length > 128) password = ""; // never hash more than a password may have
        var at = login.LastIndexOf('@');
        var extension = at > 0 ? login[..at] : "";
        var tenant = at > 0 ? await _reader.FindTenant(login[(at + 1)..].Trim()) : null;

        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Users.AsNoTracking()
            .Where(user => user.Tenant == (tenant ?? "") && user.Extension == extension)
            .Select(user => new { user.Id, user.Tenant, user.Extension, user.Roles, user.SecurityStamp, user.PasswordHash })
            .FirstOrDefaultAsync(cancellationToken);

        var verdict = _hasher.VerifyHashedPassword(null!, row?.PasswordHash ?? _nobodysHash, password);
        if (row?.PasswordHash is null || verdict == PasswordVerificationResult.Failed) return null;
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = _hasher.HashPassword(null!, password);
            await context.Users.Where(user => user.Id == row.Id && user.PasswordHash == row.PasswordHash)
                .ExecuteUpdateAsync(set => set.SetProperty(user => user.PasswordHash, hash), cancellationToken);
        }

        return new UserRecord(row.Id, row.Tenant, row.Extension, row.Roles, row.SecurityStamp!, HasPassword: true);
    }

    /// <summary>Is what a cookie says still so? Answered from memory; a new password or role ends a sign-in within a second.</summary>
    public async ValueTask<bool> IsCurrent(string tenant, string extension, string securityStamp) =>
        await _reader.FindUser(tenant, extension) is { HasPassword: true } user && string.Equals(user.SecurityStamp, securityStamp, StringComparison.Ordinal);
}
