using System.Collections.Immutable;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using Telephony.Runtime.Copying;

namespace Telephony.Testing;

/// <summary>What a grain must keep to so that it runs on either engine. For a test: <c>Assert.Empty(GrainConventions.Violations(assembly))</c>.</summary>
public static class GrainConventions
{
    private static readonly HashSet<Type> Containers =
    [
        typeof(Nullable<>), typeof(KeyValuePair<,>), typeof(List<>), typeof(Dictionary<,>), typeof(HashSet<>), typeof(Queue<>), typeof(SortedDictionary<,>), typeof(SortedSet<>),
        typeof(IReadOnlyList<>), typeof(IReadOnlyCollection<>), typeof(IReadOnlyDictionary<,>), typeof(IEnumerable<>), typeof(IReadOnlySet<>),
        typeof(ImmutableArray<>), typeof(ImmutableList<>), typeof(ImmutableDictionary<,>), typeof(ImmutableHashSet<>), typeof(ImmutableSortedDictionary<,>),
        typeof(ImmutableSortedSet<>), typeof(ImmutableQueue<>), typeof(ReadOnlyMemory<>),
    ];

    /// <summary>One line for each place where a grain, a grain interface or a type that crosses one breaks a rule.</summary>
    public static IReadOnlyList<string> Violations(params Assembly[] assemblies)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        var crossing = new Dictionary<Type, string>();
        foreach (var type in assemblies.SelectMany(assembly => assembly.GetTypes()))
        {
            if (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)) CheckInterface(type);
            if (type.IsSubclassOf(typeof(Grain))) CheckClass(type);
            if (type.IsDefined(typeof(GenerateSerializerAttribute), false)) Cross(type, type.Name);
        }

        return [.. found];

        void CheckInterface(Type type)
        {
            foreach (var method in type.GetMethods())
            {
                var where = $"{type.Name}.{method.Name}";
                var result = method.ReturnType;
                if (result.IsGenericType && (result.GetGenericTypeDefinition() == typeof(Task<>) || result.GetGenericTypeDefinition() == typeof(ValueTask<>)))
                    Cross(result.GetGenericArguments()[0], where);
                else if (result != typeof(Task) && result != typeof(ValueTask) && !(result == typeof(void) && typeof(IGrainObserver).IsAssignableFrom(type)))
                    found.Add($"{where} returns {result.Name}: a grain method returns Task or ValueTask.");

                foreach (var parameter in method.GetParameters()) Cross(parameter.ParameterType, $"{where}({parameter.Name})");
            }
        }

        void CheckClass(Type type)
        {
            foreach (var field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (!field.IsInitOnly && !field.IsLiteral && !field.Name.Contains('<', StringComparison.Ordinal)) found.Add($"{type.Name}.{field.Name} is static and can change: grains share nothing.");
            }

            foreach (var parameter in type.GetConstructors().SelectMany(constructor => constructor.GetParameters()))
            {
                if (parameter.IsDefined(typeof(PersistentStateAttribute))) Cross(parameter.ParameterType.GetGenericArguments()[0], $"{type.Name}({parameter.Name})");
            }
        }

        void Cross(Type type, string where)
        {
            if (!crossing.TryAdd(type, where) || DeepCopier.IsPlain(type) || typeof(IAddressable).IsAssignableFrom(type) || type == typeof(object) || type == typeof(IPEndPoint)) return;

            if (type.IsArray) Cross(type.GetElementType()!, where);
            else if (type.IsGenericType && (Containers.Contains(type.GetGenericTypeDefinition()) || typeof(ITuple).IsAssignableFrom(type)))
                foreach (var argument in type.GetGenericArguments()) Cross(argument, where);
            else CheckSerialized(type, where);
        }

        void CheckSerialized(Type type, string where)
        {
            if (!type.IsDefined(typeof(GenerateSerializerAttribute), false))
            {
                found.Add($"{type.Name} has no [GenerateSerializer] and crosses {where}.");
                return;
            }

            var ids = new Dictionary<uint, string>();
            foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            {
                if (type.GetField($"<{property.Name}>k__BackingField", BindingFlags.Instance | BindingFlags.NonPublic) is not { } stored) continue; // computed

                if (property.GetCustomAttribute<IdAttribute>()?.Id is not { } id) found.Add($"{type.Name}.{property.Name} has no [Id].");
                else if (!ids.TryAdd(id, property.Name)) found.Add($"{type.Name}.{property.Name} has the [Id({id})] of {ids[id]}.");
                Cross(stored.FieldType, $"{type.Name}.{property.Name}");
            }

            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            {
                if (!field.IsDefined(typeof(IdAttribute))) found.Add($"{type.Name}.{field.Name} has no [Id].");
                Cross(field.FieldType, $"{type.Name}.{field.Name}");
            }

            if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType) && parent != typeof(Enum)) Cross(parent, type.Name);
        }
    }
}
