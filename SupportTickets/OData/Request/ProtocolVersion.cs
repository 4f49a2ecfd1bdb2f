using System.Globalization;
using Microsoft.OData;
using SupportTickets.Http;
using SupportTickets.OData.Errors;

namespace SupportTickets.OData.Request;

/// <summary>The protocol version of a request and of its answer (OData 4.01, 8.1.5, 8.2.6 and 8.2.7).</summary>
internal static class ProtocolVersion
{
    /// <summary>
    /// The version of the answer: 4.0, or 4.01 when <c>OData-MaxVersion</c> allows it. Errors have one too, so this never fails.
    /// </summary>
    public static ODataVersion Of(HttpRequest request) =>
        Number(request.Headers["OData-MaxVersion"].ToString()) >= 4.01m ? ODataVersion.V401 : ODataVersion.V4;

    /// <summary>
    /// Sets the OData-Version of an answer, and the Vary header, so that a cache keeps representations apart (OData 4.01, 8.3, Vary).
    /// </summary>
    public static void SetHeaders(HttpResponse response)
    {
        response.Headers["OData-Version"] = ODataUtils.ODataVersionToString(Of(response.HttpContext.Request));
        response.VaryBy("OData-MaxVersion", "Prefer", "Accept");
    }

    /// <summary>Whether the body of a request follows 4.01.</summary>
    public static bool IsBodyOf401(HttpRequest request) => Number(request.Headers["OData-Version"].ToString()) == 4.01m;

    /// <summary>Refuses versions that cannot be answered or read.</summary>
    public static void Check(HttpRequest request)
    {
        if (request.Headers["OData-MaxVersion"] is { Count: > 0 } max && !(Number(max.ToString()) >= 4.0m))
            throw new FeedException(FeedError.BadHeader("OData-MaxVersion", "This feed speaks OData 4.0 and 4.01."));
        if (request.Headers["OData-Version"] is { Count: > 0 } version && Number(version.ToString()) is not (4.0m or 4.01m))
            throw new FeedException(FeedError.BadHeader("OData-Version", "This feed reads OData 4.0 and 4.01."));
    }

    /// <summary>Refuses a request that asks for isolation, which is not offered (OData 4.01, 8.2.5; OData-Isolation in 4.0).</summary>
    public static void CheckIsolation(HttpRequest request)
    {
        if (request.Headers.ContainsKey("Isolation") || request.Headers.ContainsKey("OData-Isolation"))
        {
            throw new FeedException(new(StatusCodes.Status412PreconditionFailed, "isolation_not_offered",
                "Requests are not isolated from each other here: leave the header out.", "Isolation"));
        }
    }

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
