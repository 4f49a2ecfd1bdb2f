using SupportTickets.Core;

namespace SupportTickets.OData.Binding;

/// <summary>
/// What <c>now()</c> is in one query (OData URL Conventions 4.01, 5.1.1.8): one instant, wherever it stands and however many pages the
/// answer has. If it moved on, a row sorted by it would lie behind itself on the next page.
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

    /// <summary>Whether the query has now() in it.</summary>
    public bool IsUsed { get; private set; }

    /// <summary>Goes on with the instant of the first page.</summary>
    public void Continue(DateTime first) => _value = first.ToUniversalTime();
}
