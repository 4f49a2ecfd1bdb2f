using System.Buffers;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.UriParser;
using Microsoft.OData.UriParser.Aggregation;
using SupportTickets.Data;
using SupportTickets.OData.Answers.Straight;
using SupportTickets.OData.Apply;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Answers;

/// <summary>
/// Writes answers row by row as the database gives them: plain rows straight (<see cref="StraightRows"/>), everything else with the
/// library's serializers. A failure becomes an error answer as long as nothing was sent, and cuts the connection afterwards: a client
/// never gets half an answer that looks complete.
/// </summary>
internal static class FeedWriter
{
    /// <summary>Rows between two flushes: the writer keeps in memory what is not flushed.</summary>
    private const int FlushEvery = 100;

    /// <summary>Writes a page. The enumerator is already at the first row; null when there is none.</summary>
    public static Task WriteSetAsync(FeedRequest request, FeedQuery query, IAsyncEnumerator<PageRow>? rows, long? count, ILogger log)
    {
        request.Preferences.Applied(request.Http.Response, request.PageSize, query.Mark is not null);
        var (select, apply) = query.Context;
        var frame = count is null && rows is not null ? AnswerFrame.Find(request, query) : null;
        if (frame?.Rows is { } known)
            return FramedWriter.WriteSetAsync(request, query, rows!, frame, known, log);
        return WriteAsync(request, select, ODataPayloadKind.ResourceSet, async answer =>
        {
            var writer = await answer.Messages.CreateODataResourceSetWriterAsync(request.Set, request.Set.EntityType);
            var set = new ODataResourceSet { Count = count };
            await writer.WriteStartAsync(set);
            var straight = rows is null ? null : await StraightRows.OfAsync(request, query, answer, ByLibraryAsync);
            var (written, last) = rows is null ? (0, null)
                : straight is not null ? await WriteStraightAsync(query, rows, straight, writer, answer.Body, Learn)
                : await WriteRowsAsync(request, query, rows, writer, answer);
            if (last is not null)
                set.NextPageLink = request.NextLink(room => query.TokenAfter(last, written, count, room));
            else if (query.ChangesToken is { } token)
                set.DeltaLink = request.DeltaLink(token);
            await writer.WriteEndAsync();

            Task ByLibraryAsync(object entity, ODataWriter to) => Library(request, query, answer)(entity, to);

            void Learn(ReadOnlySpan<byte> head)
            {
                if (count is null)
                    AnswerFrame.Learn(request, query, new(request.Http.Response.ContentType!, head.ToArray()) { Rows = straight });
            }
        }, log, apply, withoutLinks: !query.GivesEntities);
    }

