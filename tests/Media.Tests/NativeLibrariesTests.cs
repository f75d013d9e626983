namespace Telephony.Media;

public sealed class NativeLibrariesTests
{
    [Theory]
    [InlineData(NativeLibraries.Opus)]
    [InlineData(NativeLibraries.SpeexDsp)]
    [InlineData(NativeLibraries.Ssl)]
    public void The_libraries_that_test_sh_installs_are_found(string library) => Assert.True(NativeLibraries.IsPresent(library));

    [Fact]
    public void A_library_that_is_not_there_is_no_fault() => Assert.False(NativeLibraries.IsPresent("libnosuchthing.so.9"));

    [Fact]
    public void Each_missing_library_is_one_line_that_names_its_package()
    {
        var lines = NativeLibraries.Missing(isPresent: library => library != NativeLibraries.Opus);

        Assert.Equal([(NativeLibraries.Opus, "libopus0", "Opus can't be transcoded")], lines);
    }
}
