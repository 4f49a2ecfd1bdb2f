using System.Data;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using SupportTickets.Configuration;

namespace SupportTickets.Data;

/// <summary>
/// A connection to SQLite that stays open when its context closes it, until the context needs it again. To open one of the driver's pool
/// would register all functions of EF and of the desk again, and to close it take them away: a third of the time of a small request.
/// </summary>
internal sealed class KeptConnection : SqliteConnection
{
    private readonly KeptConnections _kept;
    private bool _isOpen; // for its context; below, the file may be open all the same
    private int _closer; // the thread that closes the file
    private int _round; // in which the file was opened

    /// <summary>
    /// Makes one that is closed. It has the desk's functions, and none of EF's own (for decimals, time spans and regular expressions): no
    /// property of ours has such a type.
    /// </summary>
    public KeptConnection(DatabaseSettings settings, KeptConnections kept) : base(settings.ConnectionString)
    {
        _kept = kept;
        DefaultTimeout = settings.StatementSeconds; // how long a transaction waits for the lock of another one
        SqliteFunctions.Register(this);
    }

    /// <inheritdoc />
    public override ConnectionState State =>
        _isOpen || _closer == Environment.CurrentManagedThreadId ? base.State : ConnectionState.Closed;

    /// <inheritdoc />
    public override void Open()
    {
        if (_isOpen)
            return;
        var isThere = _kept.Take(this);
        _isOpen = true;
        if (isThere)
            return;
        _round = _kept.Round;
        try
        {
            base.Open();
            SqliteFunctions.Set(this);
        }
        catch
        {
            CloseFile();
            throw;
        }
    }

    /// <inheritdoc />
    public override void Close()
    {
        if (!_isOpen)
            return;
        if (!IsAtRest)
        {
            CloseFile();
            return;
        }
        _isOpen = false;
        _kept.Keep(this, _round);
    }

    /// <summary>
    /// Closes it for the driver too, whose pool keeps the file open for some minutes. Only for whoever uses the connection, or has taken it
    /// out of what is kept.
    /// </summary>
    internal void CloseFile()
    {
        // The driver closes what is open. For its context it is closed already, also when that opens it again on another thread meanwhile.
        _closer = Environment.CurrentManagedThreadId;
        _isOpen = false;
        try
        {
            base.Close();
        }
        finally
        {
            _closer = 0;
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing && (_isOpen || _kept.Take(this))) CloseFile();
        base.Dispose(disposing);
    }

    // Neither a transaction nor an unfinished statement is left, which would hold a lock or an old snapshot.
    private bool IsAtRest => TransactionState(Handle!, database: 0) == 0; // SQLITE_TXN_NONE

    // The driver's packages do not expose this function.
    [DllImport("e_sqlite3", EntryPoint = "sqlite3_txn_state")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static extern int TransactionState(sqlite3 connection, nint database);
}

/// <summary>The connections to SQLite that are open and that nobody uses at the moment.</summary>
internal sealed class KeptConnections
{
    /// <summary>
    /// The most that are kept, and the most contexts in EF's pool, which takes the longest unused one first. Each may have 2 MB of cached
    /// pages. SQLite works in the calling thread, so more are seldom in use.
    /// </summary>
    public const int Most = 32;

    private readonly Lock _lock = new();
    private readonly LinkedList<KeptConnection> _idle = new(); // the one that was used last at the end
    private readonly Dictionary<KeptConnection, LinkedListNode<KeptConnection>> _nodes = [];
    private int _round;

    /// <summary>How often <see cref="Clear"/> was called.</summary>
    public int Round => Volatile.Read(ref _round);

    /// <summary>Takes a connection out, for use; false when it is not there, because it was closed meanwhile or never kept.</summary>
    public bool Take(KeptConnection connection)
    {
        lock (_lock)
        {
            if (!_nodes.Remove(connection, out var node))
                return false;
            _idle.Remove(node);
            return true;
        }
    }

    /// <summary>
    /// Keeps a connection that nobody uses any more. If there are many, the one that was unused for the longest time goes.
    /// </summary>
    /// <param name="connection">The connection.</param>
    /// <param name="round">The <see cref="Round"/> in which its file was opened; one of an earlier round is closed.</param>
    public void Keep(KeptConnection connection, int round)
    {
        lock (_lock)
        {
            if (round != _round)
            {
                connection.CloseFile();
                return;
            }
            if (_idle.Count >= Most)
                Drop(_idle.First!.Value);
            _nodes[connection] = _idle.AddLast(connection);
        }
    }

    /// <summary>Closes all that nobody uses now, and each of the others as soon as it is not used any more.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _round++;
            while (_idle.First is { Value: var connection })
                Drop(connection);
        }
    }

    // Below the lock: its context may want to open it at the same time.
    private void Drop(KeptConnection connection)
    {
        _nodes.Remove(connection, out var node);
        _idle.Remove(node!);
        connection.CloseFile();
    }
}
