using Microsoft.AspNetCore.OData;
using Microsoft.AspNetCore.OData.Abstracts;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.AspNetCore.OData.Query.Validator;
using Microsoft.Extensions.Options;
using Microsoft.OData.UriParser;
using SupportTickets.Access;
using SupportTickets.Configuration;
using SupportTickets.Http;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Binding;
using SupportTickets.OData.Delta;
using SupportTickets.OData.Model;
using SupportTickets.OData.Query;
using SupportTickets.OData.Query.Known;
using SupportTickets.OData.Reads;
using SupportTickets.OData.Request;
using SupportTickets.OData.Sets;
using SupportTickets.OData.Writing;

namespace SupportTickets.OData;

/// <summary>
/// The feed at /odata. The library parses, binds and serializes. Routing, running the query and writing the answer are our own,
/// because the library's controllers run SQL inside the serializer, after the headers are sent.
/// </summary>
public static class ODataFeature
{
    /// <summary>Registers the feed.</summary>
    public static IServiceCollection AddODataFeed(this IServiceCollection services, FeedLimits limits)
    {
        services.AddOptions<ODataOptions>().Configure<TimeProvider>((options, clock) =>
        {
            options.TimeZone = TimeZoneInfo.Utc;
            options.EnableQueryFeatures();
            var model = FeedModel.Create(limits);
            options.AddRouteComponents(Feed.Prefix, model, parts => parts.AddBinders(clock)
                .AddSingleton<IETagHandler, ETagHandler>()
                .AddSingleton<ODataResourceSerializer, RowSerializer>()
                .AddSingleton<ISelectExpandQueryValidator, NestedOrderValidator>()
                .AddSingleton<ODataUriResolver>(new Resolver(model)));
        });
        return services
            .AddSingleton(provider => new Feed(provider.GetRequiredService<IOptions<ODataOptions>>().Value, limits))
            .AddSingleton<OpaqueTokens>()
            .AddSingleton<KnownQueries>()
            .AddSingleton<IFaultWriter, FaultWriter>()
            .AddScoped<FeedRows>()
            .AddScoped<FeedSearch>()
            .AddScoped<FeedReads>()
            .AddScoped<DeltaReads>()
            .AddScoped<PropertyReads>()
            .AddScoped<StreamReads>()
            .AddScoped<WriteAnswers>()
            .AddScoped<ConversationOperations>()
            .AddScoped<TicketCommands>()
            .AddScoped<CommentCommands>()
            .AddScoped<RequesterCommands>()
            .AddScoped<TagCommands>()
            .AddScoped<EntityWrites>()
            .AddScoped<PropertyWrites>()
            .AddScoped<TicketOperations>();
    }

    /// <summary>Maps every path and method below /odata, so that every answer there has a body in OData's format.</summary>
    public static void MapODataFeed(this WebApplication app) =>
        app.Map($"/{Feed.Prefix}/{{**path}}", FeedEndpoint.HandleAsync).WithMetadata(new ChecksRightsAttribute());
}
