using System.Globalization;

namespace SupportTickets.Tickets.Reading;

/// <summary>A range of ages in days of 24 hours.</summary>
/// <param name="From">The least age; 0 includes negative ages, which come from wrong clocks.</param>
/// <param name="To">The age that it ends before; null for no end.</param>
public sealed record AgeRange(int From, int? To)
{
    /// <summary>The ranges of the dashboard: each ticket is in exactly one.</summary>
    public static readonly IReadOnlyList<AgeRange> Buckets = [new(0, 1), new(1, 3), new(3, 7), new(7, 30), new(30, null)];

    private const int Max = 36_500;

    /// <summary>Parses <c>3-7</c>, or <c>30-</c> without an end; null for anything else.</summary>
    public static AgeRange? Parse(string text) => text.Split('-') is [var from, var to] && Days(from) is { } first
        ? to.Length == 0 ? new(first, null) : Days(to) is { } end && end > first ? new(first, end) : null
        : null;

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From}-{To}");

    private static int? Days(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= Max ? days : null;
}
