namespace Telephony.Media.Relay;

[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
