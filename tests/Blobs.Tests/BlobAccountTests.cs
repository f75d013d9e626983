using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Telephony.Blobs;

public sealed class BlobAccountTests
{
    [Theory]
    [InlineData("AccountName=acme;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:4000/acme", "acme", "http://127.0.0.1:4000/acme/")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=a2V5;EndpointSuffix=core.windows.net;", "acme", "https://acme.blob.core.windows.net/")]
    [InlineData(" accountname = acme ; AccountKey = a2V5 ; blobendpoint = https://blobs.example/ ", "acme", "https://blobs.example/")]
    [InlineData("UseDevelopmentStorage=true", "devstoreaccount1", "http://127.0.0.1:10000/devstoreaccount1/")]
    public void A_connection_string_names_account_and_endpoint(string text, string name, string endpoint)
    {
        Assert.True(BlobAccount.TryParse(text, out var account, out _));

        Assert.Equal((name, endpoint), (account.Name, account.Endpoint.ToString()));
    }

    [Theory]
    [InlineData(null, "AccountName")]
    [InlineData("", "AccountName")]
    [InlineData("nonsense", "key=value")]
    [InlineData("=x", "key=value")]
    [InlineData("UseDevelopmentStorage=false", "AccountName")]
    [InlineData("AccountName=a/b;AccountKey=a2V5;BlobEndpoint=http://x/", "AccountName")]
    [InlineData("AccountName=acme;BlobEndpoint=http://x/", "AccountKey")]
    [InlineData("AccountName=acme;AccountKey=***;BlobEndpoint=http://x/", "AccountKey")]
    [InlineData("AccountName=acme;AccountKey=a2V5", "BlobEndpoint")]
    [InlineData("AccountName=acme;AccountKey=a2V5;BlobEndpoint=ftp://x/", "BlobEndpoint")]
    [InlineData("AccountName=acme;AccountKey=a2V5;BlobEndpoint=/here", "BlobEndpoint")]
    public void A_bad_connection_string_is_told_what_it_lacks(string? text, string says)
    {
        Assert.False(BlobAccount.TryParse(text, out _, out var error));

        Assert.Contains(says, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_value_stops_the_start_with_its_key_and_without_the_account_key()
    {
        var e = Assert.Throws<OptionsValidationException>(() => Options(
            ("ConnectionStrings:Blobs", "AccountName=acme;AccountKey=c2VjcmV0;BlobEndpoint=ftp://x"), ("Telephony:Blobs:Attempts", "0")));

        Assert.Contains("ConnectionStrings:Blobs needs BlobEndpoint", e.Message, StringComparison.Ordinal);
        Assert.Contains("Telephony:Blobs:Attempts is 0, allowed is 1 to 10", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Good_values_are_taken() =>
        Assert.Equal(TimeSpan.FromSeconds(3), Options(("ConnectionStrings:Blobs", "UseDevelopmentStorage=true"), ("Telephony:Blobs:Timeout", "00:00:03")).Timeout);

    [Theory]
    [InlineData("recordings", true)]
    [InlineData("a-1", true)]
    [InlineData("ab", false)]
    [InlineData("Recordings", false)]
    [InlineData("-ab", false)]
    [InlineData("ab-", false)]
    [InlineData("a--b", false)]
    [InlineData("a/b", false)]
    public void Container_names_follow_the_services_rules(string name, bool good) => Assert.Equal(good, BlobNames.IsContainer(name));

    [Theory]
    [InlineData("a", true)]
    [InlineData("a/b/c.wav", true)]
    [InlineData("...", true)]
    [InlineData("", false)]
    [InlineData("/a", false)]
    [InlineData("a/", false)]
    [InlineData("a//b", false)]
    [InlineData("../a", false)]
    [InlineData("a/./b", false)]
    [InlineData("a\\b", false)]
    [InlineData("a\nb", false)]
    public void Blob_names_can_not_lead_out_of_their_container(string name, bool good) => Assert.Equal(good, BlobNames.IsBlob(name));

    private static BlobOptions Options(params (string Key, string Value)[] values)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build());
        services.AddBlobs();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<BlobOptions>>().Value;
    }
}
