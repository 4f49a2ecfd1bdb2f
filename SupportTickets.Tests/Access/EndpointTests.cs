using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access;
using SupportTickets.Access.Gate;
using SupportTickets.Access.Limits;
using SupportTickets.Tests.Fixtures;
using SupportTickets.Tickets;

namespace SupportTickets.Tests.Access;

/// <summary>Every endpoint of the running application, whatever it is.</summary>
public sealed class EndpointTests
{
    private static readonly string[] PublicPaths =
    [
        "/healthz", "/sign-in", "/sign-out", "/setup", "/invitation", "/new-password", "/{**path:file}",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_endpoint_states_who_may_use_it_and_only_these_are_for_everybody()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var endpoints = Endpoints(desk);
        Assert.True(endpoints.Count > 20, $"Only {endpoints.Count} endpoints were found.");
        Assert.Empty(endpoints.Where(e => e.Rule is null).Select(e => e.Endpoint.DisplayName));
        var open = endpoints
            .Where(e => e.Rule is IsPublicAttribute && !IsFile(e.Endpoint))
            .Select(e => "/" + e.Endpoint.RoutePattern.RawText!.Trim('/'))
            .ToList();
        Assert.Contains("/sign-in", open);
        Assert.Empty(open.Except(PublicPaths));
    }

    [Theory, Providers]
    public async Task Without_a_credential_a_closed_desk_refuses_every_route_in_the_way_of_its_face(Provider provider)
    {
        await using var desk = await Desk.StartAsync(provider, settings: ("ACCESS", "closed"));
        await desk.AddTicketAsync();
        var asked = 0;
        foreach (var (method, path) in Requests(desk))
        {
            using var request = new HttpRequestMessage(method, path);
            if (method != HttpMethod.Get) request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
            using var answer = await desk.Client.SendAsync(request, Cancel);
            var what = $"{method} {path}: {(int)answer.StatusCode}";
            asked++;
            if (path.StartsWith("/api") || path.StartsWith("/odata"))
            {
                Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, what);
                Assert.Equal(
                    ["Basic realm=\"SupportTickets\", charset=\"UTF-8\"", "Bearer"],
                    answer.Headers.WwwAuthenticate.Select(c => c.ToString()));
                Assert.Null(answer.Headers.Location);
            }
            else
            {
                Assert.True(answer.StatusCode == HttpStatusCode.Redirect, what);
                Assert.StartsWith("/sign-in", answer.Headers.Location!.ToString());
            }
        }
        Assert.True(asked > 40, $"Only {asked} requests were made.");
        await using var db = desk.Database.Open();
        Assert.Equal("A title", Assert.Single(db.Tickets).Title);
    }

    [Fact]
    public async Task Wherever_somebody_without_a_credential_can_guess_attempts_are_counted()
    {
        await using var desk = await Desk.StartAsync(
            Provider.Sqlite, services: services => services.AddTestAddresses(),
            settings: [("ACCESS", "closed"), ("RATE_LIMIT_SIGN_IN", "1/day")]);
        var guessed = Endpoints(desk)
            .Where(e => e.Rule is IsPublicAttribute && !IsFile(e.Endpoint))
            .Select(e => "/" + e.Endpoint.RoutePattern.RawText!.Trim('/'))
            .Distinct()
            .Except(["/healthz", "/sign-out", "/{**path:file}"])
            .ToList();
        Assert.Equal(["/invitation", "/new-password", "/setup", "/sign-in"], guessed.Order());
        foreach (var (path, at) in guessed.Select((path, at) => (path, at)))
        {
            using var client = desk.ClientFrom($"10.8.0.{at + 1}");
            using var first = await client.PostAsync(path, new FormUrlEncodedContent([]), Cancel);
            using var second = await client.PostAsync(path, new FormUrlEncodedContent([]), Cancel);
            Assert.NotEqual((path, HttpStatusCode.TooManyRequests), (path, first.StatusCode));
            Assert.Equal((path, HttpStatusCode.TooManyRequests), (path, second.StatusCode));
        }
    }

    [Fact]
    public async Task A_page_that_is_not_told_who_asks_counts_attempts_all_the_same()
    {
        await using var database = await TestDatabase.CreateAsync(Provider.Sqlite);
        await using var host = await Hosting.TestHost.StartAsync(
            database.Url,
            app =>
            {
                app.UseAccess();
                app.MapPost("/guess", () => "no").IsPublic().WithMetadata(new LimitsGuessesAttribute());
                app.MapGet("/open", () => "yes").IsPublic();
            },
            services: services =>
                services.AddAccess(services.Select(s => s.ImplementationInstance).OfType<SupportTickets.Configuration.Settings>().Single()),
            settings: [("RATE_LIMIT_SIGN_IN", "2/day")]);
        foreach (var status in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests])
            Assert.Equal(status, (await host.Client.PostAsync("/guess", null, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("/open", Cancel)).StatusCode);
    }

    [Fact]
    public async Task What_signing_in_needs_is_there_for_everybody()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite, settings: ("ACCESS", "closed"));
        foreach (var path in (string[])["/healthz", "/sign-in", "/css/base.css", "/js/site.js", "/favicon.svg"])
            Assert.Equal((path, HttpStatusCode.OK), (path, (await desk.Client.GetAsync(path, Cancel)).StatusCode));
        Assert.Equal(HttpStatusCode.NotFound, (await desk.Client.GetAsync("/nowhere", Cancel)).StatusCode);
    }

    // What is not public, each with every method it takes, and the feed by its own table.
    private static List<(HttpMethod Method, string Path)> Requests(Desk desk)
    {
        var requests = new List<(HttpMethod, string)>();
        foreach (var (endpoint, rule) in Endpoints(desk))
        {
            if (rule is IsPublicAttribute)
                continue;
            var segments = endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
            {
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal => literal.Content,
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { IsCatchAll: true } => "nowhere",
                Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart => "1",
                _ => throw new InvalidOperationException(),
            })));
            var path = $"/{string.Join('/', segments)}";
            var methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods is { Count: > 0 } named
                ? named
                : ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
            requests.AddRange(methods.Select(method => (new HttpMethod(method), path)));
        }
        string[] feed =
        [
            "",
            "$metadata",
            "Tickets",
            "Tickets/$count",
            "Tickets(1)",
            "Tickets(1)/Title",
            "Tickets(1)/Title/$value",
            "Tickets(1)/Events",
            "Tickets(1)/$ref",
            "Tickets(1)/Events/$ref",
            "Events",
            "Tickets(1)/Resolve",
            "Tickets(1)/Reopen",
            "Tickets/Stats()",
            "Tickets/Classify",
            "Tickets/SuggestTitle",
            "Tickets/$query",
            "$batch",
            "nothing",
            "%24%24",
        ];
        requests.AddRange(
            from path in feed
            from method in (string[])["GET", "POST", "PUT", "PATCH", "DELETE"]
            select (new HttpMethod(method), $"/odata/{path}"));
        return requests;
    }

    private static List<(RouteEndpoint Endpoint, AccessRuleAttribute? Rule)> Endpoints(Desk desk) =>
        [.. desk.Services.GetRequiredService<EndpointDataSource>().Endpoints.Cast<RouteEndpoint>().Select(e => (e, AccessGate.RuleOf(e)))];

    private static bool IsFile(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.StaticAssets.StaticAssetDescriptor>() is not null;
}
