using Microsoft.Data.Sqlite;
using Npgsql;
using SupportTickets.Configuration;

namespace SupportTickets.Tests.Configuration;

public sealed class DatabaseSettingsTests
{
    [Theory]
    [InlineData("sqlite:///desk.db", "desk.db")]
    [InlineData("sqlite:///data/my%20desk.db", "data/my desk.db")]
    [InlineData("sqlite:////var/lib/desk.db", "/var/lib/desk.db")]
    public void Three_slashes_are_relative_and_four_absolute(string url, string file)
    {
        var settings = Read(("DATABASE_URL", url));
        Assert.False(settings.IsPostgres);
        Assert.Equal(file, new SqliteConnectionStringBuilder(settings.ConnectionString).DataSource);
    }

    [Theory]
    [InlineData("postgres://anna:p%40ss%2Fword@db.example:6543/desk", "db.example", 6543, "desk", "anna", "p@ss/word")]
    [InlineData("postgresql://anna@db.example/desk", "db.example", 5432, "desk", "anna", null)]
    [InlineData("postgres://anna:a:b@db/", "db", 5432, "tickets", "anna", "a:b")]
    [InlineData("postgres://anna:x@[::1]:5433/desk", "::1", 5433, "desk", "anna", "x")]
    public void A_postgres_address_is_taken_apart(string url, string host, int port, string database, string user, string? password)
    {
        var parts = Parts(("DATABASE_URL", url));
        Assert.Equal(
            (host, port, database, user, password),
            (parts.Host!.Trim('[', ']'), parts.Port, parts.Database, parts.Username, parts.Password));
        Assert.Equal(5, parts.Timeout);
    }

    [Fact]
    public void Parts_are_used_when_there_is_no_address_and_have_their_defaults()
    {
        var parts = Parts(("POSTGRES_HOST", "db"));
        Assert.Equal(
            ("db", 5432, "tickets", "postgres", "postgres"), (parts.Host!, parts.Port, parts.Database!, parts.Username!, parts.Password!));
        parts = Parts(
            ("POSTGRES_HOST", "db"), ("POSTGRES_PORT", "6000"), ("POSTGRES_DB", "d"), ("POSTGRES_USER", "u"),
            ("POSTGRES_PASSWORD", "p;w='x"));
        Assert.Equal(("db", 6000, "d", "u", "p;w='x"), (parts.Host!, parts.Port, parts.Database!, parts.Username!, parts.Password!));
        Assert.Equal("other", Parts(("POSTGRES_HOST", "db"), ("DATABASE_URL", "postgres://other/d")).Host);
        Assert.False(Read(("POSTGRES_DB", "d")).IsPostgres);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("sqlite://desk.db")]
    [InlineData("sqlite:///")]
    [InlineData("sqlite:///:memory:")]
    [InlineData("sqlite:///desk.db?mode=ro")]
    [InlineData("postgres://")]
    [InlineData("postgres://u:hush@host:port/db")]
    [InlineData("postgres://u:hush@host:0/db")]
    [InlineData("postgres://u:hu/sh@host:99999/db")]
    [InlineData("postgres://u:hush@host/db?sslmode=maybe")]
    [InlineData("postgres://u:hush@host/db?options=x")]
    public void An_address_that_cannot_be_meant_is_refused_without_its_password(string url)
    {
        var error = Assert.Throws<SettingException>(() => Read(("DATABASE_URL", url)));
        Assert.StartsWith("DATABASE_URL ", error.Message);
        Assert.DoesNotContain("hush", error.Message);
    }

    [Fact]
    public void A_port_that_is_no_number_is_refused() =>
        Assert.StartsWith(
            "POSTGRES_PORT must be", Assert.Throws<SettingException>(() => Read(("POSTGRES_HOST", "db"), ("POSTGRES_PORT", "x"))).Message);

    private static DatabaseSettings Read(params (string Name, string Value)[] set) =>
        DatabaseSettings.Read(name => set.FirstOrDefault(s => s.Name == name).Value, requireTls: false);

    private static NpgsqlConnectionStringBuilder Parts(params (string, string)[] set)
    {
        var settings = Read(set);
        Assert.True(settings.IsPostgres);
        return new(settings.ConnectionString);
    }
}
