using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Pages;

/// <summary>A desk as it looks after some months of work: varied tickets with lives of their own, always the same.</summary>
internal static class SampleTickets
{
    private sealed record Template(
        string Title, string Description, Category Category, Priority Priority, Sentiment Sentiment, int Urgency);

    private static readonly Template[] Templates =
    [
        new(
            "Charged twice for the November invoice",
            "Our card was charged on the 1st and again on the 3rd for the same invoice. Please refund one of the two.", Category.billing,
            Priority.high, Sentiment.frustrated, 71),
        new(
            "Cannot sign in after the password reset",
            "The reset link works, the new password is accepted, and then I am back at the sign-in page. Tried two browsers.",
            Category.account, Priority.high, Sentiment.frustrated, 74),
        new(
            "Checkout answers 502 since this morning",
            "Customers cannot pay. It began at about 08:10 and every third attempt fails with a bad gateway page.", Category.technical,
            Priority.critical, Sentiment.angry, 97),
        new(
            "Where do I change the billing address?",
            "We moved last month. I found the delivery address in the settings but not the one on the invoice.", Category.billing,
            Priority.low, Sentiment.calm, 12),
        new(
            "Webhook deliveries arrive twice",
            "Since the update each event reaches our endpoint two times with the same id, a few seconds apart.", Category.technical,
            Priority.medium, Sentiment.neutral, 55),
        new(
            "Add a colleague to our account", "Please tell me how to invite maria@example.com with the right to see reports only.",
            Category.account, Priority.low, Sentiment.calm, 15),
        new("Dark mode in the mobile app?", "Love the app. Is a dark theme planned?", Category.general, Priority.low, Sentiment.calm, 4),
        new(
            "Monthly report is missing the last two days",
            "The PDF for October stops at the 29th. The figures on the screen are complete.", Category.technical, Priority.medium,
            Sentiment.neutral, 44),
        new(
            "Two-factor codes are refused",
            "All codes from my authenticator are called wrong since I changed my phone. I still have one backup code.", Category.account,
            Priority.high, Sentiment.frustrated, 78),
        new(
            "Refund for the unused seats",
            "We reduced our team from 24 to 18 people in the middle of the term. Is the difference credited?", Category.billing,
            Priority.medium, Sentiment.neutral, 31),
        new(
            "Search finds nothing with an umlaut", "Searching for „Müller“ gives no result, “Muller” does. It worked last week.",
            Category.technical, Priority.medium, Sentiment.neutral, 40),
        new(
            "Third time I ask: cancel my subscription",
            "I wrote on the 2nd and on the 9th and nobody answered. Cancel it today or I dispute the payment.", Category.billing,
            Priority.critical, Sentiment.angry, 93),
        new(
            "Delete my personal data", "Please remove my account and everything stored about me, and confirm it in writing.",
            Category.account, Priority.medium, Sentiment.neutral, 52),
        new(
            "API answers 429 far below our limit", "We make 20 requests a minute and are promised 600. The header says 0 remaining.",
            Category.technical, Priority.high, Sentiment.frustrated, 69),
        new(
            "Thanks for the quick help yesterday", "No question, just thanks. The new import works well.", Category.general, Priority.low,
            Sentiment.calm, 1),
        new(
            "Invoice without VAT number", "Our accountant needs the VAT number on all invoices of this year. Can you issue them again?",
            Category.billing, Priority.medium, Sentiment.neutral, 36),
        new(
            "Push notifications stopped on Android", "Nothing arrives since version 8.2. Permissions are on, battery saving is off.",
            Category.technical, Priority.medium, Sentiment.frustrated, 47),
        new(
            "لا أستطيع تسجيل الدخول إلى حسابي", "أعدت تعيين كلمة المرور مرتين وما زالت الصفحة ترفض الدخول.", Category.account,
            Priority.high, Sentiment.frustrated, 66),
        new(
            "All users are signed out every ten minutes",
            "Since the maintenance window nobody can finish a form. We have 60 people who cannot work.", Category.technical,
            Priority.critical, Sentiment.angry, 95),
        new(
            "Opening hours over the holidays", "Who can we reach between the 24th and the 2nd?", Category.general, Priority.low,
            Sentiment.calm, 9),
        new(
            "Upgrade from Team to Business", "We want to upgrade on the 1st. Does the price change for the running term?",
            Category.billing, Priority.low, Sentiment.calm, 20),
        new(
            "Import stops at row 4,812",
            "The CSV has 9,000 rows. The import says it is complete, but half is missing and there is no message.", Category.technical,
            Priority.high, Sentiment.neutral, 62),
        new(
            "Name is misspelled on the certificate", "It should be Siobhán, with an accent. The profile shows it correctly.",
            Category.general, Priority.low, Sentiment.neutral, 18),
        new(
            "Locked out after too many attempts",
            "My account is locked and the waiting time starts again whenever I look. I need it for payroll today.", Category.account,
            Priority.critical, Sentiment.frustrated, 88),
    ];

