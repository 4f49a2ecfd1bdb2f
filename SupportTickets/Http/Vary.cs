namespace SupportTickets.Http;

/// <summary>Sets the Vary header: the request headers that an answer depends on (RFC 9110, 12.5.5).</summary>
internal static class Vary
{
    /// <summary>Adds request headers to those already named.</summary>
    public static void VaryBy(this HttpResponse response, params string[] names)
    {
        var named = response.Headers.GetCommaSeparatedValues("Vary");
        response.Headers.Vary = string.Join(", ", named.Union(names, StringComparer.OrdinalIgnoreCase));
    }
}
