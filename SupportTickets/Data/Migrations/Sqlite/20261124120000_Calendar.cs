using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Calendar : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateOnly>(
                name: "resolved_date",
                table: "tickets",
                type: "TEXT",
                nullable: true,
                computedColumnSql: "date(resolved_at)",
                stored: false);

            migrationBuilder.CreateIndex(
                name: "ix_tickets_resolved_date",
                table: "tickets",
                column: "resolved_date");

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_date",
                table: "ticket_events",
                column: "date");

            // One row a day, 2000 to 2099. A week belongs to the year and the week number of its Thursday (ISO 8601).
            migrationBuilder.Sql("""
                CREATE TABLE calendar (
                    key INTEGER NOT NULL PRIMARY KEY, date TEXT NOT NULL UNIQUE,
                    year INTEGER NOT NULL, quarter INTEGER NOT NULL, month INTEGER NOT NULL, month_name TEXT NOT NULL,
                    iso_year INTEGER NOT NULL, iso_week INTEGER NOT NULL, weekday INTEGER NOT NULL, weekday_name TEXT NOT NULL,
                    day_of_month INTEGER NOT NULL, day_of_year INTEGER NOT NULL, week_start TEXT NOT NULL, month_start TEXT NOT NULL,
                    is_weekend INTEGER NOT NULL, is_last_day_of_week INTEGER NOT NULL, is_last_day_of_month INTEGER NOT NULL,
                    is_last_day_of_quarter INTEGER NOT NULL, is_last_day_of_year INTEGER NOT NULL
                );
                WITH RECURSIVE days(date) AS (
                    SELECT '2000-01-01' UNION ALL SELECT date(date, '+1 day') FROM days WHERE date < '2099-12-31'
                ), parts AS (
                    SELECT date, date(date, '-3 days', 'weekday 4') AS thursday, date(date, '+1 day') AS next,
                        CAST(substr(date, 1, 4) AS INTEGER) AS year, CAST(substr(date, 6, 2) AS INTEGER) AS month, CAST(substr(date, 9, 2) AS INTEGER) AS day,
                        (strftime('%w', date) + 6) % 7 + 1 AS weekday
                    FROM days
                )
                INSERT INTO calendar
                SELECT year * 10000 + month * 100 + day, date, year, (month + 2) / 3, month,
                    json_extract('["January","February","March","April","May","June","July","August","September","October","November","December"]', '$[' || (month - 1) || ']'),
                    CAST(substr(thursday, 1, 4) AS INTEGER), (strftime('%j', thursday) - 1) / 7 + 1, weekday,
                    json_extract('["Monday","Tuesday","Wednesday","Thursday","Friday","Saturday","Sunday"]', '$[' || (weekday - 1) || ']'),
                    day, CAST(strftime('%j', date) AS INTEGER), date(thursday, '-3 days'), substr(date, 1, 8) || '01',
                    weekday > 5, weekday = 7, substr(next, 9) = '01', substr(next, 6) IN ('01-01', '04-01', '07-01', '10-01'), substr(next, 6) = '01-01'
                FROM parts;
                CREATE INDEX ix_calendar_year_month ON calendar (year, month);
                CREATE INDEX ix_calendar_iso_year_iso_week ON calendar (iso_year, iso_week);
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TABLE calendar;");

            migrationBuilder.DropIndex(
                name: "ix_tickets_resolved_date",
                table: "tickets");

            migrationBuilder.DropIndex(
                name: "ix_ticket_events_date",
                table: "ticket_events");

            migrationBuilder.DropColumn(
                name: "resolved_date",
                table: "tickets");
        }
    }
}
