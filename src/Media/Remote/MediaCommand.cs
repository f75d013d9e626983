using System.Collections.Frozen;
using System.Reflection;

namespace Telephony.Media.Remote;

/// <summary>
/// A method of <see cref="IMediaNode"/> as data: what it takes and gives. <see cref="All"/> is made of the interface, so that a new one is served by being there.
/// </summary>
internal sealed class MediaCommand
{
    private static readonly MethodInfo Boxed = typeof(MediaCommand).GetMethod(nameof(Box), BindingFlags.NonPublic | BindingFlags.Static)!; // before All

    public static readonly FrozenDictionary<string, MediaCommand> All =
        typeof(IMediaNode).GetMethods().Where(m => !m.IsSpecialName).Select(m => new MediaCommand(m)).ToFrozenDictionary(c => c.Name, StringComparer.Ordinal);

    private readonly MethodInvoker _invoker;
    private readonly Func<object, ValueTask<object?>> _box;

    private MediaCommand(MethodInfo method)
    {
        Name = method.Name;
        Parameters = [.. method.GetParameters().Select(p => p.ParameterType)];
        Result = method.ReturnType == typeof(ValueTask) ? typeof(object) : method.ReturnType.GetGenericArguments()[0];
        _invoker = MethodInvoker.Create(method);
        _box = method.ReturnType == typeof(ValueTask) ? BoxNothing : Boxed.MakeGenericMethod(Result).CreateDelegate<Func<object, ValueTask<object?>>>();
    }

    public string Name { get; }

    public Type[] Parameters { get; }

    /// <summary><see cref="object"/>, and always null, for a method that gives nothing.</summary>
    public Type Result { get; }

    /// <exception cref="TargetInvocationException">The method threw before it gave a task.</exception>
    public ValueTask<object?> Invoke(IMediaNode node, object?[] arguments) => _box(_invoker.Invoke(node, arguments)!);

    private static async ValueTask<object?> Box<T>(object task) => await ((ValueTask<T>)task).ConfigureAwait(false);

    private static async ValueTask<object?> BoxNothing(object task)
    {
        await ((ValueTask)task).ConfigureAwait(false);
        return null;
    }
}
