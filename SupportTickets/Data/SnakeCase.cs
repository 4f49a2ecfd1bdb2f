using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace SupportTickets.Data;

/// <summary>Names columns, keys and indexes in lower case with underscores, so that nobody has to quote them in psql.</summary>
internal static class SnakeCase
{
    public static void Apply(IMutableModel model)
    {
        foreach (var entity in model.GetEntityTypes())
        {
            foreach (var property in entity.GetProperties())
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
            if (entity.GetViewName() is not null)
                continue; // EF makes no keys and indexes for it
            var table = entity.GetTableName();
            foreach (var key in entity.GetKeys())
                key.SetName($"pk_{table}");
            foreach (var key in entity.GetForeignKeys())
                key.SetConstraintName($"fk_{table}_{Columns(key.Properties)}");
            foreach (var index in entity.GetIndexes())
            {
                var name = $"ix_{table}_{Columns(index.Properties)}";
                index.SetDatabaseName(index.Name ?? name[..Math.Min(60, name.Length)]);
            }
        }
    }

    private static string Columns(IEnumerable<IMutableProperty> properties) => string.Join('_', properties.Select(p => p.GetColumnName()));
}
