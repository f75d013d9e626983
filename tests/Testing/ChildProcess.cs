using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Telephony.Testing;

/// <summary>The signals that tests send.</summary>
public enum Signal { Interrupt = 2, Kill = 9, Terminate = 15, Continue = 18, Stop = 19 }

/// <summary>
/// A program that a test started, with every line that it printed. It is killed with the test process, however that ends: the kernel signals it when the thread that
/// started it dies, so all are started by one thread that never does.
/// </summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int KeptLines = 50_000;
    private static readonly BlockingCollection<Action> Starts = [];

    private readonly Process _process;
    private readonly List<string> _lines = [];
    private TaskCompletionSource _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    static ChildProcess() => new Thread(() =>
    {
        foreach (var start in Starts.GetConsumingEnumerable()) start();
    })
    { IsBackground = true, Name = "child processes" }.Start();

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>What it has printed so far, standard output and error together.</summary>
    public string Output
    {
        get
        {
            lock (_lines) return string.Join('\n', _lines);
        }
    }

    /// <param name="whenOrphaned">What it gets when the test process ends without having ended it.</param>
    public static async Task<ChildProcess> Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null, Signal whenOrphaned = Signal.Kill)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", whenOrphaned == Signal.Terminate ? "TERM" : "KILL", "--", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = folder ?? Repository.Root,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>()) start.Environment[name] = value;
        var child = new ChildProcess(new Process { StartInfo = start, EnableRaisingEvents = true });
        child._process.OutputDataReceived += (_, line) => child.Add(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Add(line.Data);
        child._process.Exited += (_, _) => child.Wake();

        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Starts.Add(() =>
        {
            try
            {
                child._process.Start();
                started.SetResult();
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        await started.Task;
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It ended with another status than 0; the message has its output.</exception>
    public static async Task<string> Run(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string? folder = null)
    {
        await using var child = await Start(program, arguments, environment, folder);
        var status = await child.WaitForExit(TimeSpan.FromMinutes(2));
        return status == 0 ? child.Output : throw new InvalidOperationException($"{program} ended with {status}:\n{child.Output}");
    }

    /// <summary>The first line, printed already or yet to come, that <paramref name="isIt"/> accepts.</summary>
    /// <exception cref="InvalidOperationException">The program ended, or the limit passed, without such a line; the message has its output.</exception>
    public async Task<string> WaitForLine(Func<string, bool> isIt, TimeSpan limit)
    {
        var seen = 0;
        var deadline = Task.Delay(limit, TimeProvider.System);
        while (true)
        {
            Task more;
            var ended = _process.HasExited;
            if (ended) await _process.WaitForExitAsync(); // and all that it printed is here
            lock (_lines)
            {
                for (; seen < _lines.Count; seen++)
                {
                    if (isIt(_lines[seen])) return _lines[seen];
                }

                more = _printed.Task;
            }

            if (ended) throw new InvalidOperationException($"{_process.StartInfo.ArgumentList[3]} ended with {_process.ExitCode}:\n{Output}");
            if (await Task.WhenAny(more, deadline) == deadline) throw new InvalidOperationException($"No such line within {limit}:\n{Output}");
        }
    }

    /// <exception cref="TimeoutException">It did not end in time; the message has its output.</exception>
    public async Task<int> WaitForExit(TimeSpan limit)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(limit);
            return _process.ExitCode;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_process.StartInfo.ArgumentList[3]} did not end within {limit}:\n{Output}");
        }
    }

    public void Send(Signal signal)
    {
        if (!_process.HasExited) _ = Kill(_process.Id, (int)signal);
    }

    public async Task WriteLine(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Asks it to end, and kills it when it does not within 10 seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        Send(Signal.Terminate);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(10));
        }
        catch (TimeoutException)
        {
            Send(Signal.Kill);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Add(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            if (_lines.Count < KeptLines) _lines.Add(line);
        }

        Wake();
    }

    private void Wake()
    {
        lock (_lines)
        {
            var printed = _printed;
            _printed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            printed.SetResult();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int id, int signal);
}
