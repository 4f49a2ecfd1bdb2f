namespace SupportTickets.Export;

/// <summary>A file of tables that is written cell by cell and row by row. At most a few rows are in memory.</summary>
internal interface ITableFile : IAsyncDisposable
{
    /// <summary>Starts a table. The rows that follow are its rows.</summary>
    Task StartAsync(string name, IReadOnlyList<ExportColumn> columns, CancellationToken cancel);

    /// <summary>Writes a text, which may come from anybody.</summary>
    void Text(string text);

    /// <summary>Writes a whole number; null is an empty cell.</summary>
    void Number(int? number);

    /// <summary>Writes a time, to the second; null is an empty cell.</summary>
    void Time(DateTime? time);

    /// <summary>Ends a row.</summary>
    ValueTask EndRowAsync(CancellationToken cancel);

    /// <summary>
    /// Writes the end of the file. A file that is disposed without it is incomplete, and no program takes it for a complete one.
    /// </summary>
    Task FinishAsync(CancellationToken cancel);
}
