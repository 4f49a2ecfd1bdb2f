using System.Collections.Concurrent;
using System.Data.Common;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.OData;

namespace SupportTickets.Tests.Data;

/// <summary>PostgreSQL prepares what is asked again and again and has one plan for all values.</summary>
public sealed class PreparedStatementTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [CombinedProviders("/api/tickets/{0}/", true)]
    [CombinedProviders("/odata/Tickets({0})", true)]
    [CombinedProviders("/odata/Tickets?$top={0}", true)]
    [CombinedProviders("/odata/Tickets?$orderby=CreatedAt desc&$top={0}", true)]
    [CombinedProviders("/api/tickets/?search=\"ticket {0}\"", false)]
    [CombinedProviders("/odata/Tickets?$filter=UrgencyScore ge 0&$top={0}", false)]
    public async Task A_read_is_prepared_when_its_plan_is_the_same_for_all_values(Provider provider, string path, bool isPrepared)
    {
        var seen = new Seen();
        await using var desk = await FeedDesk.StartAsync(provider, interceptor: seen);
        await desk.SeedAsync(3);
        var answers = new List<string>();
        for (var i = 0; i < 12; i++)
        {
            seen.Commands.Clear();
            answers.Add(await desk.Client.GetStringAsync(string.Format(path, 1), Cancel));
        }
        Assert.Equal(
            isPrepared && provider == Provider.Postgres,
            Assert.Single(seen.Commands, c => c.Text.Contains("tickets", StringComparison.Ordinal)).IsPrepared);
        Assert.Single(answers.Distinct());
        Assert.NotEqual(answers[0], await desk.Client.GetStringAsync(string.Format(path, 2), Cancel));
    }

    [Theory]
    [CombinedProviders("True", true)]
    [CombinedProviders("False", false)]
    public async Task Writes_are_prepared_unless_a_setting_forbids_it(Provider provider, string setting, bool isPrepared)
    {
        var seen = new Seen();
        await using var desk = await FeedDesk.StartAsync(provider, interceptor: seen, settings: ("POSTGRES_PREPARE", setting));
        for (var i = 0; i < 12; i++)
        {
            seen.Commands.Clear();
            var ticket = await desk.Desk.AddTicketAsync();
            var status = i % 2 == 0 ? "resolved" : "in_progress";
            (await desk.Client.PatchAsJsonAsync($"/api/tickets/{ticket.Id}/", new { status }, Cancel)).EnsureSuccessStatusCode();
        }
        var writes = seen.Commands.Where(c => c.Text.Replace("\"", "").Contains("UPDATE tickets", StringComparison.Ordinal)).ToList();
        Assert.Equal(isPrepared && provider == Provider.Postgres, Assert.Single(writes).IsPrepared);
    }

    private sealed class Seen : DbCommandInterceptor
    {
        public ConcurrentQueue<(string Text, bool IsPrepared)> Commands { get; } = [];

        public override ValueTask<DbDataReader> ReaderExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            Commands.Enqueue((command.CommandText, command is NpgsqlCommand { IsPrepared: true }));
            return new(result);
        }
    }
}
