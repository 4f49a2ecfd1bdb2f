using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace SupportTickets.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterDatabase()
                .Annotation("Npgsql:PostgresExtension:pg_trgm", ",,");

            migrationBuilder.CreateTable(
                name: "access_log",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    actor_id = table.Column<int>(type: "integer", nullable: true),
                    actor = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    act = table.Column<int>(type: "integer", nullable: false),
                    person_id = table.Column<int>(type: "integer", nullable: true),
                    about = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    address = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_access_log", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    friendly_name = table.Column<string>(type: "text", nullable: true),
                    xml = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_data_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "ended_sessions",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    until = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ended_sessions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "guess_counts",
                columns: table => new
                {
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_guess_counts", x => x.key_hash);
                });

            migrationBuilder.CreateTable(
                name: "people",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    role = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    signed_in_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    deactivated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    locked_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    is_active = table.Column<bool>(type: "boolean", nullable: false, computedColumnSql: "role > 0 AND deactivated_at IS NULL", stored: true),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    normalized_email = table.Column<string>(type: "character varying(508)", maxLength: 508, nullable: false),
                    password_hash = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    security_stamp = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    concurrency_stamp = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    access_failed_count = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_people", x => x.id);
                    table.CheckConstraint("person_role_valid", "role BETWEEN 0 AND 2");
                });

            migrationBuilder.CreateTable(
                name: "ticket_deletions",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ticket_id = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    channel = table.Column<int>(type: "integer", nullable: true),
                    transaction_id = table.Column<ulong>(type: "xid8", nullable: false, defaultValueSql: "pg_current_xact_id()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ticket_deletions", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "access_tokens",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    person_id = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    hint = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    scope = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    revoked_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_access_tokens", x => x.id);
                    table.CheckConstraint("token_scope_valid", "scope BETWEEN 0 AND 1");
                    table.ForeignKey(
                        name: "fk_access_tokens_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    email = table.Column<string>(type: "character varying(254)", maxLength: 254, nullable: false),
                    normalized_email = table.Column<string>(type: "character varying(508)", maxLength: 508, nullable: false),
                    role = table.Column<int>(type: "integer", nullable: false),
                    invited_by_id = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_invitations", x => x.id);
                    table.CheckConstraint("invitation_role_valid", "role BETWEEN 0 AND 2");
                    table.ForeignKey(
                        name: "fk_invitations_invited_by_id",
                        column: x => x.invited_by_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "password_links",
                columns: table => new
                {
                    person_id = table.Column<int>(type: "integer", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    made_by_id = table.Column<int>(type: "integer", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_password_links", x => x.person_id);
                    table.ForeignKey(
                        name: "fk_password_links_made_by_id",
                        column: x => x.made_by_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "fk_password_links_person_id",
                        column: x => x.person_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "saved_views",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    owner_id = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "character varying(120)", maxLength: 120, nullable: false),
                    address = table.Column<string>(type: "character varying(4000)", maxLength: 4000, nullable: false),
                    is_shared = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_saved_views", x => x.id);
                    table.ForeignKey(
                        name: "fk_saved_views_owner_id",
                        column: x => x.owner_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tickets",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    title = table.Column<string>(type: "character varying(400)", maxLength: 400, nullable: false),
                    description = table.Column<string>(type: "text", nullable: false),
                    category = table.Column<int>(type: "integer", nullable: false),
                    priority = table.Column<int>(type: "integer", nullable: false),
                    status = table.Column<int>(type: "integer", nullable: false),
                    assignee_id = table.Column<int>(type: "integer", nullable: true),
                    sentiment = table.Column<int>(type: "integer", nullable: false),
                    urgency_score = table.Column<int>(type: "integer", nullable: false),
                    channel = table.Column<int>(type: "integer", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    first_resolved_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    resolved_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    reopen_count = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    created_date = table.Column<DateOnly>(type: "date", nullable: false, computedColumnSql: "(created_at AT TIME ZONE 'UTC')::date", stored: true),
                    resolved_date = table.Column<DateOnly>(type: "date", nullable: true, computedColumnSql: "(resolved_at AT TIME ZONE 'UTC')::date", stored: true),
                    resolution_minutes = table.Column<int>(type: "integer", nullable: true, computedColumnSql: "((floor(extract(epoch from resolved_at AT TIME ZONE 'UTC'))::bigint - floor(extract(epoch from created_at AT TIME ZONE 'UTC'))::bigint) / 60)::int", stored: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_tickets", x => x.id);
                    table.CheckConstraint("ticket_category_valid", "category BETWEEN 0 AND 3");
                    table.CheckConstraint("ticket_priority_valid", "priority BETWEEN 0 AND 3");
                    table.CheckConstraint("ticket_sentiment_valid", "sentiment BETWEEN 0 AND 3");
                    table.CheckConstraint("ticket_status_valid", "status BETWEEN 0 AND 3");
                    table.CheckConstraint("ticket_urgency_range", "urgency_score BETWEEN 0 AND 100");
                    table.ForeignKey(
                        name: "fk_tickets_assignee_id",
                        column: x => x.assignee_id,
                        principalTable: "people",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "scoring_jobs",
                columns: table => new
                {
                    ticket_id = table.Column<int>(type: "integer", nullable: false),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    due_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_scoring_jobs", x => x.ticket_id);
                    table.ForeignKey(
                        name: "fk_scoring_jobs_ticket_id",
                        column: x => x.ticket_id,
                        principalTable: "tickets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "submissions",
                columns: table => new
                {
                    key_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    digest = table.Column<byte[]>(type: "bytea", nullable: false),
                    ticket_id = table.Column<int>(type: "integer", nullable: true),
                    former_ticket_id = table.Column<int>(type: "integer", nullable: true),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_submissions", x => x.key_hash);
                    table.ForeignKey(
                        name: "fk_submissions_ticket_id",
                        column: x => x.ticket_id,
                        principalTable: "tickets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.SetNull);
                });

            migrationBuilder.CreateTable(
                name: "ticket_events",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    ticket_id = table.Column<int>(type: "integer", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    date = table.Column<DateOnly>(type: "date", nullable: false, computedColumnSql: "(at AT TIME ZONE 'UTC')::date", stored: true),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    channel = table.Column<int>(type: "integer", nullable: true),
                    field = table.Column<int>(type: "integer", nullable: false),
                    old_value = table.Column<string>(type: "text", nullable: true),
                    new_value = table.Column<string>(type: "text", nullable: false),
                    done_change = table.Column<int>(type: "integer", nullable: true, computedColumnSql: "CASE WHEN field = 4 AND new_value IN ('resolved', 'closed') AND (old_value IS NULL OR old_value IN ('open', 'in_progress')) THEN 1 WHEN field = 4 AND new_value IN ('open', 'in_progress') AND old_value IN ('resolved', 'closed') THEN -1 END", stored: true),
                    transaction_id = table.Column<ulong>(type: "xid8", nullable: false, defaultValueSql: "pg_current_xact_id()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_ticket_events", x => x.id);
                    table.ForeignKey(
                        name: "fk_ticket_events_ticket_id",
                        column: x => x.ticket_id,
                        principalTable: "tickets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "triage_results",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    ticket_id = table.Column<int>(type: "integer", nullable: true),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    task = table.Column<int>(type: "integer", nullable: false),
                    outcome = table.Column<int>(type: "integer", nullable: false),
                    model = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    suggested = table.Column<string>(type: "text", nullable: false),
                    kept = table.Column<string>(type: "text", nullable: true),
                    duration_ms = table.Column<int>(type: "integer", nullable: false),
                    input_tokens = table.Column<int>(type: "integer", nullable: false),
                    output_tokens = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_triage_results", x => x.id);
                    table.ForeignKey(
                        name: "fk_triage_results_ticket_id",
                        column: x => x.ticket_id,
                        principalTable: "tickets",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_access_log_act_id",
                table: "access_log",
                columns: new[] { "act", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_access_log_actor_id_id",
                table: "access_log",
                columns: new[] { "actor_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_access_log_person_id_id",
                table: "access_log",
                columns: new[] { "person_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_access_tokens_hash",
                table: "access_tokens",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_access_tokens_person_id",
                table: "access_tokens",
                column: "person_id");

            migrationBuilder.CreateIndex(
                name: "ix_ended_sessions_until",
                table: "ended_sessions",
                column: "until");

            migrationBuilder.CreateIndex(
                name: "ix_guess_counts_at",
                table: "guess_counts",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "ix_invitations_hash",
                table: "invitations",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_invitations_invited_by_id",
                table: "invitations",
                column: "invited_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_invitations_normalized_email",
                table: "invitations",
                column: "normalized_email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_password_links_hash",
                table: "password_links",
                column: "hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_password_links_made_by_id",
                table: "password_links",
                column: "made_by_id");

            migrationBuilder.CreateIndex(
                name: "ix_people_name_id",
                table: "people",
                columns: new[] { "name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_people_normalized_email",
                table: "people",
                column: "normalized_email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_saved_views_is_shared",
                table: "saved_views",
                column: "is_shared",
                filter: "is_shared");

            migrationBuilder.CreateIndex(
                name: "ix_saved_views_owner_id_name",
                table: "saved_views",
                columns: new[] { "owner_id", "name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_scoring_jobs_due_at",
                table: "scoring_jobs",
                column: "due_at");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_created_at",
                table: "submissions",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_submissions_ticket_id",
                table: "submissions",
                column: "ticket_id");

            migrationBuilder.CreateIndex(
                name: "ix_ticket_deletions_ticket_id",
                table: "ticket_deletions",
                column: "ticket_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_ticket_deletions_transaction_id",
                table: "ticket_deletions",
                column: "transaction_id");

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_date",
                table: "ticket_events",
                column: "date");

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_date_done_change",
                table: "ticket_events",
                columns: new[] { "date", "done_change" },
                filter: "done_change IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_field_date",
                table: "ticket_events",
                columns: new[] { "field", "date" });

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_ticket_id_id",
                table: "ticket_events",
                columns: new[] { "ticket_id", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_ticket_events_transaction_id",
                table: "ticket_events",
                column: "transaction_id");

            migrationBuilder.CreateIndex(
                name: "ix_tickets_assigned",
                table: "tickets",
                columns: new[] { "assignee_id", "status", "created_at", "id" },
                filter: "assignee_id IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tickets_category_created_at_id",
                table: "tickets",
                columns: new[] { "category", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_created_at_id",
                table: "tickets",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_created_date",
                table: "tickets",
                column: "created_date");

            migrationBuilder.CreateIndex(
                name: "ix_tickets_description_trgm",
                table: "tickets",
                column: "description")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_priority_created_at_id",
                table: "tickets",
                columns: new[] { "priority", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_resolved_at_id",
                table: "tickets",
                columns: new[] { "resolved_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_resolved_date_resolution_minutes",
                table: "tickets",
                columns: new[] { "resolved_date", "resolution_minutes" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_status_created_at_id",
                table: "tickets",
                columns: new[] { "status", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_status_priority_category_sentiment_urgency_score_",
                table: "tickets",
                columns: new[] { "status", "priority", "category", "sentiment", "urgency_score", "created_at" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_title_trgm",
                table: "tickets",
                column: "title")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });

            migrationBuilder.CreateIndex(
                name: "ix_tickets_unassigned",
                table: "tickets",
                columns: new[] { "status", "created_at", "id" },
                filter: "assignee_id IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tickets_urgency_score_id",
                table: "tickets",
                columns: new[] { "urgency_score", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_triage_results_ticket_id",
                table: "triage_results",
                column: "ticket_id");

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

            migrationBuilder.DropTable(
                name: "access_log");

            migrationBuilder.DropTable(
                name: "access_tokens");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "ended_sessions");

            migrationBuilder.DropTable(
                name: "guess_counts");

            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropTable(
                name: "password_links");

            migrationBuilder.DropTable(
                name: "saved_views");

            migrationBuilder.DropTable(
                name: "scoring_jobs");

            migrationBuilder.DropTable(
                name: "submissions");

            migrationBuilder.DropTable(
                name: "ticket_deletions");

            migrationBuilder.DropTable(
                name: "ticket_events");

            migrationBuilder.DropTable(
                name: "triage_results");

            migrationBuilder.DropTable(
                name: "tickets");

            migrationBuilder.DropTable(
                name: "people");
        }
    }
}
