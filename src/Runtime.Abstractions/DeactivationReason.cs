namespace Telephony.Runtime;

/// <summary>Why an activation goes.</summary>
public enum DeactivationReasonCode : byte { None, ShuttingDown, ActivationFailed, ActivationIdle, ApplicationRequested }

/// <summary>Why an activation goes, in code and in words.</summary>
public readonly struct DeactivationReason(DeactivationReasonCode code, Exception? exception, string text)
{
    public DeactivationReason(DeactivationReasonCode code, string text) : this(code, null, text) { }

    public DeactivationReasonCode ReasonCode { get; } = code;
    public string Description { get; } = text;
    public Exception? Exception { get; } = exception;

    public override string ToString() => $"{ReasonCode}: {Description}";
}
