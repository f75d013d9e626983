using Telephony.Testing;

// One server and one Chromium, and phones that keep real time: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Telephony.Browser.Tests;

[CollectionDefinition(Name)]
public sealed class BrowserCollection : ICollectionFixture<ServerFixture>, ICollectionFixture<ChromiumFixture>
{
    public const string Name = "browser";
}
