namespace Telephony.Runtime;

/// <summary>An activation has as many messages waiting as it may have.</summary>
public sealed class LimitExceededException(string message) : Exception(message);

/// <summary>The runtime is stopping, and takes no calls from outside the grains any more.</summary>
public sealed class SiloUnavailableException(string message) : Exception(message);

/// <summary>Stored state changed under a grain that writes it: its etag is not the one that was read.</summary>
public sealed class InconsistentStateException(string message) : Exception(message);
