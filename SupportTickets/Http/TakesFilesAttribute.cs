using SupportTickets.Configuration;

namespace SupportTickets.Http;

/// <summary>
/// The endpoint takes files, which it reads piece by piece: a body with files may be larger than MAX_REQUEST_BYTES. It refuses a file
/// over its own limit itself, so that what was sent with the file is not lost.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TakesFilesAttribute : Attribute
{
    /// <summary>The most bytes of the body when a request brings files; null for every other request.</summary>
    public static long? Limit(HttpContext context, Settings settings) =>
        context.GetEndpoint()?.Metadata.GetMetadata<TakesFilesAttribute>() is not null && !IsText(context.Request)
            ? settings.MaxRequestBytes + settings.Attachments.MaxTicketBytes
            : null;

    // A form without files.
    private static bool IsText(HttpRequest request) =>
        request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) == true;
}
