using SupportTickets.Tickets;

namespace SupportTickets.Maintenance;

/// <summary>
/// What is said about seeded tickets: by agents, among themselves, and by those who ask. Placeholders are those of the ticket.
/// </summary>
internal static class SeedReplies
{
    // By category, the texts of one conversation.
    private sealed record Lines(string[] First, string[] Note, string[] Answer, string[] Last, string[] Tags);

    private static readonly Dictionary<Category, Lines> English = new()
    {
        [Category.billing] = new(
            [
                "Thank you for writing. I have found the payment of {amount} and am checking it with our accountants. "
                    + "You will hear from me today.",
                "I am sorry for the confusion. Could you send me the last four digits of the card and the date of the booking?",
                "I see the invoice and understand what went wrong. I have asked for a correction and will write again soon.",
            ],
            [
                "Payment provider shows two captures, the second one without an order. Refund of {amount} requested.",
                "Customer is on the {plan} plan since spring. The price was agreed by mail, see the contract.",
                "Accounting answers by noon. Do not promise a date before that.",
            ],
            ["The booking is from {day}. The card ends in {four}.", "Thank you, that was quick. Please send the confirmation too.",
                "Nothing has arrived yet. Could you look again?"],
            [
                "The refund of {amount} left today. Depending on your bank it takes three to five days.",
                "The corrected invoice is in your account now, under Billing. I am closing this, but write back if anything is missing.",
            ],
            ["refund", "invoice", "vat", "pricing"]),
        [Category.technical] = new(
            [
                "Thank you for the report. I can see the error {code} in our logs from {time} on. We are looking for the cause now.",
                "I could repeat it in {browser}. Until it is mended, a private window works. May I ask which version you use?",
                "Sorry for the trouble. Please send me the time of one failed attempt, then I can find it in the logs.",
            ],
            [
                "Same stack trace as last week:\n\n```\nTimeoutException: no connection within 00:00:15\n   at Pool.Rent()\n```\n\n"
                    + "The pool is too small since {version}.",
                "Handed to the team of {product}. They have it in the sprint.",
                "Several customers in {city} have this. Could be the network there.",
            ],
            ["It is version {version}, and it happened again a minute ago.", "In another browser it works. That helps for today.",
                "Still the same after the restart, with {code} again."],
            [
                "The fix is in version {version}, which is live since this morning. Please reload the page.",
                "The cause was a setting on our side, and it is corrected. Nothing was lost. Thank you for your patience.",
            ],
            ["bug", "outage", "export", "performance"]),
        [Category.account] = new(
            [
                "I can help with that. For your safety, please confirm from the address of the account that the change is yours.",
                "I have sent you a new code. It holds for ten minutes; please look into the spam folder too.",
                "Thank you. I have passed the request on and keep an eye on it.",
            ],
            ["Identity confirmed by phone.", "Mail server refused our codes: their filter has us on a list since {day}.",
                "Owner left the company; form signed by their manager is on file."],
            ["I confirm that it is mine.", "The code came now, thank you.", "It says that the link has expired."],
            [
                "The change is made. Please sign out once and in again so that you see it.",
                "Your account is open again, and I have ended all other sessions. Please choose a new password.",
            ],
            ["login", "security", "seats"]),
        [Category.general] = new(
            [
                "Thank you for asking. The short answer is yes; I am sending you the details below.",
                "Thank you for writing. I am reading up on it and come back to you today.",
                "Good question. I have asked the colleagues who know, and come back to you this week.",
            ],
            ["Asked product about it. It is on the list for next quarter.", "Third request for this in a month."],
            ["That is helpful, thank you.", "We are {number} people, if that matters for the price."],
            ["I hope that answers it. If not, just reply to this.", "It is planned, without a date yet. I have added your vote."],
            ["question", "feedback", "idea"]),
    };

    // Agents answer in the language of the ticket; notes are in English everywhere.
    private static readonly Dictionary<string, (string[] First, string[] Answer, string[] Last)> Others = new()
    {
        ["de"] = (
            ["Vielen Dank für Ihre Nachricht. Ich sehe mir das an und melde mich heute noch.", "Das tut mir leid. Seit wann tritt es auf?"],
            ["Seit {day}, etwa um {time}.", "Danke, das ging schnell."],
            ["Das ist jetzt behoben. Bitte melden Sie sich, falls noch etwas fehlt.", "Erledigt. Vielen Dank für Ihre Geduld!"]),
        ["es"] = (["Gracias por escribirnos. Lo estoy revisando y le respondo hoy mismo."],
            ["Sigue igual desde el {day}.", "Muchas gracias."],
            ["Ya está resuelto. Si necesita algo más, responda a este mensaje."]),
        ["fr"] = (["Merci pour votre message. Je regarde cela et je reviens vers vous aujourd'hui."],
            ["Toujours rien depuis le {day}.", "Merci !"],
            ["C'est réglé. N'hésitez pas à répondre s'il reste une question."]),
        ["pt"] = (["Obrigado pelo contacto. Estou a verificar e respondo ainda hoje."], ["Continua igual.", "Obrigada!"],
            ["Já está resolvido. Se precisar de mais alguma coisa, responda a esta mensagem."]),
        ["ja"] = (["お問い合わせありがとうございます。確認のうえ、本日中にご連絡いたします。"], ["{day}から同じ状態です。", "ありがとうございます。"],
            ["対応が完了しました。ほかにご不明な点がございましたらご返信ください。"]),
    };

    /// <summary>All tags, in their order.</summary>
    public static readonly IReadOnlyList<string> AllTags = [.. English.Values.SelectMany(lines => lines.Tags), "vip", "follow-up"];

    /// <summary>The first answer of an agent.</summary>
    public static string First(Random random, SeedScenario about) =>
        Pick(random, Others.TryGetValue(about.Language, out var other) ? other.First : English[about.Category].First);

    /// <summary>A note among agents.</summary>
    public static string Note(Random random, SeedScenario about) => Pick(random, English[about.Category].Note);

    /// <summary>What the requester answers.</summary>
    public static string Answer(Random random, SeedScenario about) =>
        Pick(random, Others.TryGetValue(about.Language, out var other) ? other.Answer : English[about.Category].Answer);

    /// <summary>What an agent writes when it is done.</summary>
    public static string Last(Random random, SeedScenario about) =>
        Pick(random, Others.TryGetValue(about.Language, out var other) ? other.Last : English[about.Category].Last);

    /// <summary>A tag that fits; now and then one that fits everywhere.</summary>
    public static string Tag(Random random, SeedScenario about) =>
        random.Next(12) == 0 ? AllTags[^(1 + random.Next(2))] : Pick(random, English[about.Category].Tags);

    private static string Pick(Random random, string[] texts) => texts[random.Next(texts.Length)];
}
