using System.Runtime.CompilerServices;
using System.Xml.Linq;
using SupportTickets.Access;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.OData;

public sealed class MetadataTests
{
    private const string ApprovedFile = "approved-metadata.xml";

    private static readonly XNamespace Edm = "http://docs.oasis-open.org/odata/ns/edm";

    private static readonly Dictionary<string, string> Samples = new()
    {
        ["contains"] = "contains(Title,'ick')",
        ["startswith"] = "startswith(Title,'T')",
        ["endswith"] = "endswith(Title,'1')",
        ["length"] = "length(Title) gt 3",
        ["indexof"] = "indexof(Title,'i') gt 0",
        ["substring"] = "substring(Title,1,3) eq 'ick'",
        ["tolower"] = "tolower(Title) eq 'ticket 1'",
        ["toupper"] = "toupper(Title) eq 'TICKET 1'",
        ["trim"] = "trim(Title) eq 'Ticket 1'",
        ["concat"] = "concat(Title,'!') eq 'Ticket 1!'",
        ["year"] = "year(CreatedAt) eq 2026",
        ["month"] = "month(CreatedAt) eq 1",
        ["day"] = "day(CreatedAt) eq 1",
        ["hour"] = "hour(CreatedAt) eq 7",
        ["minute"] = "minute(CreatedAt) eq 30",
        ["second"] = "second(CreatedAt) eq 0",
        ["fractionalseconds"] = "fractionalseconds(CreatedAt) eq 0",
        ["time"] = "time(CreatedAt) eq 07:30:00",
        ["mindatetime"] = "CreatedAt gt mindatetime()",
        ["maxdatetime"] = "CreatedAt lt maxdatetime()",
        ["totaloffsetminutes"] = "totaloffsetminutes(CreatedAt) eq 0",
        ["totalseconds"] = "totalseconds(ResolvedAt sub CreatedAt) eq 660",
        ["cast"] = "cast(UrgencyScore,Edm.String) eq '7'",
        ["date"] = "date(CreatedAt) eq 2026-01-01",
        ["now"] = "CreatedAt lt now()",
        ["round"] = "round(UrgencyScore div 2.0) ge 0",
        ["floor"] = "floor(UrgencyScore div 2.0) ge 0",
        ["ceiling"] = "ceiling(UrgencyScore div 2.0) ge 0",
    };

    private static readonly Dictionary<string, string> Transformations = new()
    {
        ["filter"] = "filter({id} gt 1)",
        ["groupby"] = "groupby(({id}))",
        ["aggregate"] = "aggregate($count as N)",
        ["compute"] = "compute({id} add 1 as Next)",
        ["concat"] = "concat(identity,aggregate($count as N))",
        ["identity"] = "identity",
        ["topcount"] = "topcount(1,{id})",
        ["bottomcount"] = "bottomcount(1,{id})",
        ["orderby"] = "orderby({id} desc)",
        ["top"] = "top(1)",
        ["skip"] = "skip(1)",
        ["search"] = "search(ticket)",
    };

