namespace SupportTickets.Http;

/// <summary>Which headers of a request its answer goes by (RFC 9110, 12.5.5).</summary>
internal static class Vary
{
    /// <summary>Adds headers to those that an answer names already.</summary>
    public static void VaryBy(this HttpResponse response, params string[] names)
    {
        var named = response.Headers.GetCommaSeparatedValues("Vary");
        response.Headers.Vary = string.Join(", ", named.Union(names, StringComparer.OrdinalIgnoreCase));
    }
}
