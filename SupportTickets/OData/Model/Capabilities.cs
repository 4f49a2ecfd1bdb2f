using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Vocabularies;
using Microsoft.OData.Edm.Vocabularies.V1;
using SupportTickets.Configuration;
using SupportTickets.OData.Sets;

namespace SupportTickets.OData.Model;

/// <summary>
/// The capabilities that the feed states in its model, so that programs do the rest of a query themselves instead of sending
/// requests in vain. The statements must be true: every new feature is added here, and a test calls each function.
/// </summary>
internal static class Capabilities
{
    /// <summary>The functions that $filter supports.</summary>
    public static readonly IReadOnlyList<string> FilterFunctions =
    [
        "contains", "startswith", "endswith", "length", "indexof", "substring", "tolower", "toupper", "trim", "concat",
        "year", "month", "day", "hour", "minute", "second", "fractionalseconds", "date", "time", "now", "mindatetime", "maxdatetime",
        "totaloffsetminutes", "totalseconds", "round", "floor", "ceiling", "cast",
    ];

    /// <summary>The transformations that $apply supports.</summary>
    public static readonly IReadOnlyList<string> Transformations =
        ["filter", "groupby", "aggregate", "compute", "concat", "identity", "topcount", "bottomcount", "orderby", "top", "skip", "search"];

    private const string CapabilitiesNamespace = "Org.OData.Capabilities.V1", AggregationNamespace = "Org.OData.Aggregation.V1";

    private static readonly (string Namespace, string Alias, string Address)[] Vocabularies =
    [
        ("Org.OData.Core.V1", "Core", "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Core.V1.xml"),
        (
            CapabilitiesNamespace, "Capabilities",
            "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Capabilities.V1.xml"),
        (AggregationNamespace, "Aggregation", "https://oasis-tcs.github.io/odata-vocabularies/vocabularies/Org.OData.Aggregation.V1.xml"),
    ];

    /// <summary>Annotates the model.</summary>
    public static void Annotate(EdmModel model, FeedLimits limits)
    {
        model.SetEdmReferences(Vocabularies.Select(vocabulary =>
        {
            var reference = new EdmReference(new Uri(vocabulary.Address));
            reference.AddInclude(new EdmInclude(vocabulary.Alias, vocabulary.Namespace));
            return reference;
        }));
        var container = model.EntityContainer;
        Add(model, container, CoreVocabularyModel.Instance.FindDeclaredTerm("Org.OData.Core.V1.ODataVersions"), Text("4.0 4.01"));
        Add(model, container, Term("ConformanceLevel"), new EdmEnumMemberExpression(Level("Advanced")));
        Add(model, container, Term("SupportedFormats"), new EdmCollectionExpression(Text("application/json")));
        Add(model, container, Term("KeyAsSegmentSupported"), Yes);
        Add(model, container, Term("BatchSupported"), Yes);
        Add(model, container, Term("DeepInsertSupport"), Record(("Supported", No)));
        Add(model, container, Term("DeepUpdateSupport"), Record(("Supported", No)));
        Add(model, container, Term("FilterFunctions"), new EdmCollectionExpression(FilterFunctions.Select(Text)));
        foreach (var set in FeedSets.All)
            AnnotateSet(model, container.FindEntitySet(set.Name), set, limits);
    }

