using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace Telephony.Media.Remote;

/// <summary>A value of any type that a command takes or gives, with nothing in it at its default; and whether two such values say the same.</summary>
internal static class Sample
{
    public static object Of(Type type, int seed = 1) =>
        Nullable.GetUnderlyingType(type) is { } inner ? Of(inner, seed)
        : type == typeof(string) ? $"text \"é\" {seed}"
        : type == typeof(bool) ? true
        : type == typeof(char) ? '#'
        : type == typeof(TimeSpan) ? TimeSpan.FromMilliseconds(1234.5 + seed)
        : type == typeof(DateTimeOffset) ? new DateTimeOffset(2026, 1, 5, 9, 0, seed % 60, 123, TimeSpan.Zero)
        : type.IsEnum ? Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!
        : type.IsPrimitive ? Convert.ChangeType(seed + 7, type, null)
        : type == typeof(ReadOnlyMemory<byte>) ? new ReadOnlyMemory<byte>([0, 255, (byte)seed])
        : IsArray(type) ? typeof(Sample).GetMethod(nameof(Two), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type.GetGenericArguments()).Invoke(null, [seed])!
        : Record(type, seed);

    /// <summary>Null: they say the same; else where they differ.</summary>
    public static string? Difference(object? a, object? b, string path = "")
    {
        if (a is null || b is null) return a is null && b is null ? null : $"{path}: {a ?? "null"} and {b ?? "null"}";
        var type = a.GetType();
        if (type != b.GetType()) return $"{path}: {type} and {b.GetType()}";
        if (a is ReadOnlyMemory<byte> bytes) return bytes.Span.SequenceEqual(((ReadOnlyMemory<byte>)b).Span) ? null : $"{path}: other bytes";
        if (IsArray(type))
        {
            var (x, y) = (((IEnumerable)a).Cast<object>().ToArray(), ((IEnumerable)b).Cast<object>().ToArray());
            return x.Length != y.Length ? $"{path}: {x.Length} and {y.Length} elements" : x.Select((item, i) => Difference(item, y[i], $"{path}[{i}]")).FirstOrDefault(d => d is not null);
        }

        if (type.Assembly != typeof(IMediaNode).Assembly || type.IsEnum) return a.Equals(b) ? null : $"{path}: {a} and {b}";
        return Properties(type).Select(p => Difference(p.GetValue(a), p.GetValue(b), $"{path}.{p.Name}")).FirstOrDefault(d => d is not null);
    }

    private static object Record(Type type, int seed)
    {
        var constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        var made = constructor.Invoke([.. constructor.GetParameters().Select((p, i) => Of(p.ParameterType, seed + i))]);
        var taken = constructor.GetParameters().Select(p => p.Name).ToHashSet();
        foreach (var property in Properties(type).Where(p => p.CanWrite && !taken.Contains(p.Name))) property.SetValue(made, Of(property.PropertyType, seed + 20));
        return made;
    }

    private static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0);

    private static ImmutableArray<T> Two<T>(int seed) => [(T)Of(typeof(T), seed), (T)Of(typeof(T), seed + 1)];

    private static bool IsArray(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>);
}
