using System.Globalization;
using Microsoft.AspNetCore.OData.Formatter.Value;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Request;

/// <summary>The versions of an entity that an If-Match header allows.</summary>
/// <param name="Any">Whether it is <c>If-Match: *</c>.</param>
/// <param name="Versions">The listed versions. A tag that this server cannot have issued stands for none.</param>
internal sealed record IfMatch(bool Any, IReadOnlyList<int> Versions);

/// <summary>
/// Entity tags (RFC 9110, 8.8.3) from the version of the entity. They are weak, because an entity has several representations.
/// </summary>
internal static class ETags
{
    /// <summary>The tag of a version.</summary>
    public static EntityTagHeaderValue Of(int version) => new(string.Create(CultureInfo.InvariantCulture, $"\"{version}\""), isWeak: true);

    /// <summary>Reads If-Match; null when there is none. False when it is not a list of entity tags.</summary>
    public static bool TryRead(StringValues header, out IfMatch? condition)
    {
        condition = null;
        if (header.Count == 0)
            return true;
        if (!EntityTagHeaderValue.TryParseStrictList(header, out var tags) || tags.Count == 0)
            return false;
        condition = new(tags.Contains(EntityTagHeaderValue.Any), [.. tags.Select(VersionOf).OfType<int>()]);
        return true;
    }

    /// <summary>Answers 304 when If-None-Match shows that the caller already has this version (RFC 9110, 13.1.2).</summary>
    public static bool IsUnchanged(FeedRequest request, int? version)
    {
        if (!TryRead(request.Http.Request.Headers.IfNoneMatch, out var condition))
            throw new FeedException(
                FeedError.BadHeader("If-None-Match", "If-None-Match takes * or entity tags as given in ETag, separated by commas."));
        if (condition is null || version is not { } current || !(condition.Any || condition.Versions.Contains(current)))
            return false;
        var response = request.Http.Response;
        response.StatusCode = StatusCodes.Status304NotModified;
        response.GetTypedHeaders().ETag = Of(current);
        ProtocolVersion.SetHeaders(response);
        return true;
    }

    /// <summary>Sets the ETag header to the tag of an entity, whole or selected; sets none when the entity has no version.</summary>
    public static void SetHeader(FeedRequest request, object entity)
    {
        if (VersionOf(request.FeedSet, entity) is { } version)
            request.Http.Response.GetTypedHeaders().ETag = Of(version);
    }

    /// <summary>The version of an entity, whole or selected; null when it has none.</summary>
    public static int? VersionOf(FeedSet set, object entity)
    {
        return set.Version is { } name ? ValueOf(entity, name) as int? : null;
    }

    /// <summary>Whether everything in an entity, whole or selected, is as it was when it got its version.</summary>
    public static bool VersionTells(FeedSet set, object entity) =>
        set.OutsideVersion is not var (name, last) || ValueOf(entity, name) is not DateTime at
        || (ValueOf(entity, last) is DateTime version && at <= version);

    private static object? ValueOf(object entity, string name)
    {
        if (entity is not IEdmStructuredObject selected)
            return entity.GetType().GetProperty(name)!.GetValue(entity);
        return selected.TryGetPropertyValue(name, out var value) ? value : null;
    }

    private static int? VersionOf(EntityTagHeaderValue tag) =>
        int.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
}
