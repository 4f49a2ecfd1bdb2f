namespace SupportTickets.OData.Answers.Straight;

/// <summary>What the caller asked for that changes the JSON of a row.</summary>
/// <param name="HasMetadata">Whether annotations are written (metadata=minimal).</param>
/// <param name="IsOf401">Whether they are spelled as in OData 4.01: without <c>odata.</c>, and primitive types without a hash.</param>
/// <param name="LongsAsText">Whether 64-bit integers and decimals are strings (IEEE754Compatible).</param>
/// <param name="OmitsNulls">Whether properties without a value are omitted.</param>
internal sealed record RowFormat(bool HasMetadata, bool IsOf401, bool LongsAsText, bool OmitsNulls)
{
    /// <summary>The name of an annotation.</summary>
    public string Annotation(string name, string ofProperty = "") => $"{ofProperty}@{(IsOf401 ? "" : "odata.")}{name}";
}
