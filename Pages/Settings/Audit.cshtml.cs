using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Access.People;
using SupportTickets.Core;

namespace SupportTickets.Pages.Settings;

/// <summary>The access log. Its filters are in the address.</summary>
[RequiresRight(Right.administer)]
public sealed class AuditModel(AccessLogList log, PeopleList people) : PageModel
{
    /// <summary>The page; null when the address is invalid.</summary>
    public AccessLogPage? Entries { get; private set; }

    /// <summary>The errors in the address.</summary>
    public List<string> Errors { get; } = [];

    /// <summary>The person as entered: a key, or an e-mail address. Shown as the address.</summary>
    public string Person { get; private set; } = "";

    /// <summary>Only this action; null for all.</summary>
    public AccessAction? Act { get; private set; }

    /// <summary>Whether it is not the first page.</summary>
    public bool IsLater { get; private set; }

    /// <summary>Whether anything is filtered.</summary>
    public bool IsFiltered => Person.Length > 0 || Act is not null;

    /// <summary>Shows a page of it.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        var person = await ReadPersonAsync(Last("person").Trim(), cancel);
        if (Last("act") is { Length: > 0 } act)
        {
            if (EnumNames.TryParse<AccessAction>(act, out var known)) Act = known;
            else Errors.Add("There is no such act. Choose one from the list.");
        }
        var before = long.TryParse(Last("before"), out var edge) ? edge : (long?)null;
        if (Errors.Count > 0)
            return new PageResult { StatusCode = StatusCodes.Status400BadRequest };
        IsLater = before is not null;
        Entries = await log.HandleAsync(new(person, Act), before, cancel);
        return Page();
    }

    /// <summary>The address of a page with the same filters.</summary>
    /// <param name="before">The line after which it starts; null for the first page.</param>
    public string UrlOf(long? before)
    {
        var query = new QueryBuilder();
        if (Person.Length > 0) query.Add("person", Person);
        if (Act is { } act) query.Add("act", act.ToString());
        if (before is { } edge) query.Add("before", edge.ToString());
        return $"/settings/audit{query}";
    }

    private string Last(string name) => Request.Query[name] is [.., { } last] ? last : "";

    private async Task<int?> ReadPersonAsync(string text, CancellationToken cancel)
    {
        if (text.Length == 0)
            return null;
        var found = int.TryParse(text, out var id) ? await people.FindAsync(id, cancel) : await people.FindAsync(text, cancel);
        Person = found?.Email ?? text;
        if (found is null)
            Errors.Add("Nobody here has this e-mail address. Check it, or find the person in the list of people.");
        return found?.Id;
    }
}
