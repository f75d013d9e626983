using Telephony.Grains.Calls;
using Telephony.Testing;

namespace Telephony.Grains.Tests;

public sealed class GrainConventionsTests
{
    [Fact]
    public void Grains_keep_to_what_both_engines_need() => Assert.Empty(GrainConventions.Violations(typeof(CallId).Assembly));
}
