using Microsoft.Extensions.Options;

namespace Telephony.Configuration.Tests;

public sealed class ServerSecretsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("telephony-tests-").FullName;

    [Fact]
    public void A_key_is_the_same_after_a_restart_and_only_its_owner_may_read_it()
    {
        var key = Secrets().Get("sip-tags");

        Assert.Equal(32, key.Length);
        Assert.Equal(key, Secrets().Get("sip-tags"));
        Assert.NotEqual(key, Secrets().Get("nonces"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "secrets", "sip-tags")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folder, "secrets")));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(_folder, "secrets")).Length); // nothing left over
    }

    [Fact]
    public void Silos_that_ask_together_get_the_same_key()
    {
        for (var round = 0; round < 50; round++)
        {
            var (keys, name) = (new byte[8][], $"key-{round}");

            Parallel.For(0, keys.Length, i => keys[i] = Secrets().Get(name));

            Assert.All(keys, key => Assert.Equal(keys[0], key));
        }
    }

    [Fact]
    public void A_file_of_another_length_is_refused()
    {
        Secrets().Get("sip-tags", 16);

        Assert.Throws<InvalidDataException>(() => Secrets().Get("sip-tags", 32));
        Assert.Throws<ArgumentException>(() => Secrets().Get("../api-key"));
    }

    private ServerSecrets Secrets() => new(Options.Create(new DataOptions { Data = _folder }));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
