using SupportTickets.Tickets.Changes;

namespace SupportTickets.Tests.Tickets;

public sealed class ChangeMarkTests
{
    [Fact]
    public void A_mark_with_too_many_running_transactions_stands_before_the_first_of_them()
    {
        var few = new ChangeState { Next = 1000, Running = "940,901" }.Mark;
        Assert.Equal((1000, "940 901"), (few.Next, string.Join(' ', few.Running)));
        var many = new ChangeState
        {
            Next = 1000,
            Running = string.Join(',', Enumerable.Range(900, ChangeMark.MaxRunning + 1).Reverse()),
        }.Mark;
        Assert.Equal((900, 0), (many.Next, many.Running.Count));
    }
}
