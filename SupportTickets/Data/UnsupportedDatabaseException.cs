using System.Data.Common;

namespace SupportTickets.Data;

/// <summary>
/// The database was made by a build before the first release. Those builds had other migrations, so today's cannot be applied to
/// it. Handled like any other refusal of a database.
/// </summary>
internal sealed class UnsupportedDatabaseException() : DbException(
    "It was made by a build before the first release and cannot be upgraded. It was left as it is: "
    + "set DATABASE_URL to an empty database, or go on with the build that made this one.");
