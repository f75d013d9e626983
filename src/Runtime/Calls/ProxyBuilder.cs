using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Telephony.Runtime.Catalog;
using Telephony.Runtime.Copying;

namespace Telephony.Runtime.Calls;

/// <summary>
/// Generates, for a grain interface, a reference class and a request class a method, so that a call uses no reflection. For <c>ValueTask&lt;int&gt; Add(int a)</c>:
/// <code>
/// class Add(…) : ValueTaskRequest&lt;int&gt; { int a; Invoke(grain) => ((ICounter)grain).Add(a); … }
/// class CounterReference : GrainReference, ICounter { Add(a) { var r = RequestPool.Rent(id) ?? new Add(); r.a = a; return r.Send(this); } }
/// </code>
/// </summary>
internal static class ProxyBuilder
{
    private const MethodAttributes Override = MethodAttributes.Family | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.ReuseSlot;

    private static readonly ConcurrentDictionary<Type, Lazy<Func<GrainClass, string, GrainReference>>> Factories = [];
    private static readonly MethodInfo Rent = typeof(RequestPool).GetMethod(nameof(RequestPool.Rent), BindingFlags.Static | BindingFlags.NonPublic)!;
    private static readonly MethodInfo Copy = typeof(DeepCopier).GetMethod(nameof(DeepCopier.Copy), BindingFlags.Instance | BindingFlags.NonPublic)!;

    /// <summary>What makes references of an interface.</summary>
    internal static Func<GrainClass, string, GrainReference> Get(Type type) =>
        Factories.GetOrAdd(type, static type => new(() => Build(type))).Value;

    /// <summary>Every method of an interface, inherited ones too, with the interface that declares it.</summary>
    internal static IEnumerable<(Type Type, MethodInfo Method)> Methods(Type type) =>
        type.GetInterfaces().Prepend(type).SelectMany(declaring => declaring.GetMethods(BindingFlags.Public | BindingFlags.Instance).Select(method => (declaring, method)));

    private static Func<GrainClass, string, GrainReference> Build(Type type)
    {
        foreach (var (declaring, method) in Methods(type))
        {
            if (GrainMethod.Refuse(declaring, method) is { } refused) throw new ArgumentException(refused);
        }

        var assembly = AssemblyBuilder.DefineDynamicAssembly(new($"{type.Assembly.GetName().Name}.{type.Name}.References"), AssemblyBuilderAccess.Run);
        AllowAccess(assembly, type);
        var module = assembly.DefineDynamicModule("References");
        var reference = module.DefineType($"{type.Name}Reference", TypeAttributes.Class | TypeAttributes.Sealed, typeof(GrainReference), [type]);
        var constructor = PassOn(reference, typeof(GrainReference).GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)[0]);
        foreach (var (declaring, method) in Methods(type)) Forward(reference, method, Request(module, declaring, method, out var id), id);

