using System.Reflection;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Vocabularies;
using Microsoft.OData.Edm.Vocabularies.V1;
using Microsoft.OData.ModelBuilder;
using SupportTickets.Configuration;
using SupportTickets.OData.Sets;
using SupportTickets.Tickets;

namespace SupportTickets.OData.Model;

/// <summary>The entity data model. It only grows: programs and workbooks depend on every name in it.</summary>
public static class FeedModel
{
    /// <summary>The schema's namespace.</summary>
    public const string Namespace = "SupportTickets";

    /// <summary>The CLR enumeration for an enumeration of the model.</summary>
    public static Type EnumOf(IEdmEnumType type) =>
        typeof(Ticket).Assembly.GetType($"{typeof(Ticket).Namespace}.{type.Name}", throwOnError: true)!;

    /// <summary>Builds the model, including the limits that callers should know.</summary>
    public static IEdmModel Create(FeedLimits limits)
    {
        var builder = new ODataConventionModelBuilder(new OwnTypes()) { Namespace = Namespace, ContainerName = "Desk" };
        foreach (var set in FeedSets.All)
        {
            var entity = builder.AddEntityType(set.Entity);
            foreach (var property in WithoutSet(set.Entity)) entity.RemoveProperty(property);
            builder.AddEntitySet(set.Name, entity);
        }
        foreach (var set in FeedSets.All)
            set.Declare(builder);
        foreach (var type in builder.StructuralTypes)
        {
            type.Namespace = Namespace;
            // An unstated precision means 0 (CSDL 4.01, 7.2.3), and programs that obey it would cut off fractions of seconds.
            foreach (var time in type.Properties.OfType<PrecisionPropertyConfiguration>())
                time.Precision = 6;
        }
        foreach (var type in builder.EnumTypes)
            type.Namespace = Namespace;

        var model = (EdmModel)builder.GetEdmModel();
        Annotate(model);
        Capabilities.Annotate(model, limits);
        return model;
    }

    // The navigation properties that lead to a class without a set: they are no part of the model.
    private static IEnumerable<PropertyInfo> WithoutSet(Type entity)
    {
        return entity.GetProperties().Where(property => TargetOf(property.PropertyType) is { IsClass: true } target
            && target.Assembly == typeof(Ticket).Assembly && FeedSets.All.All(set => set.Entity != target));

        static Type TargetOf(Type type) => type.IsGenericType ? type.GetGenericArguments()[0] : type;
    }

    // The builder would search all loaded assemblies for derived types, which took a seventh of the start-up time.
    private sealed class OwnTypes : IAssemblyResolver
    {
        public IEnumerable<Assembly> Assemblies => [typeof(Ticket).Assembly];
    }

    private static void Annotate(EdmModel model)
    {
        Describe(model, model.EntityContainer, "The tickets of this desk, their history, and a calendar to group them by. Times are UTC.");
        foreach (var set in FeedSets.All)
        {
            Describe(model, model.EntityContainer.FindEntitySet(set.Name), set.Description);
            foreach (var (name, text) in set.Descriptions)
                DescribeMember(model, set.Entity.Name, name, text);
            foreach (var (path, text) in set.LeadingHere)
                DescribeMember(model, path.Split('/')[0], path.Split('/')[1], text);
        }
        foreach (var (name, text) in Descriptions.All)
        {
            var parts = name.Split('/');
            DescribeMember(model, parts[0], parts.ElementAtOrDefault(1) ?? "", text);
        }
        foreach (var (name, text) in Descriptions.Operations)
        {
            var parts = name.Split('/');
            var operation = model.FindDeclaredOperations($"{Namespace}.{parts[0]}").Single();
            Describe(model, parts.Length == 1 ? operation : operation.FindParameter(parts[1]), text);
        }
        foreach (var set in model.EntityContainer.EntitySets())
        {
            foreach (var property in set.EntityType.StructuralProperties().Where(p => !FeedSets.Named(set.Name).Writable.Contains(p.Name)))
                Add(model, property, CoreVocabularyModel.ComputedTerm, new EdmBooleanConstant(true));
        }
    }

    // The empty name stands for the type itself.
    private static void DescribeMember(EdmModel model, string typeName, string name, string text)
    {
        var type = model.FindDeclaredType($"{Namespace}.{typeName}");
        var target = (name, type) switch
        {
            ("", _) => type as IEdmVocabularyAnnotatable,
            (_, IEdmEnumType choices) => choices.Members.SingleOrDefault(member => member.Name == name),
            (_, IEdmStructuredType structured) => structured.FindProperty(name),
            _ => null,
        };
        Describe(model, target ?? throw new InvalidOperationException($"There is no {typeName}/{name} in the model."), text);
    }

    private static void Describe(EdmModel model, IEdmVocabularyAnnotatable target, string text) =>
        Add(model, target, CoreVocabularyModel.DescriptionTerm, new EdmStringConstant(text));

    private static void Add(EdmModel model, IEdmVocabularyAnnotatable target, IEdmTerm term, IEdmExpression value)
    {
        var annotation = new EdmVocabularyAnnotation(target, term, value);
        annotation.SetSerializationLocation(model, EdmVocabularyAnnotationSerializationLocation.Inline);
        model.AddVocabularyAnnotation(annotation);
    }
}