    // What the other sets take.
    private static readonly Dictionary<string, (string Post, string Patch)> Others = new()
    {
        ["Comments"] = ("""{"TicketId":1,"Body":"{n}"}""", """{"Body":"{n}"}"""),
        ["Requesters"] = ("""{"Name":"r","Email":"{n}@example.com"}""", """{"Name":"{n}"}"""),
        ["Tags"] = ("""{"Name":"{n}"}""", """{"Name":"{n}"}"""),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The model is a promise to workbooks and programs out there: look at what changed, and that nothing went.</summary>
    [Fact]
    public async Task The_metadata_is_the_one_that_was_approved()
    {
        await using var desk = await FeedDesk.StartAsync(Provider.Sqlite);
        var now = (await desk.Client.GetStringAsync("/odata/$metadata", Cancel)).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("APPROVE_METADATA") == "1")
            await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(ThisFile())!, ApprovedFile), now, Cancel);
        var copy = Path.Combine(AppContext.BaseDirectory, "OData", ApprovedFile);
        var approved =
            Environment.GetEnvironmentVariable("APPROVE_METADATA") == "1"
                ? now
                : (await File.ReadAllTextAsync(copy, Cancel)).ReplaceLineEndings("\n");
        if (now == approved)
            return;
        var (was, says) = (approved.Split('\n'), now.Split('\n'));
        var changes = was.Except(says).Select(line => $"- {line.Trim()}").Concat(says.Except(was).Select(line => $"+ {line.Trim()}"));
        Assert.Fail($"$metadata is not the approved one. When nothing that was there is gone or means something else, accept it by\n\n"
            + $"  APPROVE_METADATA=1 dotnet test -- --filter-class \"*{nameof(MetadataTests)}\"\n\n{string.Join('\n', changes)}");
    }

    [Fact]
    public async Task The_JSON_form_is_the_same_whichever_form_is_asked_for_first()
    {
        await using var desk = await Desk.StartAsync(Provider.Sqlite);
        var first = await desk.Client.GetStringAsync("/odata/$metadata?$format=json", Cancel);
        Assert.Contains("\"@Core.Description\"", first); // by the alias that it declares
        Assert.DoesNotContain("\"@Org.OData.", first);
        await desk.Client.GetStringAsync("/odata/$metadata?$format=xml", Cancel);
        Assert.Equal(first, await desk.Client.GetStringAsync("/odata/$metadata?$format=json", Cancel));
    }

    [Fact]
    public async Task Every_type_property_member_and_set_says_what_it_is()
    {
        var metadata = await ReadAsync(Provider.Sqlite);
        XName[] described =
        [
            Edm + "EntityType", Edm + "ComplexType", Edm + "EnumType", Edm + "Property", Edm + "NavigationProperty", Edm + "Member",
            Edm + "EntitySet", Edm + "EntityContainer",
        ];
        var elements = metadata.Descendants().Where(e => described.Contains(e.Name)).ToList();
        elements.AddRange(metadata.Descendants().Where(e => e.Name == Edm + "Action" || e.Name == Edm + "Function"));
        // The first parameter is what the operation is bound to.
        elements.AddRange(metadata.Descendants(Edm + "Parameter").Where(p => p.PreviousNode is not null));
        Assert.InRange(elements.Count, 60, 1000);
        foreach (var element in elements)
            Assert.True(
                Annotation(element, "Core.Description")?.Attribute("String")?.Value.Length > 3,
                $"{element.Parent!.Attribute("Name")?.Value}/{element.Attribute("Name")?.Value} has no description.");
    }

    [Theory, Providers]
    public async Task What_it_says_it_can_do_it_can(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(5);
        foreach (var name in new[] { "Ada", "Bob", "Cleo" })
            await desk.Desk.AddPersonAsync(Role.agent, name);
        foreach (var (name, body) in Others.SelectMany(other => Enumerable.Repeat((other.Key, other.Value.Post), 3)))
            await desk.SendAsync(HttpMethod.Post, $"/odata/{name}", body.Replace("{n}", $"{Guid.NewGuid():N}", StringComparison.Ordinal));
        for (var i = 0; i < 3; i++)
            await desk.Desk.AddFileAsync(1, "a file", []);
        using var tagged = await desk.SendAsync(HttpMethod.Post, "/odata/Tickets(1)/AddTags", """{"Tags":["a","b","c"]}""");
        var metadata = XDocument.Parse(await desk.Client.GetStringAsync("/odata/$metadata", Cancel));
        var container = metadata.Descendants(Edm + "EntityContainer").Single();

        var functions = Annotation(container, "Capabilities.FilterFunctions")!.Descendants(Edm + "String").Select(s => s.Value).ToList();
        Assert.Equal(Samples.Keys.Order(), functions.Order());
        foreach (var function in functions)
            Assert.NotEmpty(await desk.RowsAsync($"/odata/Tickets?$filter={Uri.EscapeDataString(Samples[function])}"));
        foreach (var version in Annotation(container, "Core.ODataVersions")!.Attribute("String")!.Value.Split(' '))
        {
            using var answer = await desk.SendAsync(HttpMethod.Get, "/odata/Tickets", (HttpContent?)null, ("OData-MaxVersion", version));
            Assert.Equal(version, answer.Headers.GetValues("OData-Version").Single());
        }
        Assert.Equal(
            "Org.OData.Capabilities.V1.ConformanceLevelType/Advanced", Annotation(container, "Capabilities.ConformanceLevel")!.Value);
        Assert.Equal("true", Annotation(container, "Capabilities.KeyAsSegmentSupported")!.Attribute("Bool")!.Value);
        await desk.GetAsync("/odata/Tickets/1");
        Assert.Equal("true", Annotation(container, "Capabilities.BatchSupported")!.Attribute("Bool")!.Value);
        using var batch = await desk.SendAsync(
            HttpMethod.Post, "/odata/$batch", """{"requests":[{"id":"1","method":"GET","url":"Tickets/$count"}]}""");
        Assert.True(batch.IsSuccessStatusCode);

        foreach (var set in container.Elements(Edm + "EntitySet"))
        {
            var name = set.Attribute("Name")!.Value;
            var type = set.Attribute("EntityType")!.Value.Split('.')[1];
            var id = metadata
                .Descendants(Edm + "EntityType")
                .Single(t => t.Attribute("Name")!.Value == type)
                .Descendants(Edm + "PropertyRef")
                .Single()
                .Attribute("Name")!
                .Value;
            await desk.GetAsync($"/odata/{name}?$top=1&$skip=1&$compute={id} add 1 as Next");
            using var search = await desk.SendAsync(HttpMethod.Get, $"/odata/{name}?$search=a", (HttpContent?)null);
            Assert.Equal(Value(set, "SearchRestrictions", "Searchable"), search.IsSuccessStatusCode ? "true" : "false");
            using var delete = await desk.SendAsync(HttpMethod.Delete, $"/odata/{name}(2)");
            Assert.Equal(Value(set, "DeleteRestrictions", "Deletable"), delete.IsSuccessStatusCode ? "true" : "false");
            using var tracked = await desk.SendAsync(HttpMethod.Get, $"/odata/{name}", (HttpContent?)null, ("Prefer", "track-changes"));
            Assert.Equal(Value(set, "ChangeTracking", "Supported"), tracked.Headers.Contains("Preference-Applied") ? "true" : "false");
            var (post, patch) = Others.GetValueOrDefault(
                name, ("""{"Title":"t","Description":"d","Category":"general","Priority":"low"}""", """{"Priority":"high"}"""));
            using var insert = await desk.SendAsync(
                HttpMethod.Post, $"/odata/{name}", post.Replace("{n}", $"{Guid.NewGuid():N}", StringComparison.Ordinal));
            Assert.Equal(Value(set, "InsertRestrictions", "Insertable"), insert.IsSuccessStatusCode ? "true" : "false");
            var key = (await desk.RowsAsync($"/odata/{name}?$top=1&$select={id}"))[0][id];
            using var update = await desk.SendAsync(
                HttpMethod.Patch, $"/odata/{name}({key})", patch.Replace("{n}", "x", StringComparison.Ordinal));
            Assert.Equal(Value(set, "UpdateRestrictions", "Updatable"), update.IsSuccessStatusCode ? "true" : "false");
            var transformations = Annotation(set, "Aggregation.ApplySupported")!.Descendants(Edm + "String").Select(s => s.Value).ToList();
            Assert.Equal(Transformations.Keys.Where(t => t != "search" || name == "Tickets").Order(), transformations.Order());
            foreach (var transformation in transformations)
                Assert.NotEmpty(await desk.RowsAsync(
                    $"/odata/{name}?$apply={Transformations[transformation].Replace("{id}", id, StringComparison.Ordinal)}"));
        }
    }

    [Theory, Providers]
    public async Task What_it_says_of_writing_is_so(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        await desk.SeedAsync(1);
        var metadata = XDocument.Parse(await desk.Client.GetStringAsync("/odata/$metadata", Cancel));
        var container = metadata.Descendants(Edm + "EntityContainer").Single();
        var tickets = container.Elements(Edm + "EntitySet").Single(set => set.Attribute("Name")!.Value == "Tickets");
        const string whole = """{"Title":"t","Description":"d","Category":"general","Priority":"low"}""";
        foreach (var method in Annotation(tickets, "Capabilities.UpdateRestrictions")!
            .Descendants(Edm + "EnumMember")
            .Single()
            .Value.Split(' ')
            .Select(name => name[(name.IndexOf('/') + 1)..]))
        {
            using var update = await desk.SendAsync(new HttpMethod(method), "/odata/Tickets(1)", whole);
            Assert.True(update.IsSuccessStatusCode, method);
            Assert.Equal("false", Value(tickets, "UpdateRestrictions", "Upsertable"));
            using var upsert = await desk.SendAsync(new HttpMethod(method), "/odata/Tickets(99)", whole);
            Assert.False(upsert.IsSuccessStatusCode, method);
        }
        foreach (var (term, method, url) in new[]
        {
            ("DeepInsertSupport", "POST", "Tickets"),
            ("DeepUpdateSupport", "PATCH", "Tickets(1)"),
        })
        {
            Assert.Equal("false", Value(container, term, "Supported"));
            using var deep = await desk.SendAsync(
                new HttpMethod(method), $"/odata/{url}", whole.Replace("{", "{\"Events\":[],", StringComparison.Ordinal));
            Assert.False(deep.IsSuccessStatusCode, term);
        }
        foreach (var operation in metadata.Descendants().Where(e => e.Name == Edm + "Action" || e.Name == Edm + "Function"))
        {
            var bound = operation
                .Elements(Edm + "Parameter")
                .First()
                .Attribute("Type")!
                .Value.StartsWith("Collection(", StringComparison.Ordinal)
                ? "Tickets"
                : "Tickets(1)";
            foreach (var name in new[] { operation.Attribute("Name")!.Value, $"SupportTickets.{operation.Attribute("Name")!.Value}" })
            {
                var parameters = string.Join(
                    ',',
                    operation
                        .Elements(Edm + "Parameter")
                        .Skip(1)
                        .Select(p =>
                            $"\"{p.Attribute("Name")!.Value}\":{p.Attribute("Type")!.Value switch
                            {
                                "Edm.String" => "\"x\"",
                                "Collection(Edm.String)" => "[\"x\"]",
                                _ => "null",
                            }}"));
                using var call =
                    operation.Name == Edm + "Action"
                    ? await desk.SendAsync(HttpMethod.Post, $"/odata/{bound}/{name}", $"{{{parameters}}}")
                    : await desk.SendAsync(HttpMethod.Get, $"/odata/{bound}/{name}()");
                Assert.True(call.IsSuccessStatusCode, name);
            }
        }
    }

    private static async Task<XDocument> ReadAsync(Provider provider)
    {
        await using var desk = await FeedDesk.StartAsync(provider);
        return XDocument.Parse(await desk.Client.GetStringAsync("/odata/$metadata", Cancel));
    }

    private static XElement? Annotation(XElement of, string term) =>
        of.Elements(Edm + "Annotation").SingleOrDefault(a => a.Attribute("Term")!.Value == term);

    private static string Value(XElement set, string term, string property) =>
        Annotation(set, $"Capabilities.{term}")!
            .Descendants(Edm + "PropertyValue")
            .Single(v => v.Attribute("Property")!.Value == property)
            .Attribute("Bool")!
            .Value;

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
