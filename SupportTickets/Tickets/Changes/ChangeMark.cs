namespace SupportTickets.Tickets.Changes;

/// <summary>
/// A point in the course of all changes to tickets: what was committed before it and what after, in whatever order transactions
/// commit.
/// </summary>
public sealed record ChangeMark
{
    /// <summary>The most transactions that a mark names.</summary>
    public const int MaxRunning = 50;

    /// <summary>Before all changes.</summary>
    public static readonly ChangeMark None = new();

    /// <summary>The highest id of an event; 0 when there is none.</summary>
    public long Event { get; init; }

    /// <summary>When that event was, as the database writes it, to tell it from one of another database with the same id.</summary>
    public string? EventTime { get; init; }

    /// <summary>The highest id of a deletion; 0 when there is none.</summary>
    public long Deletion { get; init; }

    /// <summary>When that deletion was, in the same way.</summary>
    public string? DeletionTime { get; init; }

    /// <summary>The first transaction that had not begun. 0 where one writes at a time, so that ids are committed in their order.</summary>
    public long Next { get; init; }

    /// <summary>The transactions that had begun and were not committed yet.</summary>
    public IReadOnlyList<long> Running { get; init; } = [];

    /// <summary>
    /// A mark that names no transaction, before the first of those that were running: what is told from there was told in part
    /// already.
    /// </summary>
    public ChangeMark Coarsened() => Running.Count == 0 ? this : this with { Next = Running.Min(), Running = [] };
}

/// <summary>Where the changes stand in a database, and what it knows of an earlier mark.</summary>
public sealed record ChangeState
{
    /// <inheritdoc cref="ChangeMark.Event" />
    public long Event { get; init; }

    /// <inheritdoc cref="ChangeMark.EventTime" />
    public string? EventTime { get; init; }

    /// <inheritdoc cref="ChangeMark.Deletion" />
    public long Deletion { get; init; }

    /// <inheritdoc cref="ChangeMark.DeletionTime" />
    public string? DeletionTime { get; init; }

    /// <inheritdoc cref="ChangeMark.Next" />
    public long Next { get; init; }

    /// <summary>As <see cref="ChangeMark.Running" />, separated by commas; null when there is none.</summary>
    public string? Running { get; init; }

    /// <summary>The highest id that any event ever had; its row may be gone.</summary>
    public long LastEvent { get; init; }

    /// <summary>The highest id that any deletion ever had.</summary>
    public long LastDeletion { get; init; }

    /// <summary>When the event of the earlier mark was; null when it is gone with its ticket, or never was.</summary>
    public string? ThatEventTime { get; init; }

    /// <summary>When the deletion of the earlier mark was; null when it never was.</summary>
    public string? ThatDeletionTime { get; init; }

    /// <summary>The mark of now.</summary>
    public ChangeMark Mark
    {
        get
        {
            long[] running = Running is null ? [] : [.. Running.Split(',').Select(long.Parse)];
            var mark = new ChangeMark
            {
                Event = Event,
                EventTime = EventTime,
                Deletion = Deletion,
                DeletionTime = DeletionTime,
                Next = Next,
                Running = running,
            };
            // A mark has to fit into an address. Told again by mistake is better than not told.
            return running.Length <= ChangeMark.MaxRunning ? mark : mark.Coarsened();
        }
    }

    /// <summary>
    /// Whether the earlier mark can be of this database: false when it is of another, or of a state that a restored backup does not
    /// have.
    /// </summary>
    public bool Follows(ChangeMark earlier) =>
        earlier.Next > 0 == Next > 0 && earlier.Event <= LastEvent && (ThatEventTime is null || ThatEventTime == earlier.EventTime)
        && earlier.Deletion <= LastDeletion && ThatDeletionTime == earlier.DeletionTime;
}
