using Microsoft.Data.Sqlite;
using SupportTickets.Configuration;

namespace SupportTickets.Data;

/// <summary>Checks the file of an SQLite database before anything opens it, so that a problem is reported in one sentence.</summary>
internal static class SqliteFile
{
    private static readonly byte[] Magic = "SQLite format 3\0"u8.ToArray();

    /// <summary>Creates the folder of an SQLite database and checks that the folder and the file can be used.</summary>
    /// <exception cref="SettingException">The folder or the file cannot be used.</exception>
    public static void Prepare(DatabaseSettings settings)
    {
        if (!settings.IsPostgres) Prepare(new SqliteConnectionStringBuilder(settings.ConnectionString).DataSource);
    }

    /// <summary>Creates the folder of this file and checks that both can be used.</summary>
    /// <exception cref="SettingException">The folder cannot be written, or the file is something else.</exception>
    public static void Prepare(string path)
    {
        var file = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(file)!;
        try
        {
            Directory.CreateDirectory(folder);
            // SQLite also writes -wal and -shm files next to it, so write access to the file alone is not enough.
            var name = Path.Combine(folder, $".{Guid.NewGuid():N}");
            using var probe = new FileStream(
                name, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"The database cannot be kept in {folder}: {error.Message} "
                + "Give this user the right to write there, or set DATABASE_URL.");
        }
        if (Directory.Exists(file))
            throw new SettingException($"The database cannot be kept in {file}: it is a folder, and DATABASE_URL must name a file.");
        if (new FileInfo(file) is { Exists: true, Length: > 0 })
            CheckContent(file);
        // SQLite deletes the log when it has to create the database.
        else if (new FileInfo(file + "-wal") is { Exists: true, Length: > 0 })
        {
            throw new SettingException($"The database {file} is missing, but {file}-wal is there, with what was written last: "
                + "put the database back, or move that file away to begin with a new one.");
        }
    }

    /// <summary>
    /// Creates the file if it is missing and turns on write-ahead logging, so that readers and a writer do not wait for each other.
    /// The file stores that mode.
    /// </summary>
    /// <exception cref="SqliteException">The file cannot be created or opened.</exception>
    public static async Task MakeAsync(string connectionString, CancellationToken cancel)
    {
        var settings = new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false };
        await using var connection = new SqliteConnection(settings.ConnectionString);
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL"; // a copy made by VACUUM INTO lacks it
        await command.ExecuteNonQueryAsync(cancel);
    }

    private static void CheckContent(string file)
    {
        Span<byte> start = stackalloc byte[Magic.Length];
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"The database {file} cannot be opened: {error.Message} "
                + "Give this user the right to write it, or set DATABASE_URL.");
        }
        if (!start.SequenceEqual(Magic))
            throw new SettingException($"{file} is not an SQLite database; DATABASE_URL must name one, or a file that does not exist yet.");
    }
}
