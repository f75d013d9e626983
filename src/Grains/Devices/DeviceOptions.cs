namespace Telephony.Grains.Devices;

/// <summary>Section <c>Telephony:Devices</c>.</summary>
public sealed class DeviceOptions
{
    /// <summary>How long a phone whose connection is gone has to come back before it counts as offline; a call for it waits as long. At most 20 s. Default 5 s.</summary>
    public TimeSpan FlowGrace { get; set; } = TimeSpan.FromSeconds(5);
}
