using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using Telephony.Runtime.Calls;

namespace Telephony.Runtime.Copying;

/// <summary>
/// Copies values as a serializer would take them to another machine: members with an <see cref="IdAttribute"/> alone, of types that say so alone. For tests, where it
/// shows what relies on arguments being the same object; it is not fast.
/// </summary>
internal sealed class DeepCopier(bool trustsImmutable)
{
    private static readonly HashSet<Type> Plain =
    [
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly), typeof(Guid), typeof(Uri),
        typeof(Version), typeof(IPAddress), typeof(Int128), typeof(UInt128), typeof(Half), typeof(System.Numerics.BigInteger), typeof(CancellationToken),
        typeof(StreamId), typeof(System.Text.Rune), typeof(Index), typeof(Range), typeof(System.Globalization.CultureInfo),
    ];

    private static readonly HashSet<Type> Rebuilt = // with a constructor that takes the items
    [
        typeof(List<>), typeof(Queue<>), typeof(HashSet<>), typeof(SortedSet<>), typeof(LinkedList<>),
    ];

    private static readonly Dictionary<Type, Type> ImmutableFactories = new()
    {
        [typeof(ImmutableArray<>)] = typeof(ImmutableArray),
        [typeof(ImmutableList<>)] = typeof(ImmutableList),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSet),
        [typeof(ImmutableSortedSet<>)] = typeof(ImmutableSortedSet),
        [typeof(ImmutableQueue<>)] = typeof(ImmutableQueue),
    };

    private static readonly ConcurrentDictionary<Type, FieldInfo[]> MembersOf = [];

    /// <exception cref="NotSupportedException">Something in the value is not serializable; the message says where.</exception>
    internal T Copy<T>(T value, bool isImmutable = false) =>
        isImmutable && trustsImmutable ? value : (T)CopyValue(value, new Dictionary<object, object>(ReferenceEqualityComparer.Instance), typeof(T).Name)!;

    /// <summary>Whether values of a type never need a copy.</summary>
    internal static bool IsPlain(Type type) => type.IsPrimitive || type.IsEnum || Plain.Contains(type);

    /// <summary>The fields behind the members that are serialized, base types' too. Throws for a type that is not marked.</summary>
    internal static FieldInfo[] Members(Type type, string where) => MembersOf.GetOrAdd(type, t =>
    {
        var members = new List<FieldInfo>();
        for (var declaring = t; declaring is not null && declaring != typeof(object) && declaring != typeof(ValueType) && declaring != typeof(Exception); declaring = declaring.BaseType)
        {
            if (!declaring.IsDefined(typeof(GenerateSerializerAttribute), false)) throw new NotSupportedException($"{where}: {declaring} has no [GenerateSerializer].");

            const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
            members.AddRange(declaring.GetFields(Own).Where(field => field.IsDefined(typeof(IdAttribute))));
            foreach (var property in declaring.GetProperties(Own).Where(property => property.IsDefined(typeof(IdAttribute))))
            {
                members.Add(declaring.GetField($"<{property.Name}>k__BackingField", Own) ?? throw new NotSupportedException($"{where}: {declaring}.{property.Name} has an [Id] but is computed."));
            }
        }

        return [.. members];
    });

    private object? CopyValue(object? value, Dictionary<object, object> seen, string where)
    {
        if (value is null or IGrainObserver or GrainReference or IPAddress or Type or System.Globalization.CultureInfo) return value;

        var type = value.GetType();
        if (IsPlain(type)) return value;
        if (!type.IsValueType && seen.TryGetValue(value, out var known)) return known;

        var copy = value switch
        {
            Array array => CopyArray(array, seen, where),
            IPEndPoint endPoint => new IPEndPoint(endPoint.Address, endPoint.Port),
            ReadOnlyMemory<byte> memory => new ReadOnlyMemory<byte>(memory.ToArray()),
            Memory<byte> memory => new Memory<byte>(memory.ToArray()),
            ITuple tuple when type.Namespace == "System" => CopyTuple(tuple, type, seen, where),
            _ when trustsImmutable && type.IsDefined(typeof(ImmutableAttribute), false) => value,
            _ when type.IsGenericType && TryCopyGeneric(value, type, seen, where) is { } generic => generic,
            Exception e when !type.IsDefined(typeof(GenerateSerializerAttribute), false) => e,
            _ => CopyMembers(value, type, seen, where),
        };
        if (!type.IsValueType) seen.TryAdd(value, copy);
        return copy;
    }

    private object? TryCopyGeneric(object value, Type type, Dictionary<object, object> seen, string where)
    {
        var definition = type.GetGenericTypeDefinition();
        if (definition == typeof(ImmutableArray<>) && (bool)type.GetProperty(nameof(ImmutableArray<>.IsDefault))!.GetValue(value)!) return value;

        if (definition == typeof(KeyValuePair<,>))
        {
            return Activator.CreateInstance(
                type, CopyValue(type.GetProperty("Key")!.GetValue(value), seen, where), CopyValue(type.GetProperty("Value")!.GetValue(value), seen, where));
        }

        if (value is IDictionary dictionary && (definition == typeof(Dictionary<,>) || definition == typeof(SortedDictionary<,>)))
        {
            var comparer = type.GetProperty("Comparer")!.GetValue(value);
            var copy = (IDictionary)Activator.CreateInstance(type, comparer)!;
            seen.Add(value, copy);
            foreach (DictionaryEntry entry in dictionary) copy.Add(CopyValue(entry.Key, seen, where)!, CopyValue(entry.Value, seen, where));
            return copy;
        }

        if (definition == typeof(ImmutableDictionary<,>) || definition == typeof(ImmutableSortedDictionary<,>))
        {
            var cleared = type.GetMethod("Clear", [])!.Invoke(value, [])!; // keeps the comparers
            return type.GetMethod("AddRange")!.Invoke(cleared, [Items(value, typeof(KeyValuePair<,>).MakeGenericType(type.GetGenericArguments()), seen, where)]);
        }

        if (ImmutableFactories.TryGetValue(definition, out var factory))
        {
            var item = type.GetGenericArguments()[0];
            var create = factory.GetMethods().First(m => m.Name == "Create" && m.GetParameters() is [{ ParameterType.IsArray: true }]);
            return create.MakeGenericMethod(item).Invoke(null, [Items(value, item, seen, where)]);
        }

        return Rebuilt.Contains(definition) ? Activator.CreateInstance(type, Items(value, type.GetGenericArguments()[0], seen, where)) : null;
    }

    private Array Items(object value, Type item, Dictionary<object, object> seen, string where)
    {
        var items = ((IEnumerable)value).Cast<object?>().Select(i => CopyValue(i, seen, where)).ToArray();
        var copy = Array.CreateInstance(item, items.Length);
        for (var i = 0; i < items.Length; i++) copy.SetValue(items[i], i);
        return copy;
    }

    private Array CopyArray(Array array, Dictionary<object, object> seen, string where)
    {
        var copy = (Array)array.Clone();
        if (IsPlain(array.GetType().GetElementType()!)) return copy;
        if (array.Rank != 1) throw new NotSupportedException($"{where}: an array of several dimensions.");

        seen.Add(array, copy);
        for (var i = 0; i < copy.Length; i++) copy.SetValue(CopyValue(copy.GetValue(i), seen, where), i);
        return copy;
    }

    private object CopyTuple(ITuple tuple, Type type, Dictionary<object, object> seen, string where)
    {
        var items = Enumerable.Range(0, Math.Min(tuple.Length, 7)).Select(i => CopyValue(tuple[i], seen, where));
        if (tuple.Length > 7) items = items.Append(CopyValue(type.GetField("Rest")?.GetValue(tuple) ?? type.GetProperty("Rest")!.GetValue(tuple), seen, where));
        return Activator.CreateInstance(type, [.. items])!;
    }

    private object CopyMembers(object value, Type type, Dictionary<object, object> seen, string where)
    {
        var members = Members(type, where);
        var copy = RuntimeHelpers.GetUninitializedObject(type);
        if (!type.IsValueType) seen.Add(value, copy);
        foreach (var member in members) member.SetValue(copy, CopyValue(member.GetValue(value), seen, $"{where}.{member.Name}"));
        return copy;
    }
}
