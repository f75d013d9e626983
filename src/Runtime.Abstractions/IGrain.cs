namespace Telephony.Runtime;

/// <summary>What a reference can point at: a grain or an observer.</summary>
public interface IAddressable;

/// <summary>Anything that a grain reference can point at.</summary>
public interface IGrain : IAddressable;

/// <summary>A grain that is addressed by a string.</summary>
public interface IGrainWithStringKey : IGrain;

/// <summary>An object outside the grains that grains may call, through <see cref="IGrainFactory.CreateObjectReference{T}"/>.</summary>
public interface IGrainObserver : IAddressable;
