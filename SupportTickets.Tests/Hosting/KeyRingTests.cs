using System.Net;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using SupportTickets.Access;
using SupportTickets.Hosting;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Triage;

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

    [Theory, Providers]
    public async Task Instances_that_start_at_once_over_an_empty_database_have_one_key_and_take_each_others_sessions(Provider provider)
    {
        (string, string)[] settings = [("ACCESS", "closed"), ("SECRET_KEY", TestHost.Secret)];
        for (var round = 0; round < 2; round++)
        {
            await using var database = await TestDatabase.CreateAsync(provider, migrated: false);
            var desks = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => Desk.Start(database, settings: settings))));
            await using (var db = database.Open())
                Assert.Equal(1, await db.DataProtectionKeys.CountAsync(Cancel));
            var person = await desks[0].AddPersonAsync(Role.viewer);
            // Each takes the session of the one before it: where all do, all have the same key.
            foreach (var (desk, next) in desks.Zip([.. desks[1..], desks[0]]))
            {
                using var client = desk.NewClient();
                using var signedIn = await client.SignInAsync(person.Email!, People.Password);
                var cookies = signedIn.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]);
                using var request = new HttpRequestMessage(HttpMethod.Get, "/tickets");
                request.Headers.Add("Cookie", string.Join("; ", cookies));
                Assert.Equal(HttpStatusCode.OK, (await next.Client.SendAsync(request, Cancel)).StatusCode);
            }
            foreach (var desk in desks)
                await desk.DisposeAsync();
        }
    }

    [Theory, Providers]
    public async Task An_instance_whose_turn_has_not_come_makes_no_key_and_is_not_ready(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var clock = new TimerClock();
        Task<Desk> starting;
        await using (await LockAsync(database))
        {
            starting = Task.Run(() => Desk.Start(database, clock, settings: ("SECRET_KEY", TestHost.Secret)));
            while (!starting.IsCompleted)
            {
                clock.Advance(TimeSpan.FromSeconds(1)); // it listens after a while, and says 503
                await Task.Yield();
            }
            var client = (await starting).Client;
            foreach (var path in (string[])["/", "/sign-in", "/api/tickets/", "/healthz"])
                Assert.Equal((path, HttpStatusCode.ServiceUnavailable), (path, (await client.GetAsync(path, Cancel)).StatusCode));
            await using var locked = database.Open();
            Assert.Equal(0, await locked.DataProtectionKeys.CountAsync(Cancel));
        }
        await using var desk = await starting;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!(await desk.Client.GetAsync("/healthz", limit.Token)).IsSuccessStatusCode) await Task.Yield();
        await using var db = database.Open();
        Assert.Equal(1, await db.DataProtectionKeys.CountAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, (await desk.Client.GetAsync("/sign-in", Cancel)).StatusCode);
        Assert.Equal(1, await db.DataProtectionKeys.CountAsync(Cancel));
    }

    // As an instance holds it that is at work on the schema.
    private static async Task<IAsyncDisposable> LockAsync(TestDatabase database)
    {
        var address = database.Settings.ConnectionString;
        if (database.Provider == Provider.Sqlite)
        {
            var file = new SqliteConnectionStringBuilder(address).DataSource + ".lock";
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(address) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancel);
        await using var take = new NpgsqlCommand("SELECT pg_advisory_lock(7418529630)", connection);
        await take.ExecuteNonQueryAsync(Cancel);
        return connection;
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
            Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() =>
                SecretKeyCipher.Open("one", Convert.ToBase64String(changed)));
        }
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => SecretKeyCipher.Open("one", "AAAA"));
    }

    private static Task<TestHost> StartAsync(TestDatabase database, params (string, string)[] settings) =>
        TestHost.StartAsync(database.Url, _ => { }, settings: settings);

    private static IDataProtector Protector(TestHost host) =>
        host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");
}
