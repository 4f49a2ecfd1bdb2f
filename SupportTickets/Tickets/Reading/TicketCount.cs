namespace SupportTickets.Tickets.Reading;

/// <summary>How many tickets there are. Counting may have stopped at a limit.</summary>
/// <param name="Number">As many as were counted.</param>
/// <param name="IsMore">Whether there are more.</param>
public readonly record struct TicketCount(int Number, bool IsMore)
{
    /// <summary>A number that is exact.</summary>
    public static TicketCount Exactly(int number) => new(number, IsMore: false);

    /// <summary>What was counted with a limit: up to one more than that, which stands for "more".</summary>
    internal static TicketCount UpTo(int limit, int counted) => new(Math.Min(counted, limit), counted > limit);
}
