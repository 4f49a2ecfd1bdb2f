using SupportTickets.Tickets;

namespace SupportTickets.Maintenance;

/// <summary>A kind of ticket that people write.</summary>
/// <param name="Language">The language of the text.</param>
/// <param name="Category">What it is about.</param>
/// <param name="Priority">Its usual priority.</param>
/// <param name="Title">The title, with placeholders like {invoice}.</param>
/// <param name="Body">The description, with placeholders too.</param>
internal sealed record SeedScenario(string Language, Category Category, Priority Priority, string Title, string Body);

/// <summary>The texts of seeded tickets.</summary>
internal static class SeedTexts
{
    /// <summary>The people who answer.</summary>
    public static readonly string[] Agents =
        ["Amara Okafor", "Jonas Weber", "Lucía Romero", "Priya Nair", "Tom Hughes", "Yuki Tanaka", "Zoé Lambert"];

    public static readonly SeedScenario[] Scenarios =
    [
        new("en", Category.billing, Priority.high, "Charged twice for invoice {invoice}",
            "My card ending in {four} was charged {amount} twice for invoice {invoice} on {day}. "
            + "Please refund one of the two payments."),
        new("en", Category.billing, Priority.medium, "Refund for order {order} has not arrived",
            "You confirmed the refund of {amount} for order {order} on {day}, but nothing has reached my account yet. "
            + "How long does it usually take?"),
        new("en", Category.billing, Priority.low, "Need a VAT invoice for {month}",
            "Our accounting department needs an invoice with our VAT number for the {plan} plan in {month}. "
            + "The one in the portal only shows the net amount of {amount}."),
        new("en", Category.billing, Priority.medium, "Price of the {plan} plan went up without notice",
            "We were billed {amount} this month instead of the price we agreed on for the {plan} plan. "
            + "I cannot find any announcement of the change."),
        new("en", Category.billing, Priority.high, "Payment declined, subscription about to end",
            "The renewal of our {plan} plan failed with code {code}. The card is valid and has funds. "
            + "We have {number} people who depend on it until {day}."),
        new("en", Category.technical, Priority.critical, "Whole team locked out since {time}: error {code}",
            "Since {time} nobody in our {city} office can open {product}. Every page ends in error {code}. "
            + "That is {number} people who cannot work at all."),
        new("en", Category.technical, Priority.high, "{product} crashes when exporting to CSV",
            "Exporting more than {number} rows in {product} {version} closes the window with error {code}. "
            + "It worked in the version before. Steps: open a report, choose Export, choose CSV."),
        new("en", Category.technical, Priority.medium, "{product} is very slow in {browser}",
            "Since the update to {version} every page of {product} takes {number} seconds to load in {browser}. "
            + "Other browsers are fine. Clearing the cache did not help."),
        new("en", Category.technical, Priority.medium, "Webhook deliveries fail with status {code}",
            "Our endpoint has been receiving no webhooks since {day}. "
            + "Your delivery log shows status {code}, but our server logs show no request at all. "
            + "Has the sender address changed?"),
        new("en", Category.technical, Priority.high, "Data missing after import of {number} records",
            "We imported {number} records into {product} on {day}. The summary says that all went through, yet about a "
            + "tenth of them cannot be found by search or in any list."),
        new("en", Category.technical, Priority.low, "Typo on the settings page of {product}",
            "The settings page of {product} {version} says \"recieve notifications\". "
            + "A small thing, but our customers see it too."),
        new("en", Category.technical, Priority.critical, "Orders are being lost: API answers {code}",
            "Every request to create an order answers {code} since {time}. We are losing about {amount} an hour. "
            + "Please treat this as an emergency and call us."),
        new("en", Category.technical, Priority.low, "Dark mode of {product} resets itself",
            "{product} forgets my choice of dark mode whenever {browser} restarts. Is there a way to make it stick?"),
        new("en", Category.account, Priority.high, "Cannot sign in: the code never arrives",
            "The sign-in code for my account has not arrived since {day}. "
            + "I checked the spam folder and asked for it {number} times. My colleague in {city} has the same problem."),
        new("en", Category.account, Priority.medium, "Change the owner of our workspace",
            "The owner of our workspace, who set up the {plan} plan, left the company on {day}. "
            + "Please make me the owner; I can send whatever proof you need."),
        new("en", Category.account, Priority.low, "How do I change the e-mail address of my profile?",
            "I moved from the {city} office and my address changed with it. "
            + "The profile page shows the address but does not let me edit it in {browser}."),
        new("en", Category.account, Priority.critical, "Somebody else is using our administrator account",
            "We see sign-ins to our administrator account from {city} at {time} that none of us made. "
            + "Please block the account at once and tell us what was accessed."),
        new("en", Category.account, Priority.medium, "Add {number} seats to our account",
            "We are taking on new people and need {number} more seats on the {plan} plan from {day}. "
            + "Can you add them without a new contract?"),
        new("en", Category.account, Priority.medium, "Please delete my account and all data",
            "I no longer use {product}. Please delete my account together with all personal data, and confirm it in "
            + "writing once it is done."),
        new("en", Category.general, Priority.low, "Do you offer a discount for schools?",
            "We are a school in {city} with {number} pupils and would like to use {product}. "
            + "Is there a price for education?"),
        new("en", Category.general, Priority.low, "Thank you for the quick help with order {order}",
            "I just wanted to say that your colleague solved my problem with order {order} within minutes. "
            + "Much appreciated."),
        new("en", Category.general, Priority.low, "Suggestion: weekly summary by e-mail",
            "It would help our team a lot if {product} sent a summary of the week every Monday. "
            + "Is anything like that planned?"),
        new("en", Category.general, Priority.medium, "Where is our data stored?",
            "Our security department asks in which country the data of {product} is stored and who can read it. "
            + "We need the answer by {day}."),
        new("de", Category.billing, Priority.medium, "Rechnung {invoice} fehlt im Kundenkonto",
            "Die Rechnung {invoice} über {amount} wurde abgebucht, ist aber im Kundenkonto nicht zu finden. "
            + "Bitte schicken Sie sie uns als PDF."),
        new("de", Category.technical, Priority.high, "{product} stürzt beim Drucken ab",
            "Seit dem Update auf {version} stürzt {product} bei jedem Druckauftrag mit Fehler {code} ab. "
            + "Betroffen sind {number} Arbeitsplätze in {city}."),
        new("de", Category.technical, Priority.critical, "Kompletter Ausfall seit {time}",
            "Seit {time} ist {product} für uns nicht erreichbar, Fehler {code}. Die Produktion in {city} steht. "
            + "Bitte sofort um Rückruf!"),
        new("de", Category.account, Priority.medium, "Passwort lässt sich nicht zurücksetzen",
            "Der Link zum Zurücksetzen des Passworts meldet in {browser}, er sei abgelaufen, obwohl ich ihn gerade erst "
            + "angefordert habe."),
        new("de", Category.general, Priority.low, "Frage zu den Öffnungszeiten im {month}",
            "Sind Sie im {month} auch an Feiertagen erreichbar? Wir planen eine Umstellung mit {number} Personen."),
        new("es", Category.billing, Priority.high, "Cobro duplicado del pedido {order}",
            "Me han cobrado dos veces {amount} por el pedido {order}. "
            + "Necesito la devolución de uno de los cargos lo antes posible."),
        new("es", Category.technical, Priority.medium, "La aplicación se queda en blanco en {browser}",
            "Desde el {day}, {product} muestra una página en blanco en {browser} después de iniciar sesión. "
            + "En la consola aparece el error {code}."),
        new("es", Category.account, Priority.high, "No puedo entrar en mi cuenta",
            "No recibo el código de acceso desde el {day}. Ya lo he pedido {number} veces y tengo clientes esperando en "
            + "{city}."),
        new("es", Category.general, Priority.low, "¿Hay descuento para asociaciones?",
            "Somos una asociación de {city} con {number} voluntarios y nos gustaría usar {product}. "
            + "¿Tienen un precio especial?"),
        new("fr", Category.billing, Priority.medium, "Remboursement de la commande {order}",
            "La commande {order} a été annulée le {day}, mais les {amount} n'ont toujours pas été remboursés."),
        new("fr", Category.technical, Priority.high, "Erreur {code} à l'enregistrement",
            "Impossible d'enregistrer un dossier dans {product} {version} : l'erreur {code} apparaît à chaque fois. "
            + "Notre équipe de {city} est bloquée."),
        new("fr", Category.account, Priority.low, "Changer la langue de mon profil",
            "Comment passer {product} en français ? Le réglage revient à l'anglais dès que je ferme {browser}."),
        new("pt", Category.technical, Priority.medium, "Relatórios demoram muito a abrir",
            "Desde a versão {version}, os relatórios de {product} demoram mais de {number} segundos a abrir no {browser}."),
        new("pt", Category.billing, Priority.low, "Segunda via da fatura {invoice}",
            "Preciso da segunda via da fatura {invoice}, no valor de {amount}, para a contabilidade."),
        new("ja", Category.technical, Priority.high, "{product}でエラー{code}が表示されます",
            "{version}に更新してから、{product}を開くたびにエラー{code}が表示されます。"
            + "{number}名が作業できません。至急ご確認ください。"),
        new("ja", Category.account, Priority.medium, "ログインできません",
            "認証コードが届かないため、{day}からログインできません。"
            + "迷惑メールフォルダーも確認しました。"),
    ];

