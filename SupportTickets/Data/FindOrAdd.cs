namespace SupportTickets.Data;

/// <summary>Finds a row by its unique name, or adds it, while others may add and delete it at the same time.</summary>
internal static class FindOrAdd
{
    /// <summary>
    /// Adds a row and reads it, until it is there: somebody may delete the one that was there already between the two statements.
    /// </summary>
    /// <param name="add">Adds the row; does nothing when one with its name is there (ON CONFLICT DO NOTHING, on both databases).</param>
    /// <param name="find">Reads the row; null when there is none.</param>
    public static async Task<T> RunAsync<T>(Func<Task> add, Func<Task<T?>> find) where T : class
    {
        for (; ; )
        {
            await add();
            if (await find() is { } found)
                return found;
        }
    }
}
