namespace Telephony.Testing.Phones;

/// <summary>Debian's linphonec without a sound card, led by the commands that a person would type. It registers at the start, and unregisters when it is disposed.</summary>
public sealed class Linphone : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly string _home;
    private readonly ChildProcess _process;
    private int _heard;

    private Linphone(string home, ChildProcess process) => (_home, _process) = (home, process);

    /// <param name="transport"><c>udp</c>, <c>tcp</c>, or <c>tls</c> with the account's server at that port.</param>
    public static async Task<Linphone> Start(SipAccount account, string transport)
    {
        var home = System.IO.Directory.CreateTempSubdirectory("linphone-").FullName;
        System.IO.Directory.CreateDirectory(Path.Combine(home, ".local", "share", "linphone")); // where its database is; without one it does not register
        string Port(string of) => of == transport ? "-1" : "0"; // any, or none
        await File.WriteAllTextAsync(Path.Combine(home, "linphonerc"), $"""
            [sip]
            sip_port={Port("udp")}
            sip_tcp_port={Port("tcp")}
            sip_tls_port={Port("tls")}
            use_ipv6=0
            default_proxy=0
            verify_server_certs=0
            verify_server_cn=0
            [rtp]
            audio_rtp_port={FreePorts.Range(2)}
            [proxy_0]
            reg_identity={account.Uri}
            reg_proxy=<sip:{account.Proxy};transport={transport}>
            reg_route=<sip:{account.Proxy};transport={transport}>
            reg_sendregister=1
            reg_expires=600
            [auth_info_0]
            username={account.Username}
            passwd={account.Password}
            realm={account.Domain}

            """);
        var process = await ChildProcess.Start("linphonec", ["-c", Path.Combine(home, "linphonerc"), "-C"], new Dictionary<string, string?> { ["HOME"] = home });
        var phone = new Linphone(home, process);
        await phone.Type("soundcard use files");
        await phone.Says("Using wav files");
        await Eventually.Is(async () =>
        {
            await phone.Type("status register");
            return process.Output.Contains("registered, identity=", StringComparison.Ordinal);
        }, Limit);
        return phone;
    }

    public Task Type(string command) => _process.WriteLine(command);

    /// <summary>Waits until it has said this, after what it was last heard to say.</summary>
    public async Task Says(string text)
    {
        var output = await Eventually.Get(
            () => Task.FromResult(_process.Output),
            output => output.IndexOf(text, _heard, StringComparison.Ordinal) >= 0,
            Limit);
        _heard = output.IndexOf(text, _heard, StringComparison.Ordinal) + text.Length;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_process.HasExited)
            {
                await Type("quit"); // unregisters
                await _process.WaitForExit(TimeSpan.FromSeconds(5));
            }
        }
        catch (Exception e) when (e is IOException or TimeoutException or InvalidOperationException)
        {
            // it is killed below
        }

        await _process.DisposeAsync();
        System.IO.Directory.Delete(_home, recursive: true);
    }
}
