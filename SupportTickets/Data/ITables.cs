using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Data;

/// <summary>Declares the tables of a feature. Implementations are found by reflection, so that the data layer names no feature.</summary>
internal interface ITables
{
    /// <summary>Declares the tables.</summary>
    /// <param name="model">The model of the database.</param>
    /// <param name="db">The context that the model is of: its SQL dialect, and in a query filter its <see cref="Visibility"/>.</param>
    void Declare(ModelBuilder model, TicketDb db);

    /// <summary>Declares the tables of all features.</summary>
    static void DeclareAll(ModelBuilder model, TicketDb db)
    {
        var all = typeof(ITables).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(ITables)));
        foreach (var type in all.OrderBy(type => type.FullName, StringComparer.Ordinal))
            ((ITables)Activator.CreateInstance(type)!).Declare(model, db);
    }
}
