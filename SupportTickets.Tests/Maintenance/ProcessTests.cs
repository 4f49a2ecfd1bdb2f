using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using SupportTickets.Maintenance;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tests.Hosting;

namespace SupportTickets.Tests.Maintenance;

/// <summary>The program as it is started from a shell: what it prints, and its exit code.</summary>
public sealed class ProcessTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("desk-process-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_wrong_setting_ends_the_start_with_one_sentence_and_no_stack_trace()
    {
        File.WriteAllText(Path.Combine(_folder, "letter.txt"), "Dear all, this is no database.");
        File.WriteAllText(Path.Combine(_folder, "gone.db-wal"), "What was written last.");
        (string Name, string Value, string Sentence)[] wrong =
        [
            ("PORT", "eighty", "PORT must be a whole number from 1 to 65535, but is \"eighty\"."),
            ("DATABASE_URL", "mysql://user:hush@host/db", "DATABASE_URL must look like postgres://"),
            ("DATABASE_URL", "sqlite:////dev/null/desk.db", "The database cannot be kept in /dev/null: "),
            ("DATABASE_URL", "sqlite:///letter.txt", $"{_folder}/letter.txt is not an SQLite database"),
            ("DATABASE_URL", "sqlite:///gone.db", $"The database {_folder}/gone.db is missing, but {_folder}/gone.db-wal is there"),
            ("DATABASE_URL", $"sqlite:///{_folder}", $"The database cannot be kept in {_folder}: it is a folder"),
            ("ADMIN_EMAIL", "root@example.com", "ADMIN_EMAIL and ADMIN_PASSWORD must be set together, or neither."),
            ("ACCESS", "two\nlines", "ACCESS must be open, submit or closed, but is \"two lines\"."),
        ];
        foreach (var (name, value, sentence) in wrong)
        {
            var (code, output, errors) = await RunAsync([], (name, value));
            Assert.Equal(1, code);
            Assert.Equal("", output);
            var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            Assert.StartsWith(sentence, line);
            Assert.DoesNotContain("hush", line);
        }
        Assert.True(File.Exists(Path.Combine(_folder, "gone.db-wal")));
    }

    [Fact]
    public async Task Migrate_makes_the_folder_and_says_what_it_did()
    {
        var (code, output, errors) = await RunAsync(["migrate"], ("DATABASE_URL", "sqlite:///new/folder/desk.db"));
        Assert.Equal((0, ""), (code, errors));
        Assert.Matches(@"^Applied \d+_Initial.*\.\n$", output);
        Assert.True(File.Exists(Path.Combine(_folder, "new", "folder", "desk.db")));
        Assert.Equal(
            (0, "The database is up to date.\n", ""), await RunAsync(["migrate"], ("DATABASE_URL", "sqlite:///new/folder/desk.db")));
    }

    [Fact]
    public async Task Migrate_refuses_a_database_of_a_build_before_the_first_release_in_one_line()
    {
        await using var migrated = await TestDatabase.CreateAsync(Provider.Sqlite);
        (string, string) database = ("DATABASE_URL", migrated.Url);
        await using (var db = migrated.Open())
        {
            await db.Database.ExecuteSqlAsync($"""DELETE FROM schema_migrations WHERE "MigrationId" > '20261126130000_Initial'""", Cancel);
            Assert.Equal(1, await db.Database.ExecuteSqlAsync(
                $"""UPDATE schema_migrations SET "MigrationId" = '20261123000000_Initial'""", Cancel));
        }
        var (code, output, errors) = await RunAsync(["migrate"], database);
        Assert.Equal((1, ""), (code, output));
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("The database cannot be migrated: It was made by a build before the first release ", line);
        Assert.Contains("set DATABASE_URL to an empty database", line);
    }

    [Fact]
    public async Task Migrate_says_in_one_sentence_that_the_database_is_away()
    {
        var (code, output, errors) = await RunAsync(
            ["migrate"], ("DATABASE_URL", $"postgres://desk:hush@127.0.0.1:{PostgresServer.FreePort()}/desk"));
        Assert.Equal((1, ""), (code, output));
        Assert.StartsWith("The database cannot be migrated: ", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        Assert.DoesNotContain("hush", errors);
    }

    [Fact]
    public async Task Verify_prints_a_line_for_each_check_and_says_by_its_exit_code_whether_all_hold()
    {
        var (unread, none, reason) = await RunAsync(["verify"], ("DATABASE_URL", "sqlite:///desk.db"));
        Assert.Equal((1, ""), (unread, none));
        Assert.StartsWith("The database cannot be read: ", Assert.Single(reason.Split('\n', StringSplitOptions.RemoveEmptyEntries)));

        await using var seeded = await TestDatabase.CreateAsync(Provider.Sqlite);
        (string, string) database = ("DATABASE_URL", seeded.Url);
        await using (var db = seeded.Open())
            await SeedCommand.SeedAsync(
                db, new(300, 1), DateTime.UtcNow, new(TextWriter.Null, isTerminal: false, 300, TimeProvider.System), Cancel);
        await ChangeAsync(seeded, "UPDATE day_totals SET created = created + 1 WHERE day = (SELECT max(day) FROM day_totals)");
        Assert.Equal((0, "What the database keeps of the tickets was made anew.\n", ""), await RunAsync(["rebuild"], database));
        Assert.Equal((2, "", "rebuild takes no arguments.\n"), await RunAsync(["rebuild", "all"], database));
        await ChangeAsync(seeded, "UPDATE tickets SET status = 3 - status WHERE id = 1");
        using (var ours = new SqliteConnection(seeded.Settings.ConnectionString))
            SqliteConnection.ClearPool(ours); // so that the command is the last one that closes the file
        var (code, output, errors) = await RunAsync(["verify"], database);
        Assert.Equal((1, ""), (code, errors));
        Assert.Contains("ok   tickets: statistics 300, events 300\n", output);
        Assert.Contains("ok   totals that are not as counted: expected 0, kept 0\n", output);
        Assert.Contains("FAIL tickets whose status is not their last status event: expected 0, events 1 (tickets 1)\n", output);
        // All is in the one file: a command closes what it opened.
        Assert.False(File.Exists($"{seeded.Url["sqlite:///".Length..]}-wal"));
    }

    [Fact]
    public async Task Commands_need_no_credential_in_a_closed_desk()
    {
        (string, string)[] closed =
        [
            ("DEBUG", "False"),
            ("SECRET_KEY", TestHost.Secret),
            ("DATABASE_URL", "sqlite:///desk.db"),
            ("ACCESS", "closed"),
        ];
        Assert.Equal(0, (await RunAsync(["migrate"], closed)).Code);
        Assert.Equal(0, (await RunAsync(["seed", "--tickets", "50"], closed)).Code);
        var (code, output, errors) = await RunAsync(["verify"], closed);
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("ok   tickets: statistics 50, feed 50\n", output);
    }

    [Fact]
    public async Task An_unknown_command_is_told_which_there_are()
    {
        var (code, output, errors) = await RunAsync(["migrat"]);
        Assert.Equal((2, ""), (code, output));
        var line = Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("There is no command \"migrat\": the commands are migrate, ", line);
    }

    [Fact]
    public async Task Options_serve_the_address_wins_over_the_port_and_the_program_can_ask_itself_for_its_health()
    {
        var url = $"http://127.0.0.1:{PostgresServer.FreePort()}";
        using var server = Start(["--urls", url], ("PORT", "1"));
        try
        {
            while (await server.StandardOutput.ReadLineAsync(Cancel) is { } line && !line.Contains("Now listening on: " + url)) { }
            Assert.False(server.HasExited);
            Assert.True(File.Exists(Path.Combine(_folder, "data", "support-tickets.db")));
            Assert.Equal((0, "{\"status\":\"ok\"}\n", ""), await RunAsync(["health"], ("ASPNETCORE_URLS", url)));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
        }
        Assert.Equal((1, "", $"{url}/ does not answer.\n"), await RunAsync(["health"], ("ASPNETCORE_URLS", url)));
    }

    [Fact]
    public async Task Asking_for_health_makes_no_application_no_folder_and_no_file()
    {
        var port = PostgresServer.FreePort();
        // Nothing but the address is looked at: each of the others would end the start of the application.
        (string, string)[] settings =
        [
            ("PORT", $"{port}"),
            ("DEBUG", "False"),
            ("ADMIN_EMAIL", "a@example.com"),
            ("DATABASE_URL", "sqlite:///new/desk.db"),
        ];
        Assert.Equal((1, "", $"http://localhost:{port}/ does not answer.\n"), await RunAsync(["health"], settings));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
        Assert.Equal(
            (1, "", "PORT must be a whole number from 1 to 65535, but is \"eighty\".\n"), await RunAsync(["health"], ("PORT", "eighty")));
        Assert.Equal(
            (1, "", "These settings serve no plain HTTP that could be asked.\n"),
            await RunAsync(["health", "--urls", "https://localhost:1"]));
    }

    private static async Task ChangeAsync(TestDatabase database, string sql)
    {
        await using var db = database.Open();
        Assert.Equal(1, await db.Database.ExecuteSqlRawAsync(sql, Cancel));
    }

    private async Task<(int Code, string Output, string Errors)> RunAsync(
        string[] arguments, params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, environment);
        var output = process.StandardOutput.ReadToEndAsync(Cancel);
        var errors = process.StandardError.ReadToEndAsync(Cancel);
        await process.WaitForExitAsync(Cancel);
        return (process.ExitCode, await output, await errors);
    }

    private Process Start(string[] arguments, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "SupportTickets.dll"));
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        string[] kept = ["PATH", "HOME", "TMPDIR", "DOTNET_ROOT", "DOTNET_TieredPGO", "DOTNET_EnableWriteXorExecute"];
        foreach (var name in start.Environment.Keys.Except(kept).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
