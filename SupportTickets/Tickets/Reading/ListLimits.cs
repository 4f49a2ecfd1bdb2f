namespace SupportTickets.Tickets.Reading;

/// <summary>How far lists for people look and count. Tests set smaller numbers. Measured: docs/decisions/0015-list.md.</summary>
public sealed record ListLimits
{
    /// <summary>
    /// Counting the tickets of a list stops here: beyond it a person needs a filter, not a number, and the database need not read a
    /// million entries of an index.
    /// </summary>
    public int Counted { get; init; } = 10_000;

    /// <summary>
    /// Counting what a search finds stops here, because each ticket that is counted costs the comparison of its texts. These are four
    /// pages; whoever needs the number can ask for it.
    /// </summary>
    public int Found { get; init; } = 200;

    /// <summary>
    /// A search that no index helps looks through so many tickets, the newest that pass the other filters: each text is read.
    /// </summary>
    public int LookedThrough { get; init; } = 10_000;

    /// <summary>
    /// A word that more tickets contain is common: the list is read in its order until a page is full. The tickets of a rarer one are
    /// looked up by the ids that the index gives, and sorted. Only for SQLite; PostgreSQL chooses by its own statistics.
    /// </summary>
    public int Rare { get; init; } = 5_000;

    /// <summary>
    /// So many tickets of a list are looked at for a common word. All that have it may be older: then the ids are looked up after all.
    /// </summary>
    public int Tried { get; init; } = 10_000;
}
