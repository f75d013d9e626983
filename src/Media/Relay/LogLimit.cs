namespace Telephony.Media.Relay;

/// <summary>Lets a line through once in a while, with how many were held back since the last.</summary>
internal sealed class LogLimit(TimeProvider time, TimeSpan interval)
{
    private readonly Lock _lock = new();
    private long _last;
    private long _held;
    private bool _hasPassed;

    public bool TryPass(out long held)
    {
        lock (_lock)
        {
            held = _held;
            if (_hasPassed && time.GetElapsedTime(_last) < interval)
            {
                _held++;
                return false;
            }

            _hasPassed = true;
            _last = time.GetTimestamp();
            _held = 0;
            return true;
        }
    }
}
