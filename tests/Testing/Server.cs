using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

namespace Telephony.Testing;

/// <summary>The real server, run from its build output as a process of its own, with own ports and an own data folder.</summary>
public sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string?> _settings;
    private readonly int _mediaFirst, _mediaLast;
    private ChildProcess? _process;

    private Server(string postgres, string blobs, IReadOnlyDictionary<string, string?>? settings)
    {
        Data = Directory.CreateTempSubdirectory("telephony-").FullName;
        HttpPort = FreePorts.One();
        SipPort = FreePorts.Range(2);
        var media = FreePorts.Range(100);
        _settings = new Dictionary<string, string?>
        {
            ["Telephony__Data"] = Data,
            ["Telephony__Http__Port"] = Text(HttpPort),
            ["Telephony__Http__WebRoot"] = Path.Combine(Repository.Root, "src", "WebClient", "dist"),
            ["Telephony__Sip__Port"] = Text(SipPort),
            ["Telephony__Sip__Bind"] = "127.0.0.1,::1",
            ["Telephony__Media__PortRange"] = $"{media}-{media + 99}",
            ["ConnectionStrings__Postgres"] = postgres,
            ["ConnectionStrings__Blobs"] = blobs,
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>()) _settings[name] = value;
        var range = _settings["Telephony__Media__PortRange"]!.Split('-');
        (_mediaFirst, _mediaLast) = (int.Parse(range[0], CultureInfo.InvariantCulture), int.Parse(range[1], CultureInfo.InvariantCulture));
        Anonymous = new HttpClient { BaseAddress = Web };
        Administrator = new HttpClient { BaseAddress = Web };
    }

    /// <summary>The program that the tests' build made.</summary>
    public static string Program { get; } = Path.Combine(
        [Repository.Root, "src", "Silo", "bin", .. AppContext.BaseDirectory.TrimEnd('/').Split('/')[^2..], "Telephony.Silo"]);

    /// <summary>The data folder: journal, api-key, demo-credentials.json.</summary>
    public string Data { get; }

    public int HttpPort { get; }

    public int SipPort { get; }

    /// <summary>One above, as it is unless it is set.</summary>
    public int SipTlsPort => SipPort + 1;

    public Uri Web => new($"http://127.0.0.1:{HttpPort}");

    public int ProcessId => Process.Id;

    /// <summary>Everything that it has printed since its last start.</summary>
    public string Output => Process.Output;

    /// <summary>Nobody's requests: the health endpoints.</summary>
    public HttpClient Anonymous { get; }

    /// <summary>With the API key that the first start wrote.</summary>
    public HttpClient Administrator { get; }

    private ChildProcess Process => _process ?? throw new InvalidOperationException("The server does not run.");

    /// <summary>Starts it, and waits until it says that it is ready.</summary>
    /// <param name="settings">Environment variables besides, or instead of, those that the tests need.</param>
    public static async Task<Server> Start(string postgres, string blobs, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var server = new Server(postgres, blobs, settings);
        try
        {
            await server.Start();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it again, after <see cref="Kill"/> or <see cref="Stop"/>, on the same ports and data.</summary>
    public async Task Start()
    {
        if (_process is not null) await _process.DisposeAsync();
        _process = await ChildProcess.Start(Program, [], _settings);
        await _process.WaitForLine(line => line.StartsWith("Telephony is ready: ", StringComparison.Ordinal), StartLimit);
        Administrator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(Path.Combine(Data, "api-key"))).Trim());
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task Kill()
    {
        Process.Send(Signal.Kill);
        await Process.WaitForExit(TimeSpan.FromSeconds(10));
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit status.</returns>
    public Task<int> Stop()
    {
        Process.Send(Signal.Terminate);
        return Process.WaitForExit(TimeSpan.FromSeconds(30));
    }

    /// <summary>Adds a tenant with extensions from <paramref name="first"/> on, each with one device, named like it. The first one is its administrator.</summary>
    public async Task<TestTenant> AddTenant(int extensions, int first = 100, string? domain = null)
    {
        var tenant = new TestTenant(this, domain ?? $"t{Guid.NewGuid():N}"[..12] + ".test", first, extensions);
        using var added = await Administrator.PostAsJsonAsync("/api/v1/admin/tenants", new { domain = tenant.Domain });
        await Succeeded(added);
        using var imported = await Administrator.PostAsync($"/api/v1/admin/tenants/{tenant.Domain}/extensions/import", new StringContent(tenant.Csv, Encoding.UTF8, "text/csv"));
        await Succeeded(imported);
        return tenant;
    }

    /// <summary>Ports of the media range that the server has bound right now.</summary>
    public int MediaPortsInUse() => File.ReadLines("/proc/net/udp").Skip(1)
        .Select(line => int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
        .Count(port => port >= _mediaFirst && port <= _mediaLast);

    /// <summary>Files and sockets that the process has open.</summary>
    public int OpenFiles() => Directory.GetFileSystemEntries($"/proc/{ProcessId}/fd").Length;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Anonymous.Dispose();
        Administrator.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    internal static async Task Succeeded(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{response.RequestMessage?.RequestUri} gave {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}", null, response.StatusCode);
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
