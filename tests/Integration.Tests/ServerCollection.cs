using Telephony.Testing;

// Each test has phones that keep real time: one at a time, so that none waits for another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Telephony.Integration.Tests;

[CollectionDefinition(Name)]
public sealed class ServerCollection : ICollectionFixture<ServerFixture>
{
    public const string Name = "server";
}
