using System.Reflection;

namespace Telephony.Media.Remote;

/// <summary>A node that notes what it is told, and answers with a <see cref="Sample"/>.</summary>
public class RecordingNode : DispatchProxy
{
    public object?[]? Arguments { get; private set; }

    public Exception? Failure { get; set; }

    public static (IMediaNode Node, RecordingNode Record) Make()
    {
        var node = Create<IMediaNode, RecordingNode>();
        return (node, (RecordingNode)(object)node);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == "get_Id") return "media";
        if (targetMethod.Name != nameof(IMediaNode.GetState)) Arguments = args;
        if (Failure is not null && targetMethod.Name != nameof(IMediaNode.GetState)) throw Failure;
        if (targetMethod.ReturnType == typeof(ValueTask)) return ValueTask.CompletedTask;

        var result = targetMethod.ReturnType.GetGenericArguments()[0];
        return typeof(RecordingNode).GetMethod(nameof(Later), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(result).Invoke(null, []);
    }

    private static async ValueTask<T> Later<T>()
    {
        await Task.Yield();
        return (T)Sample.Of(typeof(T));
    }
}
