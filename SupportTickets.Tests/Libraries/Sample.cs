using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OData;
using Microsoft.AspNetCore.OData.Batch;
using Microsoft.AspNetCore.OData.Extensions;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Query.Wrapper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.ModelBuilder;
using Microsoft.OData.UriParser;

namespace SupportTickets.Tests.Libraries;

/// <summary>The OData libraries with a small model of their own, set to take as much as they can, and nothing of the feed.</summary>
internal static class Sample
{
    public static readonly Uri Root = new("http://localhost/odata/");

    public static readonly IEdmModel Model = Build();

    /// <summary>As the database's SQL is made: without looks for null.</summary>
    public static readonly ODataQuerySettings Settings =
        new() { TimeZone = TimeZoneInfo.Utc, HandleNullPropagation = HandleNullPropagationOption.False };

    private static readonly ServiceProvider Site = AddTo(new ServiceCollection().AddLogging()).BuildServiceProvider();

    public static IEdmEntitySet Items => Model.EntityContainer.FindEntitySet("Items");

    /// <summary>The library's services for its route.</summary>
    public static IServiceProvider Services =>
        Site.GetRequiredService<IOptions<ODataOptions>>().Value.RouteComponents["odata"].ServiceProvider;

    /// <summary>Adds the library with the model below /odata.</summary>
    public static IServiceCollection AddTo(IServiceCollection services)
    {
        services.AddControllers().AddOData(options =>
        {
            options.EnableQueryFeatures().TimeZone = TimeZoneInfo.Utc;
            options.AddRouteComponents("odata", Model, parts => parts
                .AddSingleton<ODataUriResolver>(
                    new UnqualifiedODataUriResolver { EnableCaseInsensitive = true, EnableNoDollarQueryOptions = true })
                .AddSingleton<ODataBatchHandler>(new DefaultODataBatchHandler()));
        });
        return services;
    }

    public static ODataQueryOptionParser Parser(params (string Name, string Value)[] options) => new(
        Model, Items.EntityType, Items, options.ToDictionary(option => option.Name, option => option.Value), Services);

    public static SingleValueNode Filter(string text) => Parser(("$filter", text)).ParseFilter().Expression;

    public static ODataPath Path(string path) =>
        new ODataUriParser(Model, Root, new Uri(Root, path), Services) { UrlKeyDelimiter = ODataUrlKeyDelimiter.Slash }.ParsePath();

    /// <summary>The options of a request for items.</summary>
    public static ODataQueryOptions Options(string query, string path = "Items")
    {
        var http = new DefaultHttpContext { RequestServices = Site };
        (http.Request.Method, http.Request.Scheme, http.Request.Host) = ("GET", Root.Scheme, new(Root.Host));
        (http.Request.Path, http.Request.QueryString) = ($"/odata/{path}", new($"?{query.Replace("+", "%2B", StringComparison.Ordinal)}"));
        var feature = http.ODataFeature();
        (feature.Model, feature.RoutePrefix, feature.BaseAddress) = (Model, "odata", Root.AbsoluteUri);
        (feature.Services, feature.Path) = (Services.CreateScope().ServiceProvider, Path(path));
        return new(new ODataQueryContext(Model, typeof(Item), feature.Path), http.Request);
    }

    /// <summary>The ids of those among some items that a filter finds.</summary>
    public static int[] Found(string filter, params Item[] items) =>
        Found(filter, items.AsQueryable(), new() { TimeZone = TimeZoneInfo.Utc });

    /// <summary>The ids of what a filter finds in a database.</summary>
    public static int[] Found(string filter, SampleDb db) => Found(filter, db.Items, Settings);

    /// <summary>What the library and EF make of options, as SQL.</summary>
    public static string Sql(string query, SampleDb db)
    {
        using (db)
            return Options(query).ApplyTo(db.Items, Settings).ToQueryString();
    }

    /// <summary>What the library gives of an item.</summary>
    public static IDictionary<string, object> Shaped(string query, Item item) =>
        Wrapped(Options(query).ApplyTo(new[] { item }.AsQueryable())).Single();

    /// <summary>What the library gives of an item's parts, which a query expands.</summary>
    public static IReadOnlyList<IDictionary<string, object>> Expanded(string query, Item item) =>
        [.. Wrapped((System.Collections.IEnumerable)Shaped(query, item)["Parts"])];

    /// <summary>The library refuses an expression that the standard has, and takes another that comes to the same.</summary>
    public static void Refuses(string filter, string instead)
    {
        Assert.ThrowsAny<ODataException>(() => Filter(filter));
        Assert.NotNull(Filter(instead));
    }

    private static IEnumerable<IDictionary<string, object>> Wrapped(System.Collections.IEnumerable rows) =>
        rows.Cast<ISelectExpandWrapper>().Select(row => row.ToDictionary());

    private static int[] Found(string filter, IQueryable<Item> items, ODataQuerySettings settings) =>
        [.. Options("$filter=" + Uri.EscapeDataString(filter)).ApplyTo(items, settings).Cast<Item>().Select(item => item.Id)];

    private static IEdmModel Build()
    {
        var builder = new ODataConventionModelBuilder { Namespace = nameof(Sample) };
        builder.EntitySet<Item>("Items").EntityType.Action("Close");
        builder.EntitySet<Part>("Parts");
        builder.EntitySet<Owner>("Owners");
        foreach (var type in builder.StructuralTypes) type.Namespace = nameof(Sample);
        foreach (var type in builder.EnumTypes) type.Namespace = nameof(Sample);
        return builder.GetEdmModel();
    }
}
