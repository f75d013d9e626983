using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace Telephony.Configuration;

/// <summary>
/// The server's own keys (SIP tags, nonces, encrypted SIP passwords): random bytes, made when first asked for, each in a file of its own under
/// <c>secrets</c> in the data folder, readable by the owner alone. Back the folder up with the database: without it, SIP passwords cannot be provisioned again.
/// </summary>
public sealed class ServerSecrets(IOptions<DataOptions> options)
{
    private readonly ConcurrentDictionary<string, byte[]> _keys = new(StringComparer.Ordinal);

    /// <summary>The key of this name: the same bytes for ever. Silos that share a data folder share its keys.</summary>
    /// <param name="name">Lower-case letters, digits and dashes; it names the file.</param>
    /// <exception cref="InvalidDataException">The file holds another number of bytes.</exception>
    public byte[] Get(string name, int bytes = 32)
    {
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')) throw new ArgumentException("Lower-case letters, digits and dashes.", nameof(name));
        var key = _keys.GetOrAdd(name, static (name, state) => ReadOrCreate(Path.Combine(state.Folder, "secrets"), name, state.Bytes), (Folder: options.Value.Data, Bytes: bytes));
        return key.Length == bytes ? key : throw new InvalidDataException($"The secret '{name}' has {key.Length} bytes, not {bytes}.");
    }

    private static byte[] ReadOrCreate(string folder, string name, int bytes)
    {
        PrivateFile.CreateFolder(folder);
        var path = Path.Combine(folder, name);
        if (!File.Exists(path)) PrivateFile.TryCreate(path, RandomNumberGenerator.GetBytes(bytes));
        return File.ReadAllBytes(path); // perhaps another process's, which was faster
    }
}
