using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace SupportTickets.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Invitations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "signed_in_at",
                table: "people",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "invitations",
                columns: table => new
                {
                    id = table.Column<int>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: false),
                    normalized_email = table.Column<string>(type: "TEXT", maxLength: 508, nullable: false),
                    role = table.Column<int>(type: "INTEGER", nullable: false),
                    invited_by_id = table.Column<int>(type: "INTEGER", nullable: false),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false)
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
                    person_id = table.Column<int>(type: "INTEGER", nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false),
                    made_by_id = table.Column<int>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<DateTime>(type: "TEXT", nullable: false)
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

            // As the log knows it; 0 is signed_in.
            migrationBuilder.Sql("UPDATE people SET signed_in_at = (SELECT max(at) FROM access_log WHERE access_log.person_id = people.id AND access_log.act = 0);");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "invitations");

            migrationBuilder.DropTable(
                name: "password_links");

            migrationBuilder.DropIndex(
                name: "ix_access_log_act_id",
                table: "access_log");

            migrationBuilder.DropIndex(
                name: "ix_access_log_actor_id_id",
                table: "access_log");

            migrationBuilder.DropIndex(
                name: "ix_access_log_person_id_id",
                table: "access_log");

            migrationBuilder.DropColumn(
                name: "signed_in_at",
                table: "people");
        }
    }
}
