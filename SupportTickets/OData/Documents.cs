using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Net.Http.Headers;
using Microsoft.OData;

namespace SupportTickets.OData;

/// <summary>The two documents that tell programs what there is.</summary>
internal static class Documents
{
    /// <summary>The service document: the entity sets.</summary>
    public static Task WriteServiceAsync(FeedRequest request) =>
        FeedWriter.WriteAsync(request, null, ODataPayloadKind.ServiceDocument, (writer, _) => writer.WriteServiceDocumentAsync(request.Feed.Model.GenerateServiceDocument()));

    /// <summary>$metadata: XML, or JSON when the caller prefers it by Accept or $format.</summary>
    public static async Task WriteMetadataAsync(FeedRequest request)
    {
        var response = request.Http.Response;
        var json = PrefersJson(request.Http.Request);
        var body = json ? request.Feed.MetadataJson : request.Feed.MetadataXml;
        response.ContentType = json ? "application/json" : "application/xml";
        response.ContentLength = body.Length;
        response.Headers["OData-Version"] = "4.0";
        await response.Body.WriteAsync(body, request.Cancel);
    }

    private static bool PrefersJson(HttpRequest request)
    {
        var format = FeedWriter.Format(request);
        if (format is not null)
            return format.Contains("json", StringComparison.OrdinalIgnoreCase) || (format.Contains("xml", StringComparison.OrdinalIgnoreCase) ? false : throw new FeedException(FeedError.NotAcceptable));
        var accepted = new RequestHeaders(request.Headers).Accept;
        return Quality(accepted, "application/json") > Quality(accepted, "application/xml");
    }

    private static double Quality(IList<MediaTypeHeaderValue> accepted, string type) =>
        accepted.Where(a => new MediaTypeHeaderValue(type).IsSubsetOf(new MediaTypeHeaderValue(a.MediaType))).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
}
