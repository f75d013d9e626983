using System.Xml.Linq;
using Telephony.Testing;

namespace Telephony.Silo.Tests;

/// <summary>Dependencies point one way (DESIGN: The house).</summary>
public class StructureTests
{
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Runtime.Abstractions"] = [],
        ["Runtime"] = ["Runtime.Abstractions"],
        ["Sip"] = [],
        ["Media"] = [],
        ["MediaNode"] = ["Media", "MediaStorage"],
        ["MediaStorage"] = ["Media", "Blobs"],
        ["Events"] = [],
        ["Configuration"] = [],
        ["Blobs"] = [],
        ["Grains"] = ["Sip", "Media", "Events", "Configuration", "Blobs"],
        ["Api"] = ["Grains"],
        ["Silo"] = ["Api", "Runtime", "MediaStorage"],
        ["Cli"] = [],
    };

    [Fact]
    public void Projects_refer_only_to_what_is_below_them()
    {
        var source = Path.Combine(Repository.Root, "src");
        var found = Directory.GetFiles(source, "*.csproj", SearchOption.AllDirectories).ToDictionary(
            path => Path.GetFileNameWithoutExtension(path),
            path => XDocument.Load(path).Descendants("ProjectReference")
                .Where(reference => reference.Attribute("ReferenceOutputAssembly")?.Value != "false") // a tool that only runs while it is built
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value)).ToList());

        Assert.Equal(Allowed.Keys.Order(), found.Keys.Order());
        foreach (var (project, references) in found) Assert.Empty(references.Except(Allowed[project]).Select(reference => $"{project} -> {reference}"));
    }

    [Fact]
    public void No_grain_file_asks_which_engine_runs_it()
    {
        var grains = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Grains"), "*.cs", SearchOption.AllDirectories).Where(path => !path.Contains("/obj/", StringComparison.Ordinal));

        Assert.Empty(grains.Where(path => File.ReadAllText(path).Contains("#if", StringComparison.Ordinal)).Select(Path.GetFileName));
    }
}
