using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access;

/// <summary>What the database has of people and of how they come in.</summary>
public static class AccessSets
{
    extension(TicketDb db)
    {
        /// <summary>Those who can sign in.</summary>
        public DbSet<Person> People => db.Set<Person>();

        /// <summary>Their tokens.</summary>
        public DbSet<AccessToken> AccessTokens => db.Set<AccessToken>();

        /// <summary>Those who may become people.</summary>
        public DbSet<Invitation> Invitations => db.Set<Invitation>();

        /// <summary>Those who may set a new password.</summary>
        public DbSet<PasswordLink> PasswordLinks => db.Set<PasswordLink>();

        /// <summary>Passwords that were guessed.</summary>
        public DbSet<GuessCount> GuessCounts => db.Set<GuessCount>();

        /// <summary>Sessions that were signed out of.</summary>
        public DbSet<EndedSession> EndedSessions => db.Set<EndedSession>();

        /// <summary>Who came in, and what was done to people and tokens.</summary>
        public DbSet<AccessEntry> AccessLog => db.Set<AccessEntry>();
    }
}
