using System.ComponentModel.DataAnnotations;
using SupportTickets.Access.People;

namespace SupportTickets.Views;

/// <summary>A list of tickets that a person saved. Changed only by <see cref="SavedViews"/>.</summary>
public sealed class SavedView
{
    /// <summary>The longest name, in Unicode code points.</summary>
    public const int MaxNameLength = 60;

    /// <summary>The longest address, in characters, percent-encoded.</summary>
    public const int MaxAddressLength = 4000;

    /// <summary>The key, assigned by the database.</summary>
    public int Id { get; set; }

    /// <summary>The id of its owner.</summary>
    public int OwnerId { get; set; }

    /// <summary>Its owner.</summary>
    public Person? Owner { get; set; }

    /// <summary>1 to <see cref="MaxNameLength"/> code points, trimmed, on one line; unique for each owner.</summary>
    public required string Name { get; set; }

    /// <summary>The address of the list, in its normalized form.</summary>
    public required string Address { get; set; }

    /// <summary>Whether everybody who reads tickets sees it.</summary>
    public bool IsShared { get; set; }

    /// <summary>When it was saved, UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>Counts the changes from 1.</summary>
    [ConcurrencyCheck]
    public int Version { get; set; } = 1;
}
