using Telephony.Sip.Fuzzing;

namespace Telephony.Sip.Tests.Messages;

/// <summary>A slice of the run of <c>bench/Sip fuzz</c>; a fault says its seed, which repeats it there.</summary>
public class FuzzTests
{
    [Theory]
    [InlineData(101)]
    [InlineData(102)]
    public void Damaged_messages_are_refused_or_read_and_never_throw(int seed) => Assert.InRange(MessageFuzz.Run(seed, 60_000, FuzzSamples.All), 1000, 59_000);

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    public void Damaged_values_of_headers_are_refused_or_mean_the_same_when_written_again(int seed) => Assert.InRange(HeaderFuzz.Run(seed, 100_000), 10_000, 99_000);

    [Theory]
    [InlineData(201)]
    [InlineData(202)]
    public void Sequences_in_any_order_cause_no_fault_and_leave_nothing(int seed) => Assert.InRange(TransactionFuzz.Run(seed, 16_000), 100, 16_000);
}
