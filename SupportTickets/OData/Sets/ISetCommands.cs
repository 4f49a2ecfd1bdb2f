using SupportTickets.Access;
using SupportTickets.Core;

namespace SupportTickets.OData.Sets;

/// <summary>The input of a write.</summary>
/// <param name="Values">The properties as received, by name. The core validates them.</param>
/// <param name="Http">The request, from which a creation also reads headers, such as Idempotency-Key.</param>
/// <param name="Cancel">Cancelled when the caller goes away.</param>
internal sealed record SetWrite(IReadOnlyDictionary<string, Supplied> Values, HttpContext Http, CancellationToken Cancel)
{
    /// <summary>Who writes.</summary>
    public Caller Caller => Http.Caller();
}

/// <summary>The result of a creation.</summary>
/// <param name="Key">The key of the entity.</param>
/// <param name="Entity">The entity as stored; null for a caller who may not read it.</param>
/// <param name="Receipt">The answer to such a caller instead: the properties that were sent, as they were stored.</param>
internal sealed record Created(int Key, object? Entity, IReadOnlyList<(string Name, object Value)> Receipt);

/// <summary>
/// The writes of an entity set. Each is one call of the core, which validates, stores and records. A set has those whose methods its
/// <see cref="FeedSet.Rights"/> name; nobody calls the others.
/// </summary>
internal interface ISetCommands
{
    /// <summary>The right that a creation needs; it may depend on what is supplied.</summary>
    Right RightToCreate(IReadOnlyDictionary<string, Supplied> values);

    /// <summary>Creates an entity.</summary>
    Task<Result<Created>> CreateAsync(SetWrite write);

    /// <summary>Changes the properties that are supplied.</summary>
    /// <returns>The entity as stored.</returns>
    /// <param name="key">The key of the entity.</param>
    /// <param name="write">The input.</param>
    /// <param name="expectedVersion">The version that it must have; null for any.</param>
    Task<Result<object>> ChangeAsync(int key, SetWrite write, int? expectedVersion) => throw new NotSupportedException();

    /// <summary>
    /// Replaces an entity: like a change, but a property that is not supplied gets its default, or counts as missing if it has
    /// none.
    /// </summary>
    Task<Result<object>> ReplaceAsync(int key, SetWrite write, int? expectedVersion) => throw new NotSupportedException();

    /// <summary>Deletes an entity.</summary>
    Task<Result<object>> DeleteAsync(int key, SetWrite write, int? expectedVersion) => throw new NotSupportedException();
}
