using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Telephony.Runtime.Activations;
using Telephony.Runtime.Storage;

namespace Telephony.Runtime.Catalog;

/// <summary>Compiles the constructor of a grain class: services come from the container's root, <see cref="PersistentStateAttribute"/> parameters from storage.</summary>
internal static class GrainConstructor
{
    private static readonly MethodInfo AddState = typeof(GrainConstructor).GetMethod(nameof(State), BindingFlags.NonPublic | BindingFlags.Static)!;
    private static readonly MethodInfo GetService = typeof(GrainConstructor).GetMethod(nameof(Service), BindingFlags.NonPublic | BindingFlags.Static)!;

    internal static Func<Activation, object> Build(Type type, IServiceProvider services)
    {
        var constructors = type.GetConstructors();
        if (constructors.Length != 1) throw new ArgumentException($"{type} must have one public constructor; it has {constructors.Length}.");

        var activation = Expression.Parameter(typeof(Activation));
        var arguments = constructors[0].GetParameters().Select(parameter => Argument(type, parameter, services, activation));
        return Expression.Lambda<Func<Activation, object>>(Expression.New(constructors[0], arguments), activation).Compile();
    }

    private static MethodCallExpression Argument(Type type, ParameterInfo parameter, IServiceProvider services, Expression activation)
    {
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } state)
        {
            if (!parameter.ParameterType.IsGenericType || parameter.ParameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
                throw new ArgumentException($"{type}: the [PersistentState] parameter {parameter.Name} must be an IPersistentState<T>.");

            var stored = parameter.ParameterType.GetGenericArguments()[0];
            if (!stored.IsValueType && stored.GetConstructor([]) is null)
                throw new ArgumentException($"{type}: {stored} needs a constructor without parameters, to be the state of a grain that has none stored.");

            var storage = (state.StorageName is { } name ? services.GetKeyedService<IGrainStorage>(name) : null) ?? services.GetService<IGrainStorage>()
                ?? throw new InvalidOperationException($"{type} has state, but no {nameof(IGrainStorage)} is registered.");
            return Expression.Call(AddState.MakeGenericMethod(stored), activation, Expression.Constant(state.StateName), Expression.Constant(storage));
        }

        var key = parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key;
        return Expression.Call(
            GetService.MakeGenericMethod(parameter.ParameterType), Expression.Constant(services), Expression.Constant(key, typeof(object)),
            Expression.Constant(parameter.HasDefaultValue), Expression.Constant(parameter.HasDefaultValue ? parameter.DefaultValue : null, typeof(object)));
    }

    private static PersistentState<T> State<T>(Activation activation, string name, IGrainStorage storage) where T : new() => activation.AddState<T>(name, storage);

    private static T Service<T>(IServiceProvider services, object? key, bool isOptional, object? otherwise)
    {
        var service = key is null ? services.GetService(typeof(T)) : ((IKeyedServiceProvider)services).GetKeyedService(typeof(T), key);
        return service is not null ? (T)service
            : isOptional ? (T)otherwise!
            : throw new InvalidOperationException($"No service {typeof(T)} is registered.");
    }
}
