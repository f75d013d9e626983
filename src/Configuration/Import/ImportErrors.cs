namespace Telephony.Configuration.Import;

/// <summary>What is wrong with a file, a bounded number of lines of it.</summary>
internal sealed class ImportErrors
{
    private readonly Dictionary<string, List<string>> _errors = new(StringComparer.Ordinal);

    public bool IsEmpty => _errors.Count == 0;
    public bool IsFull { get; private set; }

    public void Add(int line, string reason) => Add($"line {line}", reason);

    public void Add(string place, string reason)
    {
        if (_errors.TryGetValue(place, out var reasons))
        {
            reasons.Add(reason);
            return;
        }

        if (_errors.Count == ImportResult.MaxErrors)
        {
            IsFull = true;
            return;
        }

        _errors.Add(place, [reason]);
    }

    public ImportResult ToResult()
    {
        var errors = _errors.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
        if (IsFull) errors.Add("more", [$"There are more errors; the first {ImportResult.MaxErrors} lines with errors are listed."]);
        return new ImportResult(0, errors);
    }
}
