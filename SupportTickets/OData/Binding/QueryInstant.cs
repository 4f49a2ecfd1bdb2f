using SupportTickets.Core;

namespace SupportTickets.OData.Binding;

/// <summary>
/// The value of <c>now()</c> in one query (OData URL Conventions 4.01, 5.1.1.8): one instant for all uses and all pages. If it
/// moved on between pages, rows sorted by it could be repeated or left out.
/// </summary>
internal sealed class QueryInstant(TimeProvider clock)
{
    private DateTime? _value;

    /// <summary>The instant, UTC.</summary>
    public DateTime Value
    {
        get
        {
            IsUsed = true;
            return _value ??= clock.Now();
        }
    }

    /// <summary>Whether the query uses now().</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Continues with the instant of the first page.</summary>
    public void Continue(DateTime first) => _value = first.ToUniversalTime();
}
