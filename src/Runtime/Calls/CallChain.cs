using System.Text;
using Telephony.Runtime.Activations;

namespace Telephony.Runtime.Calls;

/// <summary>Says who waits for whom, for the error of a call that got no answer. Made once for all that expire together; reads requests that move on meanwhile, so it may be off by what just changed.</summary>
internal sealed class CallChain
{
    private const int MaxLength = 16;

    private readonly Dictionary<Activation, Request> _awaited = [];

    internal CallChain(LocalRuntime runtime, List<Request> expired)
    {
        var waiting = new List<Request>(expired);
        runtime.CopyWaiting(waiting);
        foreach (var request in waiting)
        {
            if (request.Caller is { } caller) _awaited.TryAdd(caller, request);
        }
    }

    /// <summary>Such as <c>client -> A/1.IA.Go -> B/1.IB.Go -> A/1.IA.Back (waits for A/1.IA.Go: a deadlock)</c>.</summary>
    internal string Describe(Request request)
    {
        var above = new List<Request>();
        for (var r = request; above.Count < MaxLength && r.Caller?.Running is Request calling && !above.Contains(calling); r = calling) above.Add(calling);

        var text = new StringBuilder();
        var seen = new HashSet<Activation>();
        var outermost = above.Count == 0 ? request : above[^1];
        text.Append(outermost.Caller is { } caller ? caller.ToString() : "client");
        if (outermost.Caller is { } first) seen.Add(first);
        for (var i = above.Count - 1; i >= 0; i--)
        {
            text.Append(" -> ").Append(above[i]);
            if (above[i].Executor is { } executor) seen.Add(executor);
        }

        var current = request;
        for (var length = 0; length < MaxLength; length++)
        {
            text.Append(" -> ").Append(current);
            var target = current.Executor ?? current.Target?.Existing;
            if (target is null) return text.Append(" (not activated)").ToString();

            if (current.Executor is null)
            {
                if (target.Running is not { } ahead) return text.Append(" (waits to begin)").ToString();

                text.Append(" (waits for ").Append(ahead);
                if (!seen.Add(target)) return text.Append(": a deadlock)").ToString();

                text.Append(')');
            }
            else if (!seen.Add(target))
            {
                return text.ToString();
            }

            if (!_awaited.TryGetValue(target, out var next)) return current.Executor is null ? text.ToString() : text.Append(" (runs)").ToString();

            current = next;
        }

        return text.Append(" -> ...").ToString();
    }
}
