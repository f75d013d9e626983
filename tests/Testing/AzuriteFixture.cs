using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Xunit;

namespace Telephony.Testing;

/// <summary>
/// An Azurite of its own: blobs on a free port of loopback, an account and key made up for this run, data in a temporary folder. Installs
/// <c>tools/azurite</c> when that has not been done. It ends with the test process, however that ends.
/// </summary>
public sealed class AzuriteFixture : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly string Tool = Path.Combine(Repository.Root, "tools", "azurite");
    private static readonly string Main = Path.Combine(Tool, "node_modules", "azurite", "dist", "src", "blob", "main.js");

    private readonly string _data = Directory.CreateTempSubdirectory("azurite-").FullName;
    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));
    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    public string AccountName { get; } = "telephonytests";

    /// <summary>Such as <c>http://127.0.0.1:40001/telephonytests</c>.</summary>
    public string Endpoint { get; private set; } = "";

    /// <summary>For <c>ConnectionStrings:Blobs</c>.</summary>
    public string ConnectionString => $"AccountName={AccountName};AccountKey={_key};BlobEndpoint={Endpoint}";

    public async Task InitializeAsync()
    {
        await Install();
        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = new ProcessStartInfo("node") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] arguments = ["-r", Path.Combine(Tool, "attached.js"), Main, "--disableTelemetry", "--silent", "--blobHost", "127.0.0.1", "--blobPort", "0", "--location", _data];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        start.Environment["AZURITE_ACCOUNTS"] = $"{AccountName}:{_key}";
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Read(line.Data, listening);
        _process.ErrorDataReceived += (_, line) => Read(line.Data, listening);
        _process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("Azurite ended: " + string.Join('\n', _output)));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Endpoint = await listening.Task.WaitAsync(StartLimit) + "/" + AccountName;
    }

    public async Task DisposeAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close(); // attached.js ends it
            try
            {
                await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
            }
            catch (TimeoutException)
            {
                process.Kill();
                await process.WaitForExitAsync();
            }
        }

        Directory.Delete(_data, recursive: true);
    }

    public void Dispose() => _process?.Dispose();

    private void Read(string? line, TaskCompletionSource<string> listening)
    {
        const string Said = "successfully listens on ";
        if (line is null) return;
        if (_output.Count < 200) _output.Enqueue(line);
        if (line.IndexOf(Said, StringComparison.Ordinal) is >= 0 and var at) listening.TrySetResult(line[(at + Said.Length)..].Trim());
    }

    private static async Task Install()
    {
        if (File.Exists(Main)) return;

        // several test processes may come here at once: one installs, the others wait for its lock
        await using var _ = await Locked(Path.Combine(Path.GetTempPath(), "azurite-install-" + Convert.ToHexString(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(Tool)))[..16]));
        if (File.Exists(Main)) return;
        using var npm = Process.Start(new ProcessStartInfo("npm", "ci --no-audit --no-fund --loglevel=error") { WorkingDirectory = Tool, UseShellExecute = false })!;
        await npm.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        if (npm.ExitCode != 0) throw new InvalidOperationException($"npm ci in {Tool} ended with {npm.ExitCode}.");
    }

    private static async Task<FileStream> Locked(string path)
    {
        for (var waited = TimeSpan.Zero; ; waited += TimeSpan.FromMilliseconds(200))
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited < TimeSpan.FromMinutes(5))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
            }
        }
    }
}
