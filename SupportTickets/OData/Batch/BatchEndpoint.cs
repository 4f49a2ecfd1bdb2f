using Microsoft.AspNetCore.Http.Headers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using SupportTickets.Http;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Batch;

/// <summary>
/// POST /odata/$batch: several requests in one (OData 4.01 Protocol 11.7; JSON Format 4.01, 19). Reads the whole batch first, then
/// runs part by part.
/// </summary>
internal static class BatchEndpoint
{
    private const string Json = "application/json", Multipart = "multipart/mixed";

    /// <summary>Answers a batch.</summary>
    /// <param name="request">The batch.</param>
    /// <param name="run">Answers a part, which is a request of its own.</param>
    public static async Task HandleAsync(FeedRequest request, RequestDelegate run)
    {
        var http = request.Http;
        if (BatchRunner.IsPart(http))
            throw new FeedException(FeedError.BadBody("A part of a batch cannot be a batch itself."));
        var type = TypeOf(http.Request);
        var answersJson = AnswersJson(http.Request, type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase));
        var units = await ReadAsync(request, type);
        BatchRules.Check(units, request.Root);

        ProtocolVersion.SetHeaders(http.Response);
        var (preference, continues) = ContinueOnError(http.Request.Headers["Prefer"], otherwise: IsType(type, Json));
        if (preference is not null)
            http.Response.Headers["Preference-Applied"] = preference;
        using BatchWriter writer = answersJson ? new JsonBatchWriter(http.Response) : new MultipartBatchWriter(http.Response);
        await writer.StartAsync(request.Cancel);
        var runner = new BatchRunner(request, run);
        foreach (var unit in units)
        {
            var answers = await runner.RunAsync(unit);
            await writer.WriteAsync(unit, answers, request.Cancel);
            if (answers.Any(a => a.Failed) && !continues)
                break;
        }
        await writer.EndAsync(request.Cancel);
    }

    private static MediaTypeHeaderValue TypeOf(HttpRequest request) =>
        MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && (BodyType.IsUtf8(request, Json) || IsType(type, Multipart))
            ? type
            : throw new FeedException(new(
                StatusCodes.Status415UnsupportedMediaType, "unsupported_media_type",
                "Send a batch as application/json in UTF-8 or as multipart/mixed with a boundary."));

    private static async Task<IReadOnlyList<BatchUnit>> ReadAsync(FeedRequest request, MediaTypeHeaderValue type)
    {
        var limits = request.Feed.Limits;
        await using var body = await RequestBody.ReadAsync(request.Http.Request, request.Cancel);
        if (body.Length > limits.MaxBatchBytes)
            throw BatchLimits.TooLarge(limits);
        return IsType(type, Json) ? JsonBatchReader.Read(body.Bytes(), limits) : MultipartBatchReader.Read(body.Bytes(), type, limits);
    }

    // The answer has the format of the request unless Accept prefers the other one.
    private static bool AnswersJson(HttpRequest request, bool sentJson)
    {
        if (request.Headers.Accept.Count == 0)
            return sentJson;
        var accepted = new RequestHeaders(request.Headers).Accept;
        var (json, multipart) = (Quality(accepted, Json), Quality(accepted, Multipart));
        if (json == 0 && multipart == 0)
            throw new FeedException(
                FeedError.NotAcceptable with
                {
                    Message = "A batch is answered as application/json or multipart/mixed; the Accept header rules both out.",
                });
        return json == multipart ? sentJson : json > multipart;
    }

    // The most specific range decides (RFC 9110, 12.5.1).
    private static double Quality(IList<MediaTypeHeaderValue> accepted, string type)
    {
        var asked = new MediaTypeHeaderValue(type);
        return accepted.Where(a => asked.IsSubsetOf(new MediaTypeHeaderValue(a.MediaType)))
            .OrderBy(a => a.MatchesAllTypes).ThenBy(a => a.MatchesAllSubTypes)
            .Select(a => a.Quality ?? 1).FirstOrDefault();
    }

    // Without the preference all parts of a JSON batch are run (JSON Format 4.01, 19.4), and those of multipart up to the first error.
    private static (string? Applied, bool Continues) ContinueOnError(StringValues prefer, bool otherwise)
    {
        foreach (var preference in prefer.SelectMany(value => (value ?? "").Split([',', ';'], StringSplitOptions.TrimEntries)))
        {
            var parts = preference.Split('=', 2, StringSplitOptions.TrimEntries);
            var name = parts[0].ToLowerInvariant();
            if (name is not ("continue-on-error" or "odata.continue-on-error"))
                continue;
            var value = parts.ElementAtOrDefault(1)?.Trim('"').ToLowerInvariant();
            if (value is null or "true" or "false")
                return (value is null ? name : $"{name}={value}", value != "false");
        }
        return (null, otherwise);
    }

    private static bool IsType(MediaTypeHeaderValue type, string name) => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase);
}
