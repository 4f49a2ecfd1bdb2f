using Microsoft.OData;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Answers;

/// <summary>The two documents that describe the feed to programs.</summary>
internal static class Documents
{
    /// <summary>The service document: the entity sets.</summary>
    public static Task WriteServiceAsync(FeedRequest request) =>
        FeedWriter.WriteAsync(
            request, null, ODataPayloadKind.ServiceDocument,
            (writer, _) => writer.WriteServiceDocumentAsync(request.Feed.Model.GenerateServiceDocument()));

    /// <summary>$metadata: XML, or JSON when the caller prefers it by Accept or $format.</summary>
    public static async Task WriteMetadataAsync(FeedRequest request)
    {
        var response = request.Http.Response;
        var json = AnswerFormat.PrefersJsonMetadata(request);
        var body = json ? request.Feed.MetadataJson : request.Feed.MetadataXml;
        response.ContentType = json ? "application/json" : "application/xml";
        response.ContentLength = body.Length;
        ProtocolVersion.SetHeaders(response);
        await response.Body.WriteAsync(body, request.Cancel);
    }
}