    /// <summary>How people in a mood end their text, for the languages that have such an ending.</summary>
    public static string Closing(string language, Sentiment mood) => (language, mood) switch
    {
        ("en", Sentiment.calm) => " Thanks a lot, and have a nice day!",
        ("en", Sentiment.neutral) => " Thank you.",
        ("en", Sentiment.frustrated) => " This is the second time I am writing about it.",
        ("en", Sentiment.angry) => " This is unacceptable. If it is not solved today we will leave.",
        ("de", Sentiment.calm or Sentiment.neutral) => " Vielen Dank und freundliche Grüße",
        ("de", _) => " Das ist inzwischen wirklich ärgerlich.",
        ("es", Sentiment.calm or Sentiment.neutral) => " Muchas gracias.",
        ("es", _) => " Es la tercera vez que escribo y nadie responde.",
        ("fr", Sentiment.calm or Sentiment.neutral) => " Merci d'avance.",
        ("fr", _) => " C'est inadmissible.",
        _ => "",
    };

    /// <summary>Fills in the placeholders of a text. With the same number, a placeholder gets the same value in title and body.</summary>
    public static string Fill(string text, int number, DateTime createdAt)
    {
        if (!text.Contains('{'))
            return text;
        var random = new Random(number);
        var filled = new System.Text.StringBuilder(text);
        foreach (var (place, value) in Values(random, createdAt))
            filled.Replace(place, value);
        return filled.ToString();
    }

