using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Data;

/// <summary>Declares the tables of a feature. Implementations are found by reflection, so that the data layer names no feature.</summary>
internal interface ITables
{
    /// <summary>Declares the tables.</summary>
    /// <param name="model">The model of the database.</param>
    /// <param name="sql">The SQL dialect of the database.</param>
    void Declare(ModelBuilder model, SqlDialect sql);

    /// <summary>Declares the tables of all features.</summary>
    static void DeclareAll(ModelBuilder model, SqlDialect sql)
    {
        var all = typeof(ITables).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(ITables)));
        foreach (var type in all.OrderBy(type => type.FullName, StringComparer.Ordinal))
            ((ITables)Activator.CreateInstance(type)!).Declare(model, sql);
    }
}
