using SupportTickets.Access.People;

namespace SupportTickets.Access.Tokens;

/// <summary>An access token for programs. Its text is shown once; only its hash is stored.</summary>
public sealed class AccessToken
{
    /// <summary>The longest name, in Unicode code points.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The key.</summary>
    public int Id { get; set; }

    /// <summary>The owner: what is done with the token is done in this person's name.</summary>
    public int PersonId { get; set; }

    /// <summary>The owner.</summary>
    public Person? Person { get; set; }

    /// <summary>The name that the owner gave it.</summary>
    public required string Name { get; set; }

    /// <summary>SHA-256 of the token: it is random, so it needs no salt and no slow hash.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>Its first characters, to recognise it by.</summary>
    public required string Hint { get; set; }

    /// <summary>
    /// What it may do, of the scopes that the first release knew: its version must go on reading the column. See <see
    /// cref="FullScope"/>.
    /// </summary>
    public TokenScope Scope { get; set; }

    /// <summary>Whether it hides internal notes.</summary>
    public bool IsWithoutNotes { get; set; }

    /// <summary>What it may do.</summary>
    public TokenScope FullScope => FullScopeOf(Scope, IsWithoutNotes);

    /// <summary>The scope of a token.</summary>
    internal static TokenScope FullScopeOf(TokenScope scope, bool isWithoutNotes) =>
        isWithoutNotes ? TokenScope.read_without_notes : scope;

    /// <summary>When it was made, UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it expires, UTC.</summary>
    public DateTime ExpiresAt { get; set; }

    /// <summary>When it was last used, UTC, to the minute or so; null before that.</summary>
    public DateTime? LastUsedAt { get; set; }

    /// <summary>When it was revoked, UTC; null while it is not.</summary>
    public DateTime? RevokedAt { get; set; }
}
