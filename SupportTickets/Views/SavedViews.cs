using Microsoft.EntityFrameworkCore;
using SupportTickets.Access;
using SupportTickets.Access.Log;
using SupportTickets.Core;
using SupportTickets.Data;

namespace SupportTickets.Views;

/// <summary>A view to save, as received.</summary>
/// <param name="Name">The name.</param>
/// <param name="Address">The address of the list.</param>
/// <param name="IsShared">Whether everybody sees it.</param>
public sealed record ViewInput(string? Name, string? Address, bool IsShared);

/// <summary>A view as a caller sees it.</summary>
/// <param name="Id">See <see cref="SavedView.Id"/>.</param>
/// <param name="Name">See <see cref="SavedView.Name"/>.</param>
/// <param name="Address">See <see cref="SavedView.Address"/>.</param>
/// <param name="IsShared">See <see cref="SavedView.IsShared"/>.</param>
/// <param name="IsMine">Whether the caller owns it.</param>
/// <param name="Owner">The name of its owner.</param>
/// <param name="Version">See <see cref="SavedView.Version"/>.</param>
public sealed record ViewRow(int Id, string Name, string Address, bool IsShared, bool IsMine, string Owner, int Version)
{
    /// <summary>The list that it stands for. The stored address is parsed like any other, so it can lead to nothing but the list.</summary>
    public ListQuery Query => ListQuery.Parse(Address, []);
}

/// <summary>There is no such view, or the caller may not see it.</summary>
public sealed record ViewNotFound : Problem;

/// <summary>The view changed since the caller read it; nothing was written.</summary>
public sealed record StaleView : Problem;

/// <summary>The caller may not do this with views; nothing was written.</summary>
public sealed record ViewRefused : Problem;

/// <summary>
/// The caller's own views and the shared ones. Everybody who signs in can save views. Everybody sees a shared view, so sharing or
/// changing one needs the right to change tickets, even for its owner. An administrator may stop the sharing of any view.
/// </summary>
public sealed class SavedViews(TicketDb db, AccessLog log, TimeProvider clock)
{
    /// <summary>The most views of a person.</summary>
    public const int Max = 50;

    /// <summary>The most shared views of the desk.</summary>
    public const int MaxShared = 50;

    /// <summary>The views that the caller sees: their own first, then the shared ones, both by name.</summary>
    public Task<List<ViewRow>> ListAsync(Caller by, CancellationToken cancel)
    {
        var me = by.PersonId ?? 0;
        var views = db.SavedViews.AsNoTracking();
        return views.Where(v => v.OwnerId == me).Concat(views.Where(v => v.IsShared && v.OwnerId != me))
            .OrderByDescending(v => v.OwnerId == me).ThenBy(v => v.Name).ThenBy(v => v.Id)
            .Take(Max + MaxShared)
            .Select(v => new ViewRow(v.Id, v.Name, v.Address, v.IsShared, v.OwnerId == me, v.Owner!.Name, v.Version))
            .ToListAsync(cancel);
    }

    /// <summary>Saves a new view.</summary>
    /// <returns>The view, or <see cref="InvalidInput"/> about "view" (its name), "address" or "shared",
    /// <see cref="ViewRefused"/>.</returns>
    public async Task<Result<SavedView>> SaveAsync(Caller by, ViewInput input, CancellationToken cancel)
    {
        if (by.PersonId is not { } owner || (input.IsShared && !by.May(Right.write)))
            return new ViewRefused();
        var errors = new List<FieldError>();
        var name = Name(errors, input.Name);
        var address = Address(by, errors, input.Address);
        if (await db.SavedViews.CountAsync(v => v.OwnerId == owner, cancel) >= Max)
            errors.Add(new("view", FieldErrorCode.TooMany, "Too many views."));
        if (input.IsShared) await CheckRoomAsync(errors, cancel);
        if (errors.Count > 0)
            return new InvalidInput(errors);

        var view = new SavedView { OwnerId = owner, Name = name!, Address = address!, IsShared = input.IsShared, CreatedAt = clock.Now() };
        db.SavedViews.Add(view);
        log.Add(by, AccessAction.view_saved, about: Words(view));
        return await StoreAsync(view, cancel);
    }

