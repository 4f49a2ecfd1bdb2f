using System.Text;
using System.Text.Json;
using System.Xml;
using Microsoft.AspNetCore.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using SupportTickets.Configuration;

namespace SupportTickets.OData.Model;

/// <summary>
/// The parts of the feed that all requests share: the model, its XML and JSON forms, the limits, and the library's services.
/// </summary>
public sealed class Feed
{
    /// <summary>The path of the feed, without slashes.</summary>
    public const string Prefix = "odata";

    /// <summary>Uses the route that was configured under <see cref="Prefix"/>.</summary>
    public Feed(ODataOptions options, FeedLimits limits)
    {
        Limits = limits;
        var route = options.RouteComponents[Prefix];
        (Model, Services) = (route.EdmModel, route.ServiceProvider);
        // In this order and before the first request: writing XML registers the aliases of the vocabularies in the model, and JSON
        // has the long names of the terms without them.
        MetadataXml = WriteXml(Model);
        MetadataJson = WriteJson(Model);
    }

    /// <summary>The entity data model.</summary>
    public IEdmModel Model { get; }

    /// <summary>The limits of a request.</summary>
    public FeedLimits Limits { get; }

    /// <summary>The library's own container; a scope of it serves one request.</summary>
    public IServiceProvider Services { get; }

    /// <summary>$metadata as XML, UTF-8.</summary>
    public ReadOnlyMemory<byte> MetadataXml { get; }

    /// <summary>$metadata as JSON, UTF-8.</summary>
    public ReadOnlyMemory<byte> MetadataJson { get; }

    private static byte[] WriteXml(IEdmModel model)
    {
        using var bytes = new MemoryStream();
        using (var xml = XmlWriter.Create(bytes, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            if (!CsdlWriter.TryWriteCsdl(model, xml, CsdlTarget.OData, out var errors))
                throw new InvalidOperationException(string.Join(' ', errors));
        }
        return bytes.ToArray();
    }

    private static byte[] WriteJson(IEdmModel model)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            if (!CsdlWriter.TryWriteCsdl(model, json, out var errors))
                throw new InvalidOperationException(string.Join(' ', errors));
        }
        return bytes.ToArray();
    }
}