        var factory = reference.DefineMethod("Create", MethodAttributes.Static | MethodAttributes.Public, typeof(GrainReference), [typeof(GrainClass), typeof(string)]);
        var il = factory.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, constructor);
        il.Emit(OpCodes.Ret);
        return reference.CreateType().GetMethod("Create")!.CreateDelegate<Func<GrainClass, string, GrainReference>>();
    }

    /// <summary>The class of a method's requests.</summary>
    private static Type Request(ModuleBuilder module, Type declaring, MethodInfo method, out int id)
    {
        id = GrainMethod.Add(declaring, method).Id;
        var result = method.ReturnType;
        var parent = result == typeof(Task) ? typeof(TaskRequest)
            : result == typeof(ValueTask) || result == typeof(void) ? typeof(ValueTaskRequest)
            : (result.GetGenericTypeDefinition() == typeof(Task<>) ? typeof(TaskRequest<>) : typeof(ValueTaskRequest<>)).MakeGenericType(result.GetGenericArguments());
        var request = module.DefineType($"{method.Name}{id}", TypeAttributes.Class | TypeAttributes.Sealed, parent);

        var il = request.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, []).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldc_I4, id);
        il.Emit(OpCodes.Call, parent.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)[0]);
        il.Emit(OpCodes.Ret);

        var arguments = method.GetParameters();
        var fields = arguments.Select((a, i) => request.DefineField($"a{i}", a.ParameterType, FieldAttributes.Public)).ToArray();

        il = Member("Invoke", parent, request);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, declaring);
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
        }

        il.Emit(OpCodes.Callvirt, method);
        if (result == typeof(void))
        {
            var done = il.DeclareLocal(typeof(ValueTask));
            il.Emit(OpCodes.Ldloca, done);
            il.Emit(OpCodes.Initobj, typeof(ValueTask));
            il.Emit(OpCodes.Ldloc, done);
        }

        il.Emit(OpCodes.Ret);

        il = Member("CopyArguments", parent, request);
        foreach (var (argument, field) in arguments.Zip(fields))
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
            il.Emit(argument.IsDefined(typeof(ImmutableAttribute)) ? OpCodes.Ldc_I4_1 : OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Call, Copy.MakeGenericMethod(field.FieldType));
            il.Emit(OpCodes.Stfld, field);
        }

        il.Emit(OpCodes.Ret);

        il = Member("ClearArguments", parent, request);
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldflda, field);
            il.Emit(OpCodes.Initobj, field.FieldType);
        }

        il.Emit(OpCodes.Ret);
        return request.CreateType();
    }

    private static ILGenerator Member(string name, Type parent, TypeBuilder request)
    {
        var overridden = parent.GetMethod(name, BindingFlags.NonPublic | BindingFlags.Instance)!;
        return request.DefineMethod(name, Override, overridden.ReturnType, [.. overridden.GetParameters().Select(p => p.ParameterType)]).GetILGenerator();
    }

    /// <summary>The reference's method: fills a request and sends it.</summary>
    private static void Forward(TypeBuilder reference, MethodInfo method, Type request, int id)
    {
        var arguments = method.GetParameters();
        var forward = reference.DefineMethod(
            $"{method.DeclaringType!.Name}.{method.Name}", MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType, [.. arguments.Select(a => a.ParameterType)]);
        reference.DefineMethodOverride(forward, method);

        var il = forward.GetILGenerator();
        var pooled = il.DefineLabel();
        il.Emit(OpCodes.Ldc_I4, id);
        il.Emit(OpCodes.Call, Rent);
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Brtrue, pooled);
        il.Emit(OpCodes.Pop);
        il.Emit(OpCodes.Newobj, request.GetConstructor([])!);
        il.MarkLabel(pooled);
        il.Emit(OpCodes.Castclass, request);
        for (var i = 0; i < arguments.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, i + 1);
            il.Emit(OpCodes.Stfld, request.GetField($"a{i}")!);
        }

        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, request.BaseType!.GetMethod("Send", BindingFlags.NonPublic | BindingFlags.Instance)!);
        if (method.ReturnType == typeof(void)) il.Emit(OpCodes.Pop);
        il.Emit(OpCodes.Ret);
    }

    private static ConstructorBuilder PassOn(TypeBuilder type, ConstructorInfo parent)
    {
        var parameters = parent.GetParameters().Select(p => p.ParameterType).ToArray();
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, parameters);
        var il = constructor.GetILGenerator();
        for (var i = 0; i <= parameters.Length; i++) il.Emit(OpCodes.Ldarg, i);
        il.Emit(OpCodes.Call, parent);
        il.Emit(OpCodes.Ret);
        return constructor;
    }

    /// <summary>Lets the generated code use the internal types of this assembly and of those that the interface names.</summary>
    private static void AllowAccess(AssemblyBuilder assembly, Type type)
    {
        var named = new HashSet<Assembly> { typeof(ProxyBuilder).Assembly, typeof(Grain).Assembly };
        foreach (var (declaring, method) in Methods(type))
        {
            Add(declaring);
            Add(method.ReturnType);
            foreach (var parameter in method.GetParameters()) Add(parameter.ParameterType);
        }

        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!;
        foreach (var other in named) assembly.SetCustomAttribute(new(attribute, [other.GetName().Name]));

        void Add(Type used)
        {
            named.Add(used.Assembly);
            if (used.HasElementType) Add(used.GetElementType()!);
            foreach (var argument in used.GetGenericArguments()) Add(argument);
        }
    }
}