    /// <summary>Renames a view, shares it, or stops sharing it.</summary>
    /// <param name="by">Its owner, or, to stop sharing it, an administrator.</param>
    /// <param name="id">See <see cref="SavedView.Id"/>.</param>
    /// <param name="version">The version that the caller saw.</param>
    /// <param name="name">The new name; null leaves it.</param>
    /// <param name="isShared">Whether everybody sees it; null leaves that as it is.</param>
    /// <param name="cancel">Cancelled when the caller goes away.</param>
    /// <returns>The view, or <see cref="InvalidInput"/>, <see cref="ViewNotFound"/>, <see cref="StaleView"/>,
    /// <see cref="ViewRefused"/>.</returns>
    public async Task<Result<SavedView>> ChangeAsync(Caller by, int id, int version, string? name, bool? isShared, CancellationToken cancel)
    {
        var unshares = name is null && isShared == false && by.May(Right.administer);
        if (!(await FindAsync(by, id, version, orShared: unshares, cancel)).Succeeded(out var view, out var problem))
            return problem;
        if ((view.IsShared || isShared == true) && !by.May(Right.write))
            return new ViewRefused();
        var shares = isShared == true && !view.IsShared;
        var errors = new List<FieldError>();
        var next = name is null ? view.Name : Name(errors, name);
        if (shares) await CheckRoomAsync(errors, cancel);
        if (errors.Count > 0)
            return new InvalidInput(errors);
        if (next == view.Name && (isShared ?? view.IsShared) == view.IsShared)
            return view;

        (view.Name, view.IsShared) = (next!, isShared ?? view.IsShared);
        view.Version++;
        log.Add(by, AccessAction.view_changed, about: Words(view));
        return await StoreAsync(view, cancel);
    }

    /// <summary>Deletes a view of the caller.</summary>
    /// <returns>What was deleted, or <see cref="ViewNotFound"/>, <see cref="StaleView"/>, <see cref="ViewRefused"/>.</returns>
    public async Task<Result<SavedView>> DeleteAsync(Caller by, int id, int version, CancellationToken cancel)
    {
        if (!(await FindAsync(by, id, version, orShared: false, cancel)).Succeeded(out var view, out var problem))
            return problem;
        if (view.IsShared && !by.May(Right.write))
            return new ViewRefused();
        db.SavedViews.Remove(view);
        log.Add(by, AccessAction.view_deleted, about: Words(view));
        return await StoreAsync(view, cancel);
    }

    private async Task<Result<SavedView>> FindAsync(Caller by, int id, int version, bool orShared, CancellationToken cancel)
    {
        var view = await db.SavedViews.SingleOrDefaultAsync(
            v => v.Id == id && (v.OwnerId == by.PersonId || (orShared && v.IsShared)), cancel);
        if (view is null)
            return new ViewNotFound();
        return view.Version == version ? view : new StaleView();
    }

    private async Task CheckRoomAsync(List<FieldError> errors, CancellationToken cancel)
    {
        if (await db.SavedViews.CountAsync(v => v.IsShared, cancel) >= MaxShared)
            errors.Add(new("shared", FieldErrorCode.TooMany, "Too many shared views."));
    }

    // The database decides whether the name is taken, and whether the row is still the one that was read.
    private async Task<Result<SavedView>> StoreAsync(SavedView view, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return view;
        }
        catch (DbUpdateConcurrencyException)
        {
            return new StaleView();
        }
        catch (DbUpdateException error) when (DatabaseConflict.Is(error))
        {
            return new InvalidInput([new("view", FieldErrorCode.Taken, "This name is taken.")]);
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    private static string? Name(List<FieldError> errors, string? name) =>
        VisibleText.Name(errors, "view", name, SavedView.MaxNameLength);

    private static string? Address(Caller by, List<FieldError> errors, string? supplied)
    {
        var wrong = new List<string>();
        var query = ListQuery.Parse(supplied ?? "", wrong);
        if (query.Filter(by, wrong) is null)
            errors.Add(new("address", FieldErrorCode.NotAChoice, "Not the address of a list."));
        else if (query.Url.Length > SavedView.MaxAddressLength)
        {
            errors.Add(new("address", FieldErrorCode.TooLong,
                $"Ensure this field has no more than {SavedView.MaxAddressLength} characters."));
        }
        return query.Url;
    }

    private static string Words(SavedView view) => view.IsShared ? $"{view.Name} (shared)" : view.Name;
}

/// <summary>Registers saved views.</summary>
public static class ViewsFeature
{
    /// <summary>Adds the handlers.</summary>
    public static IServiceCollection AddViews(this IServiceCollection services) => services.AddScoped<SavedViews>();
}
