using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace SupportTickets.Tests.OData;

/// <summary>A database that stops at a row until it is told to go on.</summary>
/// <param name="count">How many rows there are.</param>
internal sealed class HeldReader(int count) : DbCommandInterceptor
{
    private TaskCompletionSource _released = new();

    private readonly int _count = count;
    private int? _holdAt;

    public bool WasReadToItsEnd { get; private set; }

    /// <summary>From now on it stops at this row.</summary>
    public void Hold(int row) =>
        (_holdAt, _released, WasReadToItsEnd) = (row, new(TaskCreationOptions.RunContinuationsAsynchronously), false);

    public void Release() => _released.SetResult();

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default) =>
        new(_holdAt is { } row ? new Reader(result, this, row) : result);

    private sealed class Reader(DbDataReader inner, HeldReader held, int row) : WatchedReader(inner)
    {
        private int _rows;

        protected override async Task BeforeRowAsync()
        {
            if (++_rows == row) await held._released.Task;
            held.WasReadToItsEnd = _rows > held._count;
        }
    }
}
