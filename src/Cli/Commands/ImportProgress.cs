using Spectre.Console;

namespace Telephony.Cli.Commands;

/// <summary>How far an import is: a bar for people, a line every tenth for logs.</summary>
internal static class ImportProgress
{
    public static Task<int> Show(CliContext context, Func<Action<int, int>, Task<int>> import) => context.IsTerminal ? Bar(context, import) : Lines(context, import);

    private static Task<int> Bar(CliContext context, Func<Action<int, int>, Task<int>> import) =>
        AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(context.Error), Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes }).Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(progress =>
            {
                var task = progress.AddTask("Importing");
                return import((done, total) => (task.MaxValue, task.Value) = (total, done));
            });

    private static Task<int> Lines(CliContext context, Func<Action<int, int>, Task<int>> import)
    {
        var said = 0;
        return import((done, total) =>
        {
            var tenth = total == 0 ? 0 : (int)(10L * done / total);
            if (tenth <= said) return;
            said = tenth;
            context.Error.WriteLine($"{done} of {total}");
        });
    }
}
