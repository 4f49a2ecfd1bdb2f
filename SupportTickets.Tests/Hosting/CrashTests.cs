using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Maintenance;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Hosting;

/// <summary>The program is killed while tickets come in: what was taken is there once, and what is sent again is not taken twice.</summary>
public sealed class CrashTests
{
    private const int Rounds = 2, Senders = 4, Before = 25;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, Providers]
    public async Task What_was_taken_survives_a_kill_and_nothing_is_lost_doubled_or_half(Provider provider)
    {
        await using var database = await TestDatabase.CreateAsync(provider);
        var taken = new ConcurrentDictionary<string, int>();
        var open = new ConcurrentQueue<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var (server, client) = await StartAsync(database);
            using (server)
            using (client)
            {
                var enough = new TaskCompletionSource();
                var stop = false;
                var before = taken.Count;
                var senders = Enumerable.Range(0, Senders).Select(sender => Task.Run(async () =>
                {
                    for (var n = 0; !Volatile.Read(ref stop); n++)
                    {
                        var key = open.TryDequeue(out var again) ? again : $"{round} {sender} {n}";
                        if (await SendAsync(client, key) is not { } id)
                        {
                            open.Enqueue(key); // nobody knows whether it was taken
                            return;
                        }
                        taken[key] = id;
                        if (taken.Count >= before + Before) enough.TrySetResult();
                    }
                })).ToList();
                await enough.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancel);
                server.Kill();
                await server.WaitForExitAsync(Cancel);
                Volatile.Write(ref stop, true);
                await Task.WhenAll(senders);
            }
        }
        // What comes after the last kill needs no process of its own.
        await using var last = Desk.Start(database);
        foreach (var key in open)
            taken[key] = (await SendAsync(last.Client, key))!.Value;
        foreach (var (key, id) in taken.Take(20))
            Assert.Equal(id, await SendAsync(last.Client, key));
        await using var db = database.Open();
        var stored = await db.Tickets.OrderBy(t => t.Id).Select(t => t.Id + " " + t.Title).ToListAsync(Cancel);
        Assert.Equal(taken.OrderBy(t => t.Value).Select(t => $"{t.Value} {t.Key}"), stored);
        Assert.Equal(taken.Count, await db.TicketEvents.Select(e => e.TicketId).Distinct().CountAsync(Cancel));
        await using var scope = last.Services.CreateAsyncScope();
        using var said = new StringWriter();
        Assert.True(await VerifyCommand.VerifyAsync(new Verification(scope.ServiceProvider), said, Cancel), said.ToString());
    }

    private static async Task<int?> SendAsync(HttpClient client, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tickets/")
        {
            Content = JsonContent.Create(new { title = key, description = "D", category = "general", priority = "low" }),
        };
        request.Headers.Add("Idempotency-Key", key);
        try
        {
            using var answer = await client.SendAsync(request, Cancel);
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(answer.StatusCode is HttpStatusCode.Created, text);
            return (int)JsonNode.Parse(text)!["id"]!;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<(Process Server, HttpClient Client)> StartAsync(TestDatabase database)
    {
        var url = $"http://127.0.0.1:{PostgresServer.FreePort()}";
        var server = Start(database, url);
        while (await server.StandardOutput.ReadLineAsync(Cancel) is { } line && !line.Contains("Now listening on: " + url)) { }
        _ = server.StandardOutput.ReadToEndAsync(Cancel); // else it waits for somebody to read
        return (server, new HttpClient { BaseAddress = new(url) });
    }

    private static Process Start(TestDatabase database, string url)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SupportTickets.dll"));
        start.ArgumentList.Add("--urls");
        start.ArgumentList.Add(url);
        string[] kept = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "DOTNET_TieredPGO", "DOTNET_EnableWriteXorExecute"];
        foreach (var name in start.Environment.Keys.Except(kept).ToList()) start.Environment.Remove(name);
        start.Environment["DATABASE_URL"] = database.Url;
        return Process.Start(start)!;
    }
}
