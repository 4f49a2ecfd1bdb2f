namespace SupportTickets.Tests.Libraries;

public enum Grade
{
    low,
    medium,
    high,
}

/// <summary>An entity with a property of each type that the libraries have a fault about.</summary>
public sealed class Item
{
    public int Id { get; set; }
    public string Name { get; set; } = "";
    public string? Note { get; set; }
    public int? Number { get; set; }
    public int Whole { get; set; }
    public double? Ratio { get; set; }
    public decimal? Price { get; set; }
    public bool? Flag { get; set; }
    public bool Sure { get; set; }
    public Grade Grade { get; set; }
    public DateTime At { get; set; } = new(2026, 1, 5, 9, 45, 1, DateTimeKind.Utc);
    public DateTime? Until { get; set; }
    public DateOnly Day { get; set; } = new(2026, 1, 5);
    public TimeOnly Clock { get; set; }
    public TimeSpan? Lasts { get; set; }
    public int? OwnerId { get; set; }
    public Owner? Owner { get; set; }
    public List<Part> Parts { get; set; } = [];
}

public sealed class Part
{
    public int Id { get; set; }
    public int Size { get; set; }
    public string? Label { get; set; }
    public int ItemId { get; set; }
    public Item Item { get; set; } = null!;
}

public sealed class Owner
{
    public int Id { get; set; }
    public string Name { get; set; } = "";
    public int Rank { get; set; }
}
