using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.OData;
using Microsoft.OData.Edm;
using SupportTickets.OData.Query;

namespace SupportTickets.OData.Answers;

#pragma warning disable CS0618 // This version of the library takes TimeOfDay; later ones take TimeOnly.

/// <summary>
/// Omits null properties when <c>Prefer: omit-values=nulls</c> asks for it (OData 4.01, 8.2.8.6), adds the types of values from
/// $compute, and omits operations unless the answer has full metadata, because the library would look for them on every row.
/// </summary>
internal sealed class RowSerializer(IODataSerializerProvider provider) : ODataResourceSerializer(provider)
{
    /// <inheritdoc />
    public override ODataResource CreateResource(SelectExpandNode selectExpandNode, ResourceContext resourceContext)
    {
        var resource = base.CreateResource(selectExpandNode, resourceContext);
        if (resource?.Properties is { } properties && resourceContext.SerializerContext.Items.ContainsKey(typeof(RowSerializer)))
            resource.Properties = properties.Where(property => property is not ODataProperty { Value: null }).ToList();
        return resource!;
    }

    /// <inheritdoc />
    public override ODataAction? CreateODataAction(IEdmAction action, ResourceContext resourceContext) =>
        resourceContext.SerializerContext.MetadataLevel == ODataMetadataLevel.Full ? base.CreateODataAction(action, resourceContext) : null;

    /// <summary>
    /// The link of a navigation property, with the count of related entities where <c>$expand=Events/$count</c> asks for it.
    /// </summary>
    public override ODataNestedResourceInfo? CreateNavigationLink(
        IEdmNavigationProperty navigationProperty, ResourceContext resourceContext)
    {
        var link = base.CreateNavigationLink(navigationProperty, resourceContext);
        var name = ComputedSelection.CountOf(navigationProperty);
        if (link is not null && resourceContext.SerializerContext.ComputedProperties.Contains(name))
            link.Count = (long?)resourceContext.GetPropertyValue(name);
        return link;
    }

    /// <inheritdoc />
    protected override bool ShouldWriteNavigation(ODataNestedResourceInfo navigationLink, ResourceContext resourceContext) =>
        navigationLink?.Count is not null || base.ShouldWriteNavigation(navigationLink, resourceContext);

    /// <inheritdoc />
    public override ODataProperty CreateComputedProperty(string propertyName, ResourceContext resourceContext)
    {
        if (ComputedSelection.IsCount(propertyName))
            return null!; // written together with the link
        var property = base.CreateComputedProperty(propertyName, resourceContext);
        if (property is null)
            return null!;
        // The library writes a time of day without its microseconds.
        var value = resourceContext.GetPropertyValue(propertyName) is TimeOnly time ? new TimeOfDay(time.Ticks) : property.Value;
        property.Value = DynamicTypes.Typed(value, resourceContext.SerializerContext.MetadataLevel);
        return property;
    }
}
