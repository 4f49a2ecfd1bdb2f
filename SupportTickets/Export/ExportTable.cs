namespace SupportTickets.Export;

/// <summary>A column of a table.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Width">The width in characters, for programs that have column widths.</param>
internal record ExportColumn(string Name, int Width);

/// <summary>A column of a table with rows of one kind.</summary>
/// <param name="Name">The heading.</param>
/// <param name="Width">The width in characters, for programs that have column widths.</param>
/// <param name="Write">Writes the cell for a row.</param>
internal sealed record ExportColumn<TRow>(string Name, int Width, Action<TRow, ITableFile> Write) : ExportColumn(Name, Width);

/// <summary>A table that is written to a file while it is read.</summary>
internal interface IExportTable : IAsyncDisposable
{
    /// <summary>Reads the first row, so that a query that fails does so before anything is written.</summary>
    Task OpenAsync(CancellationToken cancel);

    /// <summary>Writes all rows and ends reading, so that the connection is free for another table.</summary>
    Task WriteAsync(ITableFile file, CancellationToken cancel);
}

/// <summary>A table with rows of one kind.</summary>
internal sealed class ExportTable<TRow>(string name, IReadOnlyList<ExportColumn<TRow>> columns, IAsyncEnumerable<TRow> rows) : IExportTable
{
    private IAsyncEnumerator<TRow>? _rows;
    private bool _hasRow;

    /// <inheritdoc />
    public async Task OpenAsync(CancellationToken cancel)
    {
        _rows = rows.GetAsyncEnumerator(cancel);
        _hasRow = await _rows.MoveNextAsync();
    }

    /// <inheritdoc />
    public async Task WriteAsync(ITableFile file, CancellationToken cancel)
    {
        if (_rows is null) await OpenAsync(cancel);
        await using var reading = _rows!;
        await file.StartAsync(name, columns, cancel);
        for (; _hasRow; _hasRow = await reading.MoveNextAsync())
        {
            foreach (var column in columns) column.Write(reading.Current, file);
            await file.EndRowAsync(cancel);
        }
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _rows?.DisposeAsync() ?? default;
}
