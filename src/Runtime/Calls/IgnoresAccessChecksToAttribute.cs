namespace System.Runtime.CompilerServices;

/// <summary>The runtime knows this attribute by its name: an assembly that has it may use another's internal types.</summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