    /// <summary>Fills an empty desk, up to <paramref name="now"/>. The last ticket is the one to look at closely.</summary>
    public static async Task<int> AddAsync(TestDatabase database, DateTime now, int days = 75, CancellationToken cancel = default)
    {
        var random = new Random(7);
        await using var db = database.Open();
        var tickets = new List<Ticket>();
        for (var day = days; day >= 0; day--)
        {
            var date = now.Date.AddDays(-day);
            var weekend = date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
            var count = (weekend ? 2 : 7) + random.Next(weekend ? 3 : 6) + (days - day) / 25;
            foreach (var minute in Enumerable.Range(0, count).Select(_ => random.Next(6 * 60, 22 * 60)).Order())
            {
                if (date.AddMinutes(minute) is var at && at < now.AddMinutes(-40)) tickets.Add(Live(random, at, now));
            }
        }
        tickets.Add(CloseUp(now));
        // In their order, so that the numbers ascend with the time.
        db.Tickets.AddRange(tickets);
        await db.SaveChangesAsync(cancel);
        return tickets[^1].Id;
    }

    private static Ticket Live(Random random, DateTime at, DateTime now)
    {
        var template = Templates[random.Next(Templates.Length)];
        var origin = new Origin(random.Next(3) switch { 0 => "anonymous", 1 => "maria", _ => "jonas" }, (Channel)random.Next(4));
        var ticket = TicketLifeCycle.Create(
            new NewTicket(template.Title, template.Description, template.Category, template.Priority, Status.open),
            new Score(template.Sentiment, Math.Clamp(template.Urgency + random.Next(-6, 7), 0, 100)), at, origin);
        // The more pressing, the sooner done.
        var pace = template.Priority switch { Priority.critical => 6, Priority.high => 20, Priority.medium => 60, Priority.low => 110 };
        var agent = new Origin(random.Next(2) == 0 ? "maria" : "jonas", Channel.web);
        foreach (var status in (Status[])
            [Status.in_progress, Status.resolved, random.Next(5) == 0 ? Status.open : Status.closed, Status.closed])
        {
            at = at.AddHours(pace * (0.15 + random.NextDouble()));
            if (at >= now) break;
            ticket.Apply(TicketChange.None with { Status = status }, null, at, agent);
        }
        return ticket;
    }

    private static Ticket CloseUp(DateTime now)
    {
        var (visitor, maria) = (new Origin("anonymous", Channel.web), new Origin("maria", Channel.web));
        var ticket = TicketLifeCycle.Create(
            new NewTicket(
                "Export to CSV cuts off after 1,000 rows",
                "We export our orders every Monday for the accountants. Since the update last Thursday the file ends after "
                    + "exactly 1,000 rows, without a message.\n\n"
                    + """
                    What we did:
                      1. Orders, filter "last week", 3,412 results
                      2. Export, CSV, all columns
                      3. The download has 1,000 rows and a header
                    """
                    + "\n\nThe week before, the same export had all rows. We need the complete file by Wednesday for the tax filing, "
                    + "so a work-around would help as well.",
                Category.general, Priority.medium, Status.open),
            new Score(Sentiment.neutral, 50), now.AddMinutes(-38), visitor);
        ticket.Apply(TicketChange.None, new Score(Sentiment.frustrated, 72), now.AddMinutes(-37), Origin.Triage);
        ticket.Apply(TicketChange.None with { Category = Category.technical, Priority = Priority.high }, null, now.AddMinutes(-25), maria);
        ticket.Apply(TicketChange.None with { Title = "CSV export of orders cuts off after 1,000 rows" }, null, now.AddMinutes(-24), maria);
        ticket.Apply(TicketChange.None with { Status = Status.in_progress }, null, now.AddMinutes(-12), maria);
        return ticket;
    }
}
