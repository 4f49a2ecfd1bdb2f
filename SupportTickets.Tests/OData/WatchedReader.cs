using System.Data.Common;
using SupportTickets.Data;

namespace SupportTickets.Tests.OData;

/// <summary>A reader that does what another does, until a test says otherwise at a row.</summary>
internal abstract class WatchedReader(DbDataReader inner) : DelegatingReader(inner)
{
    private readonly DbDataReader _inner = inner;

    public override bool Read()
    {
        BeforeRowAsync().GetAwaiter().GetResult();
        return base.Read();
    }

    public override async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        await BeforeRowAsync();
        return await _inner.ReadAsync(cancellationToken);
    }

    /// <summary>Runs before each row is fetched.</summary>
    protected abstract Task BeforeRowAsync();
}