    private static void AnnotateSet(EdmModel model, IEdmEntitySet set, FeedSet declared, FeedLimits limits)
    {
        Add(model, set, Term("TopSupported"), Yes);
        Add(model, set, Term("SkipSupported"), Yes);
        Add(model, set, Term("ComputeSupported"), Yes);
        Add(model, set, Term("SearchRestrictions"), Record(("Searchable", new EdmBooleanConstant(declared.IsSearchable))));
        var pagedOnly = declared.PagedOnly.Where(name => set.EntityType.FindProperty(name) is not null)
            .Select(name => new EdmNavigationPropertyPathExpression(name)).ToList();
        Add(
            model, set, Term("ExpandRestrictions"),
            Record([
                ("Expandable", Yes),
                ("MaxLevels", new EdmIntegerConstant(limits.MaxExpandDepth)),
                .. pagedOnly.Count == 0
                    ? []
                    : new (string, IEdmExpression)[] { ("NonExpandableProperties", new EdmCollectionExpression(pagedOnly)) },
            ]));
        Add(model, set, Term("InsertRestrictions"), Record(("Insertable", Offers(declared, HttpMethods.Post))));
        Add(model, set, Term("UpdateRestrictions"), declared.Rights.ContainsKey(HttpMethods.Patch)
            ? Record(
                ("Updatable", Yes), ("Upsertable", No),
                ("UpdateMethod", new EdmEnumMemberExpression([.. Updates.Where(declared.Rights.ContainsKey).Select(Method)])),
                ("FilterSegmentSupported", No), ("TypecastSegmentSupported", No))
            : Record(("Updatable", No)));
        Add(model, set, Term("DeleteRestrictions"), Record(("Deletable", Offers(declared, HttpMethods.Delete))));
        Add(model, set, Term("ChangeTracking"), declared.IsTracked ? Tracked(set, declared) : Record(("Supported", No)));
        var transformations = Transformations.Where(name => name != "search" || declared.IsSearchable).Select(Text);
        Add(model, set, ApplySupported, Record(("Transformations", new EdmCollectionExpression(transformations))));
    }

    private static readonly string[] Updates = [HttpMethods.Patch, HttpMethods.Put];

    private static EdmBooleanConstant Offers(FeedSet set, string method) => set.Rights.ContainsKey(method) ? Yes : No;

    // A ticket changes with each of its events, so results computed from either are tracked. People change without an event.
    private static EdmRecordExpression Tracked(IEdmEntitySet set, FeedSet declared) => Record(
        ("Supported", Yes),
        ("FilterableProperties", new EdmCollectionExpression(
            set.EntityType.StructuralProperties().Select(p => new EdmPropertyPathExpression(p.Name)))),
        ("ExpandableProperties", new EdmCollectionExpression(set.EntityType.NavigationProperties()
            .Where(p => FeedSets.Of(p.ToEntityType()) is { } related && declared.TracksChangesOf(related))
            .Select(p => new EdmNavigationPropertyPathExpression(p.Name)))));

    private static readonly EdmBooleanConstant Yes = new(true), No = new(false);

    // The library does not include this vocabulary. Only the name of a term is written.
    private static readonly EdmTerm ApplySupported = new(AggregationNamespace, "ApplySupported", EdmCoreModel.Instance.GetUntyped());

    private static IEdmTerm Term(string name) => CapabilitiesVocabularyModel.Instance.FindDeclaredTerm($"{CapabilitiesNamespace}.{name}");

    private static IEdmEnumMember Level(string name) =>
        (
            (IEdmEnumType)CapabilitiesVocabularyModel.Instance.FindDeclaredType($"{CapabilitiesNamespace}.ConformanceLevelType"))
            .Members.Single(m => m.Name == name);

    private static IEdmEnumMember Method(string name) =>
        ((IEdmEnumType)CapabilitiesVocabularyModel.Instance.FindDeclaredType($"{CapabilitiesNamespace}.HttpMethod")).Members.Single(m =>
            m.Name == name
        );

    private static EdmStringConstant Text(string text) => new(text);

    private static EdmRecordExpression Record(params (string Name, IEdmExpression Value)[] properties) =>
        new(properties.Select(p => new EdmPropertyConstructor(p.Name, p.Value)));

    private static void Add(EdmModel model, IEdmVocabularyAnnotatable target, IEdmTerm term, IEdmExpression value)
    {
        var annotation = new EdmVocabularyAnnotation(target, term, value);
        annotation.SetSerializationLocation(model, EdmVocabularyAnnotationSerializationLocation.Inline);
        model.AddVocabularyAnnotation(annotation);
    }
}
