namespace SupportTickets.Triage;

/// <summary>
/// What the categories, priorities, sentiments and urgencies mean: the same words for the provider, for whoever labels training data, and
/// in docs/triage/quality.md.
/// </summary>
public static class Meanings
{
    /// <summary>The categories. What the person needs decides, not the words they use.</summary>
    public const string Categories =
        "billing (invoices, charges, refunds, payment methods, prices, plans, tax), "
        + "technical (something does not work, errors, outages, performance, integrations), "
        + "account (sign-in, passwords, two-factor, permissions, profile data, closing or transferring an account, takeover) "
        + "or general (all else). What the person needs decides, not the words they use";

    /// <summary>The priorities. Facts decide, not the tone.</summary>
    public const string Priorities =
        "critical (business stopped, many affected, data loss, security, safety, a legal deadline today), "
        + "high (something important is blocked with no way around it, or a deadline soon), "
        + "medium (a normal defect or annoyance) "
        + "or low (a question, wish, praise, or cosmetic). Facts decide, not the tone or what the person claims";

    /// <summary>The sentiments. The tone decides, not how grave the matter is.</summary>
    public const string Sentiments =
        "calm (friendly, content, at ease), neutral (matter of fact, no mood to be read), frustrated (annoyed, worried, disappointed) "
        + "or angry (furious, insulting, threatening, bitter). The tone decides, not how grave the matter is";

    /// <summary>The urgency scores, by the same facts as the priorities.</summary>
    public const string Urgencies = "0 to 30 for what is low, 30 to 60 medium, 60 to 90 high, 90 to 100 critical";
}
