using SupportTickets.Access;
using SupportTickets.Core;

namespace SupportTickets.OData.Sets;

/// <summary>What a write supplies, and who writes.</summary>
/// <param name="Values">The properties as received, by their names; the rules for them are the core's.</param>
/// <param name="Http">The request, for what a creation reads of it, such as an Idempotency-Key.</param>
/// <param name="Cancel">The caller went away.</param>
internal sealed record SetWrite(IReadOnlyDictionary<string, Supplied> Values, HttpContext Http, CancellationToken Cancel)
{
    /// <summary>Who writes.</summary>
    public Caller Caller => Http.Caller();
}

/// <summary>What a creation left.</summary>
/// <param name="Key">The key of the entity.</param>
/// <param name="Entity">The entity as stored; null for a caller who may not read it.</param>
/// <param name="Receipt">What such a caller is told instead: the properties that were sent, as they were taken.</param>
internal sealed record Created(int Key, object? Entity, IReadOnlyList<(string Name, object Value)> Receipt);

/// <summary>The writes of an entity set. Each is one call of the core, which validates, stores and records.</summary>
internal interface ISetCommands
{
    /// <summary>The right that a creation needs; it may depend on what is supplied.</summary>
    Right RightToCreate(IReadOnlyDictionary<string, Supplied> values);

    /// <summary>Creates an entity.</summary>
    Task<Result<Created>> CreateAsync(SetWrite write);

    /// <summary>Changes the properties that are supplied.</summary>
    /// <returns>The entity as stored.</returns>
    /// <param name="key">Which.</param>
    /// <param name="write">What, and who.</param>
    /// <param name="expectedVersion">The version that it must have; null for any.</param>
    Task<Result<object>> ChangeAsync(int key, SetWrite write, int? expectedVersion);

    /// <summary>As a change, but what is not supplied gets its default, or is missing where there is none.</summary>
    Task<Result<object>> ReplaceAsync(int key, SetWrite write, int? expectedVersion);

    /// <summary>Deletes an entity.</summary>
    Task<Result<object>> DeleteAsync(int key, SetWrite write, int? expectedVersion);
}
