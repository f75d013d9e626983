using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Telephony.Testing;

/// <summary>
/// A PostgreSQL server of the tests' own: Debian's programs, a data folder under <c>/tmp</c>, a free port of 127.0.0.1, nothing synced. One is shared by a test process;
/// a test that stops its server takes one for itself. It ends with the test process, however that ends.
/// </summary>
public sealed class PostgresFixture : IAsyncDisposable
{
    // Ends the server when its input ends: when we close it, and when this process is gone.
    private const string Keeper = """
        "$@" & server=$!
        cat > /dev/null
        kill -INT $server
        wait $server
        """;

    private static readonly Lazy<Task<PostgresFixture>> s_shared = new(async () =>
    {
        var server = await StartNew();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().Wait();
        return server;
    });

    private readonly string _programs;
    private readonly string _data;
    private int _port;
    private Process? _server;

    private PostgresFixture(string programs, string data) => (_programs, _data) = (programs, data);

    /// <summary>The server of this test process. Do not stop it.</summary>
    public static Task<PostgresFixture> Shared => s_shared.Value;

    /// <summary>A new, empty database on the shared server.</summary>
    /// <returns>Its connection string.</returns>
    public static async Task<string> NewDatabase() => await (await Shared).CreateDatabase();

    /// <summary>A server of one's own.</summary>
    public static async Task<PostgresFixture> StartNew()
    {
        var programs = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderBy(d => int.TryParse(Path.GetFileName(d), out var version) ? version : 0).LastOrDefault()
            : null;
        if (programs is null) throw new InvalidOperationException("PostgreSQL is not installed: apt-get install postgresql");

        var server = new PostgresFixture(Path.Combine(programs, "bin"), $"/tmp/telephony-tests-{Guid.NewGuid():N}");
        using var initdb = Run([Path.Combine(server._programs, "initdb"), "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "-D", server._data]);
        var output = await initdb.StandardOutput.ReadToEndAsync() + await initdb.StandardError.ReadToEndAsync();
        await initdb.WaitForExitAsync();
        if (initdb.ExitCode != 0) throw new InvalidOperationException($"initdb failed: {output}");

        await server.Start();
        return server;
    }

    /// <summary>Starts it again after <see cref="Stop"/>, on the same port and with the same data.</summary>
    public async Task Start()
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_port == 0 || attempt > 1) _port = FreePort();
            _server = Run(["sh", "-c", Keeper, "sh", Path.Combine(_programs, "postgres"), "-D", _data,
                "-c", "listen_addresses=127.0.0.1", "-c", $"port={_port}", "-c", "unix_socket_directories=", "-c", "max_connections=300",
                "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=64MB", "-c", "log_destination=stderr", "-c", "logging_collector=off"]);
            _server.OutputDataReceived += (_, _) => { };
            _server.ErrorDataReceived += (_, _) => { };
            _server.BeginOutputReadLine();
            _server.BeginErrorReadLine();
            if (await IsReady()) return;

            await Stop();
            if (attempt == 5) throw new InvalidOperationException("PostgreSQL did not start.");
        }
    }

    /// <summary>Stops it as a service stop would: connections are ended, data stays.</summary>
    public async Task Stop()
    {
        if (_server is null) return;

        _server.StandardInput.Close();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>A new, empty database.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabase()
    {
        var name = $"test_{Guid.NewGuid():N}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"create database {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionString(name);
    }

    /// <summary>The process id of the server, to measure it by.</summary>
    public int ProcessId => int.Parse(File.ReadLines(Path.Combine(_data, "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await Stop();
        if (Directory.Exists(_data)) Directory.Delete(_data, recursive: true);
    }

    private string ConnectionString(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "postgres",
        Database = database,
        IncludeErrorDetail = true,
        Pooling = database != "postgres",
        MaxPoolSize = 20,
    }.ConnectionString;

    private async Task<bool> IsReady()
    {
        var started = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(60) && !_server!.HasExited)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }

        return false;
    }

    // The server refuses to be root.
    private static Process Run(string[] command)
    {
        if (Environment.IsPrivilegedProcess) command = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", .. command];
        return Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = "/tmp",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
