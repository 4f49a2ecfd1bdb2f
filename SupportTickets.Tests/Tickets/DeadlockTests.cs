using System.Data.Common;
using System.Net;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using SupportTickets.Data;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Tickets;

/// <summary>A write that the database ends because it and another waited for each other is done again from its start.</summary>
public sealed class DeadlockTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UPDATE tickets", "PATCH", HttpStatusCode.OK)]
    [InlineData("INSERT INTO ticket_events", "PATCH", HttpStatusCode.OK)]
    [InlineData("DELETE FROM tickets", "DELETE", HttpStatusCode.NoContent)]
    [InlineData("FROM scoring_jobs", "DELETE", HttpStatusCode.NoContent)]
    public async Task It_is_tried_again(string statement, string method, HttpStatusCode expected)
    {
        var deadlocks = new Deadlocks(statement, times: 2);
        await using var desk = await StartAsync(deadlocks);
        Assert.Equal(expected, await SendAsync(desk, method));
        Assert.Equal(0, deadlocks.Left);
        var tickets = await desk.TicketsAsync();
        if (method == "DELETE") Assert.Empty(tickets);
        else Assert.Single(tickets.Single().Events, change => change.NewValue == "high");
    }

    [Fact]
    public async Task It_is_not_tried_for_ever()
    {
        var deadlocks = new Deadlocks("UPDATE tickets", times: 100);
        await using var desk = await StartAsync(deadlocks);
        Assert.Equal(HttpStatusCode.PreconditionFailed, await SendAsync(desk, "PATCH"));
        Assert.Equal(95, deadlocks.Left);
    }

    private static async Task<Desk> StartAsync(Deadlocks deadlocks)
    {
        var desk = await Desk.StartAsync(
            Provider.Sqlite,
            services: services => services.ConfigureDbContext<SqliteTicketDb>(options => options.AddInterceptors(deadlocks)));
        await desk.AddTicketAsync();
        deadlocks.Begin();
        return desk;
    }

    private static async Task<HttpStatusCode> SendAsync(Desk desk, string method)
    {
        using var request = new HttpRequestMessage(new(method), "/odata/Tickets(1)");
        if (method == "PATCH") request.Content = new StringContent("""{"Priority":"high"}""", null, "application/json");
        using var answer = await desk.Client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    // On SQLite, which has none: what counts is how the database says it.
    private sealed class Deadlocks(string statement, int times) : DbCommandInterceptor
    {
        private bool _begun;

        public int Left { get; private set; } = times;

        public void Begin() => _begun = true;

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
            DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
            CancellationToken cancellationToken = default)
        {
            if (_begun && Left > 0 && command.CommandText.Replace("\"", "").Contains(statement, StringComparison.Ordinal))
            {
                Left--;
                throw new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected);
            }
            return new(result);
        }
    }
}