    private static (string Place, string Value)[] Values(Random random, DateTime createdAt) =>
    [
        ("{invoice}", $"{createdAt.Year}-{random.Next(10_000, 99_999)}"),
        ("{order}", $"{random.Next(100_000, 999_999)}"),
        ("{amount}", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"€{random.Next(500, 90_000) / 100m:0.00}")),
        ("{four}", $"{random.Next(10_000):0000}"),
        ("{day}", createdAt.AddDays(-random.Next(1, 12)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)),
        ("{month}", createdAt.AddMonths(-1).ToString("yyyy-MM", System.Globalization.CultureInfo.InvariantCulture)),
        ("{time}", createdAt.AddMinutes(-random.Next(5, 180)).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture)),
        ("{code}", Pick(random, "500", "502", "503", "504", "403", "E-1042", "E-2210", "0x80070005", "TIMEOUT_7", "DB-31")),
        ("{number}", $"{random.Next(3, 400)}"),
        ("{plan}", Pick(random, "Starter", "Team", "Business", "Enterprise")),
        ("{product}", Pick(random, "Ledger", "Planner", "Inbox", "Warehouse", "Reports", "Portal")),
        ("{version}", $"{random.Next(3, 6)}.{random.Next(10)}.{random.Next(20)}"),
        ("{browser}", Pick(random, "Firefox", "Chrome", "Safari", "Edge")),
        ("{city}", Pick(random, "Lisbon", "Kraków", "Nairobi", "Osaka", "Lyon", "Hamburg", "Toronto", "Bogotá", "Leeds", "Pune")),
    ];

    private static string Pick(Random random, params ReadOnlySpan<string> choices) => choices[random.Next(choices.Length)];
}