    /// <summary>Writes one entity, whole or reduced by $select, with its ETag.</summary>
    public static Task WriteEntityAsync(FeedRequest request, object entity, FeedQuery? query, ILogger log)
    {
        ETags.SetHeader(request, entity);
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) request.Preferences.Applied(request.Http.Response);
        else request.Preferences.AppliedToWrite(request.Http.Response);
        if (query is not null && AnswerFrame.Find(request, query) is { Entity: { } known } frame)
            return FramedWriter.WriteEntityAsync(request, entity, frame, known, log);
        return WriteAsync(request, query?.Context.Select, ODataPayloadKind.Resource, async answer =>
        {
            var writer = await answer.Messages.CreateODataResourceWriterAsync(request.Set, request.Set.EntityType);
            if (StraightRows.Entity(request, query, answer) is { } straight)
                await WriteStraightAsync(entity, straight, writer, request.Set.EntityType, answer.Body, head =>
                {
                    if (query is not null)
                        AnswerFrame.Learn(request, query, new(request.Http.Response.ContentType!, head.ToArray()) { Entity = straight });
                });
            else
                await Library(request, query, answer)(entity, writer);
        }, log);
    }

    /// <summary>Writes some properties of an entity type whose values do not come from an entity; without an ETag.</summary>
    public static Task WritePartAsync(FeedRequest request, IReadOnlyList<(string Name, object Value)> properties)
    {
        request.Preferences.AppliedToWrite(request.Http.Response);
        var type = request.Set.EntityType;
        var options = new Dictionary<string, string> { ["$select"] = string.Join(',', properties.Select(p => p.Name)) };
        var select = new ODataQueryOptionParser(request.Feed.Model, type, request.Set, options).ParseSelectAndExpand();
        return WriteAsync(request, select, ODataPayloadKind.Resource, async answer =>
        {
            var writer = await answer.Messages.CreateODataResourceWriterAsync(request.Set, type);
            await writer.WriteStartAsync(new ODataResource
            {
                TypeName = type.FullTypeName(),
                Properties = [.. properties.Select(p => new ODataProperty { Name = p.Name, Value = WrappedRows.Of(p.Value, null) })],
            });
            await writer.WriteEndAsync();
        }, withoutLinks: true);
    }

    /// <summary>Writes one value of a complex type, including nested values.</summary>
    public static Task WriteComplexAsync(FeedRequest request, object value, IEdmComplexType type, ILogger log) =>
        WriteAsync(request, null, ODataPayloadKind.Resource, async (messages, level) =>
        {
            var reference = new EdmComplexTypeReference(type, isNullable: false);
            var serializer = request.Parts.GetRequiredService<IODataSerializerProvider>().GetEdmTypeSerializer(reference);
            var writer = await messages.CreateODataResourceWriterAsync(null, type);
            await serializer.WriteObjectInlineAsync(value, reference, writer, Context(request, null, [], level));
        }, log);

    /// <summary>Negotiates the format, then writes through <paramref name="write"/>.</summary>
    public static Task WriteAsync(
        FeedRequest request, SelectExpandClause? selectExpand, ODataPayloadKind kind,
        Func<ODataMessageWriter, ODataMetadataLevel, Task> write, ILogger? log = null) =>
        WriteAsync(request, selectExpand, kind, answer => write(answer.Messages, answer.Level), log);

    /// <summary>Negotiates the format, then writes through <paramref name="write"/>, which gets the open answer.</summary>
    internal static async Task WriteAsync(
        FeedRequest request, SelectExpandClause? selectExpand, ODataPayloadKind kind,
        Func<OpenAnswer, Task> write, ILogger? log = null, ApplyClause? apply = null,
        bool withoutLinks = false)
    {
        var response = request.Http.Response;
        var settings = request.Parts.GetRequiredService<ODataMessageWriterSettings>();
        (settings.BaseUri, settings.Version) = (request.Root, request.Version);
        settings.Validations &= ~ValidationKinds.ThrowOnUndeclaredPropertyForNonOpenType;
        settings.ODataUri = new ODataUri { ServiceRoot = request.Root, Path = request.Path, SelectAndExpand = selectExpand, Apply = apply };
        var accept = AnswerFormat.Json(request);
        // Rows of $apply have no key and so no links. The library fails when it has to compute links for them.
        if (withoutLinks) accept = accept.Replace("metadata=full", "metadata=minimal", StringComparison.OrdinalIgnoreCase);
        // In 4.0 only the context URL tells that an entity is removed. The standard requires it whatever metadata level is
        // requested (OData JSON Format 4.01, 15.3).
        if (request.AsksForChanges && request.Version == ODataVersion.V4)
            accept = accept.Replace("metadata=none", "metadata=minimal", StringComparison.OrdinalIgnoreCase);
        settings.SetContentType(accept, "utf-8");

        var body = new StoppableStream(response.Body);
        var messages = new ODataMessageWriter(new ResponseMessage(response, body, request.Parts), settings, request.Feed.Model);
        try
        {
            ODataUtils.SetHeadersForPayload(messages, kind);
            var type = response.ContentType ?? "";
            response.ContentType = AnswerFormat.Spelled(type, request);
            ProtocolVersion.SetHeaders(response);
            var level = type.Contains("metadata=full", StringComparison.Ordinal) ? ODataMetadataLevel.Full
                : type.Contains("metadata=none", StringComparison.Ordinal) ? ODataMetadataLevel.None : ODataMetadataLevel.Minimal;
            var longsAsText = type.Contains("IEEE754Compatible=true", StringComparison.Ordinal);
            await write(new(messages, settings, level, longsAsText, body));
            await messages.DisposeAsync();
            await body.SendAsync();
        }
        catch (Exception error)
        {
            body.Stop();
            await messages.DisposeAsync();
            Fail(request, error, log);
        }
    }

    /// <summary>
    /// Ends an answer that failed: throws while it can still become an error, and cuts the connection when a part of it is sent.
    /// </summary>
    internal static void Fail(FeedRequest request, Exception error, ILogger? log)
    {
        if (!request.Http.Response.HasStarted)
        {
            if (QueryFailures.OfRow(error) is { } problem)
                throw problem;
            ExceptionDispatchInfo.Throw(error);
        }
        if (StatementTimeout.Is(error))
            log?.LogWarning("An answer of the feed was cut off: the database gave no further row within STATEMENT_TIMEOUT_SECONDS");
        else if (error is not OperationCanceledException)
            log?.LogError(error, "An answer of the feed was cut off by an error");
        request.Http.Abort();
    }

    /// <summary>Writes the rows of a page with the library. The enumerator is already at the first one.</summary>
    /// <returns>How many rows were written, and the last of them if more follow.</returns>
    internal static Task<(int Written, PageRow? Last)> WriteRowsAsync(
        FeedRequest request, FeedQuery query, IAsyncEnumerator<PageRow> rows, ODataWriter writer, OpenAnswer answer)
    {
        var library = Library(request, query, answer);
        var written = 0;
        return EachAsync(query, rows, answer.Body, async row =>
        {
            if (row.Item is Cells cells)
                await WrappedRows.WriteAsync(
                    writer, cells, query.Columns(row.Part), request.Set.EntityType, request.Preferences.OmitsNulls, answer.Level);
            else
                await library(row.Item, writer);
            if (++written % FlushEvery == 0)
                await writer.FlushAsync();
        });
    }

    // The library has written the beginning of the answer; it is held together with the rows, and the library writes the end.
    private static async Task<(int Written, PageRow? Last)> WriteStraightAsync(
        FeedQuery query, IAsyncEnumerator<PageRow> rows, IRowWriter straight, ODataWriter writer, StoppableStream body,
        Action<ReadOnlySpan<byte>> learn)
    {
        _ = body.Hold();
        await writer.FlushAsync();
        learn(body.Held);
        return await WriteStraightAsync(query, rows, straight, body);
    }

    /// <summary>Writes the rows of a page straight. The enumerator is already at the first one.</summary>
    /// <returns>How many rows were written, and the last of them if more follow.</returns>
    internal static async Task<(int Written, PageRow? Last)> WriteStraightAsync(
        FeedQuery query, IAsyncEnumerator<PageRow> rows, IRowWriter straight, StoppableStream body)
    {
        var output = body.Hold();
        await using var json = new Utf8JsonWriter(output, JsonValues.Options);
        var isFirst = true;
        return await EachAsync(query, rows, body, row =>
        {
            output.Write(isFirst ? "{"u8 : ",{"u8);
            isFirst = false;
            straight.Write(json, row);
            json.Flush();
            json.Reset();
            output.Write("}"u8);
            return body.Held.Length >= StoppableStream.SendAt ? body.SendAsync() : default;
        });
    }

    private static async Task WriteStraightAsync(
        object entity, EntityRows straight, ODataWriter writer, IEdmEntityType type, StoppableStream body, Action<ReadOnlySpan<byte>> learn)
    {
        _ = body.Hold();
        await writer.WriteStartAsync(new ODataResource { TypeName = type.FullTypeName() });
        await writer.FlushAsync();
        learn(body.Held);
        WriteStraight(entity, straight, body);
        await writer.WriteEndAsync();
    }

    /// <summary>Writes the properties of an entity behind the beginning of its answer.</summary>
    internal static void WriteStraight(object entity, EntityRows straight, StoppableStream body)
    {
        var output = body.Hold();
        var properties = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(properties, JsonValues.Options))
            straight.Write(json, entity);
        // Only metadata=none has no context URL before the properties.
        if (properties.WrittenCount > 0 && body.Held[^1] != (byte)'{') output.Write(","u8);
        output.Write(properties.WrittenSpan);
    }

    private static async Task<(int Written, PageRow? Last)> EachAsync(
        FeedQuery query, IAsyncEnumerator<PageRow> rows, StoppableStream body, Func<PageRow, ValueTask> write)
    {
        var written = 0;
        while (written < query.Take)
        {
            var row = rows.Current;
            await write(row);
            written++;
            if (!await rows.MoveNextAsync())
                break;
            if (written == query.Take || body.Written >= query.MaxPageBytes)
                return (written, row);
        }
        return (written, null);
    }

    // Writes an entity with the library.
    private static Func<object, ODataWriter, Task> Library(FeedRequest request, FeedQuery? query, OpenAnswer answer)
    {
        var type = new EdmEntityTypeReference(request.Set.EntityType, isNullable: false);
        var serializer = request.Parts.GetRequiredService<IODataSerializerProvider>().GetEdmTypeSerializer(type);
        var context = Context(request, query?.SelectExpand, query?.Computed ?? [], answer.Level);
        return (entity, writer) => serializer.WriteObjectInlineAsync(entity, type, writer, context);
    }

    private static ODataSerializerContext Context(
        FeedRequest request, SelectExpandClause? selectExpand, IEnumerable<string> computed, ODataMetadataLevel level)
    {
        var context = new ODataSerializerContext
        {
            Request = request.Library,
            Model = request.Feed.Model,
            Path = request.Path,
            NavigationSource = request.Set,
            SelectExpandClause = selectExpand,
            MetadataLevel = level,
            TimeZone = TimeZoneInfo.Utc,
            SkipExpensiveAvailabilityChecks = true,
        };
        context.ComputedProperties.UnionWith(computed);
        if (request.Preferences.OmitsNulls) context.Items[typeof(RowSerializer)] = true;
        return context;
    }
}
