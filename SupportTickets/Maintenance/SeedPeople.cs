using System.Globalization;
using System.Text;
using SupportTickets.Tickets;

namespace SupportTickets.Maintenance;

/// <summary>Those who ask for help on a seeded desk.</summary>
internal static class SeedPeople
{
    // So that most people write more than once, and a big desk has many.
    private const int TicketsEach = 8, Most = 20_000;

    private static readonly string[] FirstNames =
    [
        "Ada", "Aylin", "Bruno", "Carmen", "Chidi", "Daniel", "Elif", "Emma", "Farid", "Grace", "Hana", "Ines", "Jamal", "João", "Karin",
        "Kenji", "Lena", "Luca", "Maria", "Mateusz", "Mei", "Nadia", "Noah", "Olga", "Pablo", "Rania", "Sofia", "Stéphane", "Tomás", "Vera",
    ];

    private static readonly string[] LastNames =
    [
        "Abe", "Almeida", "Andersson", "Bauer", "Bianchi", "Cohen", "Costa", "Diallo", "Dubois", "Fischer", "García", "Haddad", "Ito",
        "Jones", "Kaya", "Kowalski", "Lefèvre", "Lindgren", "Mbeki", "Müller", "Novak", "O'Brien", "Okoye", "Patel", "Ramos", "Rossi",
        "Sato", "Silva", "Smith", "Wagner",
    ];

    private static readonly (string Name, string Domain)[] Organizations =
    [
        ("Acme Logistics", "acme.example"), ("Bäckerei Sommer", "sommer.example"), ("Clínica del Sur", "clinica-sur.example"),
        ("Delta Print", "deltaprint.example"), ("École Voltaire", "voltaire.example"), ("Fjord Travel", "fjord.example"),
        ("Green Valley School", "greenvalley.example"), ("Harbour Foods", "harbour.example"), ("Kato Instruments", "kato.example"),
        ("Lumen Architects", "lumen.example"), ("Northwind Traders", "northwind.example"), ("Tecidos Lisboa", "tecidos.example"),
    ];

    /// <summary>The requesters for a number of tickets; the same for the same seed and time. Each has another address.</summary>
    public static IReadOnlyList<Requester> Make(int tickets, int seed, DateTime now)
    {
        var random = new Random(seed);
        var start = now.AddDays(-365);
        return [.. Enumerable.Range(1, Math.Min(Most, Math.Max(1, tickets / TicketsEach))).Select(number => Make(number, random, start))];
    }

    private static Requester Make(int number, Random random, DateTime start)
    {
        var (first, last) = (FirstNames[random.Next(FirstNames.Length)], LastNames[random.Next(LastNames.Length)]);
        var organization = random.Next(10) < 7 ? Organizations[random.Next(Organizations.Length)] : default((string Name, string Domain)?);
        var email = string.Create(
            CultureInfo.InvariantCulture, $"{Plain(first)}.{Plain(last)}{number}@{organization?.Domain ?? "mail.example"}");
        return new()
        {
            Name = $"{first} {last}",
            Email = email,
            NormalizedEmail = Requester.Normalized(email),
            Organization = organization?.Name,
            CreatedAt = start,
        };
    }

    private static string Plain(string name) => string.Concat(
        name.ToLowerInvariant().Normalize(NormalizationForm.FormD).Where(char.IsAsciiLetter));
}
