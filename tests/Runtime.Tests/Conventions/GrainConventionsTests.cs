using Telephony.Testing;

namespace Telephony.Runtime.Conventions;

public sealed class GrainConventionsTests
{
    private static readonly IReadOnlyList<string> Violations = GrainConventions.Violations(typeof(GrainConventionsTests).Assembly);

    [Theory]
    [InlineData("IBad.Plain returns Int32: a grain method returns Task or ValueTask.")]
    [InlineData("Naked has no [GenerateSerializer] and crosses IBad.Take(naked).")]
    [InlineData("Func`1 has no [GenerateSerializer] and crosses IBad.Call(callback).")]
    [InlineData("Half.Two has no [Id].")]
    [InlineData("Twice.Two has the [Id(0)] of One.")]
    [InlineData("Sharing.s_shared is static and can change: grains share nothing.")]
    public void Each_broken_rule_is_found(string violation) => Assert.Contains(violation, Violations);

    [Fact]
    public void What_keeps_to_the_rules_is_left_alone() => Assert.DoesNotContain(Violations, violation => violation.Contains("Good") || violation.Contains("StreamTests"));

    public interface IBad // not a grain's: no class could implement it
        : IGrainObserver
    {
        int Plain();
        Task Take(Dictionary<string, List<Naked>> naked);
        Task Take(Half half, Twice twice);
        Task Call(Func<int> callback);
        Task<Good> Fine(Good good, IBad reference, (int, Good?) pair, CancellationToken cancellationToken);
    }

    public sealed record Naked;

    [GenerateSerializer]
    public sealed record Half([property: Id(0)] int One, int Two);

    [GenerateSerializer]
    public sealed record Twice([property: Id(0)] int One, [property: Id(0)] int Two);

    [GenerateSerializer]
    public sealed record Good([property: Id(0)] int One)
    {
        public int Computed => One + 1;
    }

    internal sealed class Sharing : Grain
    {
        private static int s_shared = 1;

        public override string ToString() => $"{s_shared++}";
    }
}
