using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Postgres
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
                type: "date",
                nullable: true,
                computedColumnSql: "(resolved_at AT TIME ZONE 'UTC')::date",
                stored: true);

            migrationBuilder.CreateIndex(
                name: "ix_tickets_resolved_date",
                table: "tickets",
                column: "resolved_date");

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_date",
                table: "ticket_events",
                column: "date");

            // One row a day, 2000 to 2099, with weeks as ISO 8601 has them.
            migrationBuilder.Sql("""
                CREATE TABLE calendar (
                    key integer NOT NULL CONSTRAINT pk_calendar PRIMARY KEY, date date NOT NULL CONSTRAINT ix_calendar_date UNIQUE,
                    year integer NOT NULL, quarter integer NOT NULL, month integer NOT NULL, month_name text NOT NULL,
                    iso_year integer NOT NULL, iso_week integer NOT NULL, weekday integer NOT NULL, weekday_name text NOT NULL,
                    day_of_month integer NOT NULL, day_of_year integer NOT NULL, week_start date NOT NULL, month_start date NOT NULL,
                    is_weekend boolean NOT NULL, is_last_day_of_week boolean NOT NULL, is_last_day_of_month boolean NOT NULL,
                    is_last_day_of_quarter boolean NOT NULL, is_last_day_of_year boolean NOT NULL
                );
                INSERT INTO calendar
                SELECT to_char(date, 'YYYYMMDD')::int, date, extract(year from date), extract(quarter from date), extract(month from date), to_char(date, 'FMMonth'),
                    extract(isoyear from date), extract(week from date), extract(isodow from date), to_char(date, 'FMDay'),
                    extract(day from date), extract(doy from date), date_trunc('week', date)::date, date_trunc('month', date)::date,
                    extract(isodow from date) > 5, extract(isodow from date) = 7, extract(day from date + 1) = 1,
                    extract(quarter from date + 1) <> extract(quarter from date), extract(year from date + 1) <> extract(year from date)
                FROM (SELECT date '2000-01-01' + day AS date FROM generate_series(0, date '2099-12-31' - date '2000-01-01') AS day) AS days;
                CREATE INDEX ix_calendar_year_month ON calendar (year, month);
                CREATE INDEX ix_calendar_iso_year_iso_week ON calendar (iso_year, iso_week);
                ANALYZE calendar;
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
