using Microsoft.EntityFrameworkCore;
using SupportTickets.Data;

namespace SupportTickets.Access.Tokens;

/// <summary>The table of tokens.</summary>
internal sealed class TokenTable : ITables
{
    private static readonly string ScopeCheck = $"scope BETWEEN {(int)TokenScope.read} AND {(int)TokenScope.write}";

    /// <inheritdoc />
    public void Declare(ModelBuilder model, TicketDb db) => model.Entity<AccessToken>(token =>
    {
        token.ToTable("access_tokens", table => table.HasCheckConstraint("token_scope_valid", ScopeCheck));
        token.Ignore(t => t.FullScope);
        token.Property(t => t.Name).HasMaxLength(AccessToken.MaxNameLength * 2); // EF counts UTF-16 units, the rule counts code points
        token.Property(t => t.Hint).HasMaxLength(20);
        token.HasOne(t => t.Person).WithMany().HasForeignKey(t => t.PersonId).OnDelete(DeleteBehavior.Cascade);
        token.HasIndex(t => t.Hash).IsUnique();
        token.HasIndex(t => t.PersonId);
    });
}

/// <summary>The set of the context for tokens.</summary>
public static class TokenSet
{
    extension(TicketDb db)
    {
        /// <summary>The tokens of people.</summary>
        public DbSet<AccessToken> AccessTokens => db.Set<AccessToken>();
    }
}
