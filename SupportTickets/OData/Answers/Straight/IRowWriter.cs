using System.Text.Json;
using SupportTickets.OData.Query;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>Writes what stands between the braces of a row.</summary>
internal interface IRowWriter
{
    /// <summary>Writes the annotations and properties of a row.</summary>
    void Write(Utf8JsonWriter json, PageRow row);
}
