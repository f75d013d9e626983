namespace Telephony.Runtime.Calls;

/// <summary>The calls that wait for an answer with one and the same timeout, in the order in which they run out; one timer serves them all.</summary>
internal sealed class CallTimeouts
{
    private readonly Lock _gate = new();
    private readonly LocalRuntime _runtime;
    private readonly TimeSpan _timeout;
    private readonly long _ticks;
    private readonly ITimer _timer;
    private Request? _first, _last;
    private bool _isArmed;

    internal CallTimeouts(LocalRuntime runtime, TimeSpan timeout)
    {
        _runtime = runtime;
        _timeout = timeout;
        _ticks = (long)(timeout.TotalSeconds * runtime.Time.TimestampFrequency);
        using (ExecutionContext.IsFlowSuppressed() ? default : ExecutionContext.SuppressFlow())
        {
            _timer = runtime.Time.CreateTimer(static timeouts => ((CallTimeouts)timeouts!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    internal void Add(Request request)
    {
        bool arms;
        lock (_gate)
        {
            request.Deadline = _runtime.Time.GetTimestamp() + _ticks;
            request.Timeouts = this;
            request.PreviousTimeout = _last;
            if (_last is null) _first = request;
            else _last.NextTimeout = request;
            _last = request;
            arms = !_isArmed;
            _isArmed = true;
        }

        if (arms) _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
    }

    internal void Remove(Request request)
    {
        lock (_gate)
        {
            if (request.Timeouts == this) Unlink(request);
        }
    }

    /// <summary>The calls that wait, the oldest first.</summary>
    internal void CopyTo(List<Request> requests)
    {
        lock (_gate)
        {
            for (var request = _first; request is not null; request = request.NextTimeout) requests.Add(request);
        }
    }

    internal void Stop() => _timer.Dispose();

    private void Expire()
    {
        var expired = new List<Request>();
        var next = TimeSpan.Zero;
        lock (_gate)
        {
            var now = _runtime.Time.GetTimestamp();
            while (_first is { } request && request.Deadline <= now)
            {
                if (request.TryExpire()) expired.Add(request);
                Unlink(request);
            }

            _isArmed = _first is not null;
            if (_first is not null) next = _runtime.Time.GetElapsedTime(now, _first.Deadline) + TimeSpan.FromMilliseconds(1); // never early
        }

        if (next > TimeSpan.Zero) _timer.Change(next, Timeout.InfiniteTimeSpan);
        if (expired.Count == 0) return;

        var chains = new CallChain(_runtime, expired);
        var failures = expired.ConvertAll(request => new TimeoutException($"No answer within {_timeout}: {chains.Describe(request)}"));
        for (var i = 0; i < expired.Count; i++)
        {
            _runtime.Metrics.TimedOut();
            expired[i].TimeOut(failures[i]);
        }
    }

    private void Unlink(Request request)
    {
        if (request.PreviousTimeout is { } previous) previous.NextTimeout = request.NextTimeout;
        else _first = request.NextTimeout;
        if (request.NextTimeout is { } next) next.PreviousTimeout = request.PreviousTimeout;
        else _last = request.PreviousTimeout;
        request.NextTimeout = request.PreviousTimeout = null;
        request.Timeouts = null;
    }
}
