namespace Telephony.Prompts;

/// <summary>What stops the prompts from being made, in one line for the person who builds.</summary>
internal sealed class PromptException(string message) : Exception(message);
