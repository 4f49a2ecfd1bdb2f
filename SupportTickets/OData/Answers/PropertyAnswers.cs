using System.Globalization;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Answers;

/// <summary>How a single property is written in an answer: as JSON, as text, or not at all (OData 4.01, 11.2.4).</summary>
internal static class PropertyAnswers
{
    /// <summary>The property that a request asks for as JSON; throws when its options or its Accept header rule that out.</summary>
    public static IEdmProperty CheckJson(FeedRequest request)
    {
        _ = AnswerFormat.Json(request);
        return CheckOptions(request);
    }

    /// <summary>The property that a request asks for as text; throws when its options or its Accept header rule that out.</summary>
    public static IEdmProperty CheckText(FeedRequest request)
    {
        if (request.Options.ContainsKey("$format"))
            throw new FeedException(FeedError.BadQuery("A raw value takes no $format.", "$format"));
        if (!AnswerFormat.Takes(request, "text/plain"))
            throw new FeedException(
                FeedError.NotAcceptable with { Message = "A raw value is text/plain; the Accept header rules that out." });
        return CheckOptions(request);
    }

    /// <summary>The property that a request names; throws when the request has options that do not apply to it.</summary>
    public static IEdmProperty CheckOptions(FeedRequest request)
    {
        if (request.Options.Keys.FirstOrDefault(name => name != "$format" && OptionNames.System.Contains(name)) is { } option)
            throw new FeedException(FeedError.BadQuery($"A property does not take {option}.", option));
        return request.Path.OfType<PropertySegment>().Single().Property;
    }

    /// <summary>The value of the property in an entity.</summary>
    public static object? ValueOf(object entity, IEdmProperty property) => entity.GetType().GetProperty(property.Name)!.GetValue(entity);

    /// <summary>Writes JSON; 204 when there is no value.</summary>
    public static Task WriteJsonAsync(FeedRequest request, IEdmProperty property, object? value, ILogger log)
    {
        if (value is null)
        {
            WriteNothing(request);
            return Task.CompletedTask;
        }
        var written = new ODataProperty { Name = property.Name, Value = WrappedRows.Of(value, property.Type.Definition.ToString()) };
        return FeedWriter.WriteAsync(request, null, ODataPayloadKind.Property, (messages, _) => messages.WritePropertyAsync(written), log);
    }

    /// <summary>Writes text; 204 when there is no value.</summary>
    public static Task WriteTextAsync(FeedRequest request, object? value)
    {
        if (value is null)
        {
            WriteNothing(request);
            return Task.CompletedTask;
        }
        request.Http.Response.ContentType = "text/plain; charset=utf-8";
        ProtocolVersion.SetHeaders(request.Http.Response);
        return request.Http.Response.WriteAsync(Text(value), request.Cancel);
    }

    /// <summary>Answers 204.</summary>
    public static void WriteNothing(FeedRequest request)
    {
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        ProtocolVersion.SetHeaders(request.Http.Response);
    }

    private static string Text(object value) => value switch
    {
        DateTime time => time.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
        DateOnly day => day.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
