using Microsoft.OData.ModelBuilder;
using SupportTickets.Tickets.Calendar;
using SupportTickets.Tickets.Reading;

namespace SupportTickets.OData.Sets;

/// <summary>The calendar: a date dimension that tickets and events lead to.</summary>
internal sealed class CalendarDaySet : FeedSet
{
    /// <inheritdoc />
    public override string Name => "Dates";

    /// <inheritdoc />
    public override string Description =>
        "The calendar, a date dimension: one row for each day from 2000 to 2099. Tickets and events lead to it.";

    /// <inheritdoc />
    public override Type Entity => typeof(CalendarDay);

    /// <inheritdoc />
    public override string Noun => "day";

    /// <inheritdoc />
    public override string Key => nameof(CalendarDay.Key);

    /// <inheritdoc />
    public override IReadOnlyDictionary<string, string> Descriptions { get; } = new Dictionary<string, string>
    {
        [""] = "A day of the calendar, 2000-01-01 to 2099-12-31. Weeks are those of ISO 8601: Monday to Sunday.",
        ["Key"] = "The key: the day as a number, YYYYMMDD, 20000101 to 20991231.",
        ["Date"] = "The day.",
        ["Year"] = "The calendar year, 2000 to 2099.",
        ["Quarter"] = "The quarter of the year, 1 to 4.",
        ["Month"] = "The month of the year, 1 to 12.",
        ["MonthName"] = "January to December, in English; sort it by Month.",
        ["IsoYear"] = "The year that the ISO week belongs to, 1999 to 2099: the one that has its Thursday.",
        ["IsoWeek"] = "The ISO week of IsoYear, 1 to 53.",
        ["Weekday"] = "1 (Monday) to 7 (Sunday).",
        ["WeekdayName"] = "Monday to Sunday, in English; sort it by Weekday.",
        ["DayOfMonth"] = "The day of the month, 1 to 31.",
        ["DayOfYear"] = "The day of the year, 1 to 366.",
        ["WeekStart"] = "The Monday of the ISO week: one value a week, in order of time.",
        ["MonthStart"] = "The first day of the month: one value a month, in order of time.",
        ["IsWeekend"] = "Whether it is a Saturday or a Sunday.",
        ["IsLastDayOfWeek"] = "Whether it is a Sunday.",
        ["IsLastDayOfMonth"] = "Whether the month ends with it.",
        ["IsLastDayOfQuarter"] = "Whether the quarter ends with it.",
        ["IsLastDayOfYear"] = "Whether the year ends with it.",
    };

    /// <inheritdoc />
    public override IQueryable Rows(IServiceProvider services) => services.GetRequiredService<TicketReads>().Calendar;

    /// <inheritdoc />
    public override void Declare(ODataConventionModelBuilder model)
    {
        var day = model.EntityType<CalendarDay>();
        day.HasKey(d => d.Key);
        day.Property(d => d.Date);
        day.Property(d => d.Year);
        day.Property(d => d.Quarter);
        day.Property(d => d.Month);
        day.Property(d => d.MonthName).IsRequired();
        day.Property(d => d.IsoYear);
        day.Property(d => d.IsoWeek);
        day.Property(d => d.Weekday);
        day.Property(d => d.WeekdayName).IsRequired();
        day.Property(d => d.DayOfMonth);
        day.Property(d => d.DayOfYear);
        day.Property(d => d.WeekStart);
        day.Property(d => d.MonthStart);
        day.Property(d => d.IsWeekend);
        day.Property(d => d.IsLastDayOfWeek);
        day.Property(d => d.IsLastDayOfMonth);
        day.Property(d => d.IsLastDayOfQuarter);
        day.Property(d => d.IsLastDayOfYear);
    }
}
