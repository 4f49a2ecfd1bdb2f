using Microsoft.EntityFrameworkCore;

namespace SupportTickets.Data;

/// <summary>The tables of a feature. Each class that implements it is found by itself, so that the database names no feature.</summary>
internal interface ITables
{
    /// <summary>Declares them.</summary>
    /// <param name="model">The model of the database.</param>
    /// <param name="sql">The SQL that differs between the two databases, as the one at hand writes it.</param>
    void Declare(ModelBuilder model, SqlDialect sql);

    /// <summary>Declares those of all features.</summary>
    static void DeclareAll(ModelBuilder model, SqlDialect sql)
    {
        var all = typeof(ITables).Assembly.GetTypes().Where(type => type.IsClass && type.IsAssignableTo(typeof(ITables)));
        foreach (var type in all.OrderBy(type => type.FullName, StringComparer.Ordinal))
            ((ITables)Activator.CreateInstance(type)!).Declare(model, sql);
    }
}
