namespace Telephony.Runtime.Calls;

/// <summary>Requests that have ended, by method and thread, to be used again.</summary>
internal static class RequestPool
{
    private const int MaxPooled = 128;

    [ThreadStatic] private static Slot[]? t_slots;

    /// <summary>A request of this method, or null. Called by generated code.</summary>
    internal static Request? Rent(int method)
    {
        var slots = t_slots;
        if (slots is null || (uint)method >= (uint)slots.Length) return null;

        ref var slot = ref slots[method];
        if (slot.First is not { } request) return null;

        slot.First = (Request?)request.Next;
        slot.Count--;
        request.Next = null;
        return request;
    }

    internal static void Return(Request request)
    {
        var method = request.Method.Id;
        if (t_slots is null || method >= t_slots.Length) Array.Resize(ref t_slots, Math.Max(64, (method * 2) + 2));
        ref var slot = ref t_slots![method];
        if (slot.Count == MaxPooled) return;

        request.Next = slot.First;
        slot.First = request;
        slot.Count++;
    }

    private struct Slot
    {
        internal Request? First;
        internal int Count;
    }
}
