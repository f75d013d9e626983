using System.Reflection.Emit;

namespace Telephony.Events.Tests;

public sealed class EventTypesTests
{
    [Fact]
    public void An_alias_that_two_types_have_is_refused() =>
        Assert.Contains("'twice'", Assert.Throws<InvalidOperationException>(() => new EventTypes([Assembly("twice", "twice")])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("")]
    [InlineData("CallStarted")]
    [InlineData("call-started")]
    public void An_alias_that_is_not_snake_case_is_refused(string alias) => Assert.Throws<InvalidOperationException>(() => new EventTypes([Assembly(alias)]));

    [Fact]
    public void An_unknown_alias_reads_as_null_and_stays_readable_as_JSON()
    {
        var types = new EventTypes([typeof(Counted).Assembly]);
        var e = new StoredEvent(1, "one", "call-1", 1, "from_the_future", default, "{\"x\":1}"u8.ToArray(), default, null);

        Assert.Null(types.Read(e));
        Assert.Null(types.Find(e.Type));
        Assert.Equal(typeof(Counted), types.Find("test_counted"));
    }

    private static AssemblyBuilder Assembly(params string[] aliases)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new("Events"), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule("Events");
        foreach (var (i, alias) in aliases.Index())
        {
            var type = module.DefineType($"Event{i}");
            type.SetCustomAttribute(new(typeof(EventTypeAttribute).GetConstructors().Single(), [alias]));
            type.CreateType();
        }

        return assembly;
    }
}
