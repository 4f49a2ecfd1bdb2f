namespace SupportTickets.Tickets.Changes;

/// <summary>
/// A point in the sequence of all changes to tickets. It tells what was committed before it from what was committed after it, in
/// whatever order transactions commit.
/// </summary>
public sealed record ChangeMark
{
    /// <summary>The most transactions that a mark names.</summary>
    public const int MaxRunning = 50;

    /// <summary>Before all changes.</summary>
    public static readonly ChangeMark None = new();

    /// <summary>Stands for a mark that another desk wrote, or whose key is lost.</summary>
    public static readonly ChangeMark Unreadable = new() { Event = -1 };

    /// <summary>The highest id of an event; 0 when there is none.</summary>
    public long Event { get; init; }

    /// <summary>
    /// The time of that event, as the database writes it. It tells the event from one of another database with the same id.
    /// </summary>
    public string? EventTime { get; init; }

    /// <summary>The highest id of a deletion; 0 when there is none.</summary>
    public long Deletion { get; init; }

    /// <summary>The time of that deletion, as the database writes it.</summary>
    public string? DeletionTime { get; init; }

    /// <summary>
    /// The highest id of a comment's deletion; 0 when there is none. Each has an event or the deletion of its ticket, which tell
    /// another database.
    /// </summary>
    public long CommentDeletion { get; init; }

    /// <summary>
    /// The id of the next transaction to begin. 0 on a database with one writer at a time, which commits ids in ascending order.
    /// </summary>
    public long Next { get; init; }

    /// <summary>The ids of the transactions that had begun but not committed.</summary>
    public IReadOnlyList<long> Running { get; init; } = [];

    /// <summary>Whether nothing was committed between the two.</summary>
    public bool IsSameAs(ChangeMark other) => this with { Running = other.Running } == other && Running.SequenceEqual(other.Running);

    /// <summary>
    /// An earlier mark that names no transaction: it stands before the first one that was running. Some of the changes after it
    /// were reported before.
    /// </summary>
    public ChangeMark Coarsened() => Running.Count == 0 ? this : this with { Next = Running.Min(), Running = [] };
}

/// <summary>The state of the changes in a database, and what the database knows about an earlier mark.</summary>
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

    /// <inheritdoc cref="ChangeMark.CommentDeletion" />
    public long CommentDeletion { get; init; }

    /// <inheritdoc cref="ChangeMark.Next" />
    public long Next { get; init; }

    /// <summary>As <see cref="ChangeMark.Running" />, separated by commas; null when there is none.</summary>
    public string? Running { get; init; }

    /// <summary>The highest id that any event ever had; its row may be gone.</summary>
    public long LastEvent { get; init; }

    /// <summary>The highest id that any deletion ever had.</summary>
    public long LastDeletion { get; init; }

    /// <summary>The time of the earlier mark's event; null when it was deleted with its ticket or never existed.</summary>
    public string? ThatEventTime { get; init; }

    /// <summary>The time of the earlier mark's deletion; null when it never existed.</summary>
    public string? ThatDeletionTime { get; init; }

    /// <summary>The current mark.</summary>
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
                CommentDeletion = CommentDeletion,
                Next = Next,
                Running = running,
            };
            // A mark has to fit into a URL. It is better to report a change twice than not at all.
            return running.Length <= ChangeMark.MaxRunning ? mark : mark.Coarsened();
        }
    }

    /// <summary>
    /// Whether the earlier mark can come from this database: false when it comes from another one, or from a state that a restored
    /// backup does not have.
    /// </summary>
    public bool Follows(ChangeMark earlier) =>
        earlier.Next > 0 == Next > 0 && earlier.Event <= LastEvent && (ThatEventTime is null || ThatEventTime == earlier.EventTime)
        && earlier.Deletion <= LastDeletion && ThatDeletionTime == earlier.DeletionTime;
}
