using Microsoft.OData.Edm;
using SupportTickets.Core;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Errors;
using SupportTickets.OData.Query;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Writing;

/// <summary>
/// Writes of a single property of an entity (OData 4.01, 11.4.9). The rules are those for a change of the entity with only this
/// property.
/// </summary>
internal sealed class PropertyWrites(FeedRows rows, ILogger<PropertyWrites> log)
{
    private const string Value = "value";

    /// <summary>PUT or PATCH of the property as JSON.</summary>
    public async Task SetAsync(FeedRequest request)
    {
        var property = PropertyAnswers.CheckJson(request);
        var entity = await ChangeAsync(request, property, () => ReadAsync(request, property));
        if (!AnswersMinimal(request))
            await PropertyAnswers.WriteJsonAsync(request, property, PropertyAnswers.ValueOf(entity, property), log);
    }

    /// <summary>PUT of the raw value as text.</summary>
    public async Task SetValueAsync(FeedRequest request)
    {
        var property = PropertyAnswers.CheckText(request);
        var entity = await ChangeAsync(request, property, async () =>
            Supplied.Of(await PlainText.ReadAsync(request.Http.Request, "Send a raw value as text/plain in UTF-8.")));
        if (!AnswersMinimal(request))
            await PropertyAnswers.WriteTextAsync(request, PropertyAnswers.ValueOf(entity, property)!);
    }

    /// <summary>
    /// DELETE of the property or its raw value: sets it to null, which the rules refuse for a property that needs a value.
    /// </summary>
    public async Task ClearAsync(FeedRequest request)
    {
        var property = PropertyAnswers.CheckOptions(request);
        await ChangeAsync(request, property, () => Task.FromResult(Supplied.Null));
        PropertyAnswers.WriteNothing(request);
    }

    private async Task<object> ChangeAsync(FeedRequest request, IEdmProperty property, Func<Task<Supplied>> read)
    {
        var target = await EntityTarget.FindAsync(request, rows);
        EntityPayload.CheckWritable(property, request.FeedSet);
        var values = new Dictionary<string, Supplied> { [property.Name] = await read() };
        var write = new SetWrite(values, request.Http, request.Cancel);
        var entity = await target.ChangeAsync(expected => request.Commands.ChangeAsync(target.Key, write, expected));
        ETags.SetHeader(request, entity);
        return entity;
    }

    private static bool AnswersMinimal(FeedRequest request)
    {
        request.Preferences.AppliedToWrite(request.Http.Response);
        if (request.Preferences.Minimal != true)
            return false;
        PropertyAnswers.WriteNothing(request);
        return true;
    }

    // A property has the form {"value": ...} (OData JSON Format 4.01, 11); 4.0 has null as a null instance annotation.
    private static async Task<Supplied> ReadAsync(FeedRequest request, IEdmProperty property)
    {
        var fields = await JsonFields.ReadAsync(request.Http.Request);
        var wrong = fields.Values.Keys.Where(name => name != Value)
            .Select(name => new ErrorDetail("unknown_property", "A property has no other member than its value.", name))
            .Concat(fields.Duplicates).ToList();
        if (wrong.Count > 0)
            throw new FeedException(FeedError.Invalid(wrong));
        BodyTypes.Check(fields, property.Type.Definition, name => name == Value ? property.Type.Definition : null, request.Root);
        if (fields.Values.TryGetValue(Value, out var value))
            return value;
        return fields.Control.ContainsKey("@null")
            ? Supplied.Null
            : throw new FeedException(FeedError.BadBody("Send a property as {\"value\": ...}."));
    }
}
