using System.Reflection;
using Telephony.Runtime.Activations;

namespace Telephony.Runtime.Calls;

/// <summary>What an engine must know of a method of a grain interface. Its id is its place in the list of all.</summary>
internal sealed class GrainMethod
{
    private static readonly Lock Gate = new();
    private static volatile GrainMethod[] s_all = [];

    private GrainMethod(int id, Type type, MethodInfo method)
    {
        Id = id;
        Name = $"{type.Name}.{method.Name}";
        IsOneWay = method.IsDefined(typeof(OneWayAttribute)) || method.ReturnType == typeof(void);
        Interleaving = method.IsDefined(typeof(AlwaysInterleaveAttribute)) ? Interleaving.Always
            : method.IsDefined(typeof(ReadOnlyAttribute)) ? Interleaving.ReadOnly
            : Interleaving.None;
        Timeout = (method.GetCustomAttribute<ResponseTimeoutAttribute>() ?? type.GetCustomAttribute<ResponseTimeoutAttribute>())?.Timeout;
    }

    internal int Id { get; }
    internal string Name { get; }
    internal bool IsOneWay { get; }
    internal Interleaving Interleaving { get; }
    internal TimeSpan? Timeout { get; }

    internal static GrainMethod Get(int id) => s_all[id];

    internal static GrainMethod Add(Type type, MethodInfo method)
    {
        lock (Gate)
        {
            var added = new GrainMethod(s_all.Length, type, method);
            s_all = [.. s_all, added];
            return added;
        }
    }

    /// <summary>Null, or what is wrong with a method as one of a grain.</summary>
    internal static string? Refuse(Type type, MethodInfo method)
    {
        var result = method.ReturnType;
        var isVoid = result == typeof(void) && typeof(IGrainObserver).IsAssignableFrom(type);
        var isPlain = result == typeof(Task) || result == typeof(ValueTask);
        var isTyped = result.IsGenericType && (result.GetGenericTypeDefinition() == typeof(Task<>) || result.GetGenericTypeDefinition() == typeof(ValueTask<>));
        return !isVoid && !isPlain && !isTyped ? $"{type}.{method.Name} must return Task or ValueTask."
            : isTyped && method.IsDefined(typeof(OneWayAttribute)) ? $"{type}.{method.Name} is one-way: it cannot return a value."
            : method.IsGenericMethodDefinition ? $"{type}.{method.Name} is generic: a grain method cannot be."
            : method.GetParameters().Any(p => p.ParameterType.IsByRef || p.ParameterType.IsByRefLike || p.ParameterType.IsPointer) ? $"{type}.{method.Name} has a parameter by reference."
            : null;
    }
}
