using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SupportTickets.Hosting;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Hosting;

public sealed class KeyRingTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task Instances_over_one_database_take_what_another_protected_and_another_secret_opens_nothing(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        await using var first = await StartAsync(database, ("SECRET_KEY", TestHost.Secret));
        await using var second = await StartAsync(database, ("SECRET_KEY", TestHost.Secret));
        var form = Protector(first).Protect("a form");
        Assert.Equal("a form", Protector(second).Unprotect(form));
        Assert.Empty(second.Log.At(LogLevel.Warning));

        await using var db = database.Open();
        var stored = Assert.Single(await db.DataProtectionKeys.Select(k => k.Xml).ToListAsync(Cancel))!;
        Assert.Contains("sealedKey", stored);
        Assert.DoesNotContain("masterKey", stored);
        Assert.DoesNotContain("unencrypted", stored);

        await using var stranger = await StartAsync(database, ("SECRET_KEY", new string('x', 32)));
        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => Protector(stranger).Unprotect(form));
        Assert.Equal("its own", Protector(stranger).Unprotect(Protector(stranger).Protect("its own")));
        Assert.Single(stranger.Log.At(LogLevel.Error), line => line.Contains("SECRET_KEY is not the one"));
        Assert.Equal(2, await db.DataProtectionKeys.CountAsync(Cancel));
    }

    [Fact]
    public async Task Development_without_a_secret_keeps_its_keys_too()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var first = await StartAsync(database);
        var form = Protector(first).Protect("a form");
        await using var second = await StartAsync(database);
        Assert.Equal("a form", Protector(second).Unprotect(form));
    }

    [Fact]
    public void What_was_sealed_opens_with_its_secret_only_and_not_when_it_was_changed()
    {
        var text = SecretKeyCipher.Seal("one", "the key");
        Assert.NotEqual(text, SecretKeyCipher.Seal("one", "the key"));
        Assert.Equal("the key", SecretKeyCipher.Open("one", text));
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => SecretKeyCipher.Open("two", text));
        for (var i = 0; i < Convert.FromBase64String(text).Length; i++)
        {
            var changed = Convert.FromBase64String(text);
            changed[i] ^= 1;
            Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => SecretKeyCipher.Open("one", Convert.ToBase64String(changed)));
        }
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => SecretKeyCipher.Open("one", "AAAA"));
    }

    private static Task<TestHost> StartAsync(TestDatabase database, params (string, string)[] settings) => TestHost.StartAsync(database.Url, _ => { }, settings: settings);

    private static IDataProtector Protector(TestHost host) => host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
}
