using System.Text.Json;
using System.Xml.Linq;
using SupportTickets.OData.Sets;

namespace SupportTickets.Connect;

/// <summary>
/// A file that opens the feed in another program, at the address from which the file was fetched. Its name never changes, because
/// people keep links to it.
/// </summary>
/// <param name="Name">The file's name, the last part of its address.</param>
/// <param name="Program">The program that opens it.</param>
/// <param name="Title">What is in it.</param>
/// <param name="Meaning">A sentence about its contents, with their units.</param>
/// <param name="Query">The entity set with its options, relative to the feed; null for the whole feed.</param>
public sealed record ConnectFile(string Name, string Program, string Title, string Meaning, string? Query)
{
    private const string Excel = "Excel";

    /// <summary>All files.</summary>
    public static readonly IReadOnlyList<ConnectFile> All =
    [
        new("tickets.odc", Excel, "All tickets", "A row for each ticket, with every field.", null),
        new("tickets-per-day.odc", Excel, "Tickets per day", "How many tickets came in on each day (UTC).",
            $"{FeedSets.Tickets.Name}?$apply=groupby((CreatedDate),aggregate($count as Created))&$orderby=CreatedDate"),
        new("backlog.odc", Excel, "Backlog", "How many tickets are open or in progress now, by status and priority.",
            $"{FeedSets.Tickets.Name}?$apply=filter(Status eq 'open' or Status eq 'in_progress')"
            + "/groupby((Status,Priority),aggregate($count as Tickets))&$orderby=Status,Priority"),
        new("resolution-times.odc", Excel, "Resolution times",
            "Whole minutes from creation to the last resolution, by priority and category: average, shortest, longest.",
            $"{FeedSets.Tickets.Name}?$apply=filter(ResolvedAt ne null)"
            + "/groupby((Priority,Category),aggregate($count as Resolved,ResolutionMinutes with average as AverageMinutes,"
            + "ResolutionMinutes with min as ShortestMinutes,ResolutionMinutes with max as LongestMinutes))&$orderby=Priority,Category"),
        new("tickets.pbids", "Power BI", "The whole feed", "Tickets and their events, to choose from.", null),
    ];

    /// <summary>Its media type.</summary>
    public string ContentType => Program == Excel ? "text/x-ms-odc; charset=utf-8" : "application/json; charset=utf-8";

    /// <summary>Its content.</summary>
    /// <param name="feed">The address of the feed, with a slash at its end.</param>
    public string Content(Uri feed) => Program == Excel ? Odc(feed) : Pbids(feed);

    // The name of the query in Excel: one that needs no quotes in a connection string.
    private string QueryName => Title.Replace(" ", "", StringComparison.Ordinal);

    private string Formula(Uri feed) => Query is null
        ? $"let\n    Source = {PowerQuery.Feed(feed.AbsoluteUri)},\n"
            + $"    Tickets = Source{{[Name={PowerQuery.Text(FeedSets.Tickets.Name)},Signature=\"table\"]}}[Data]\nin\n    Tickets"
        : $"let\n    Source = {PowerQuery.Feed(new Uri(feed, Query).AbsoluteUri)}\nin\n    Source";

    private static string Pbids(Uri feed) => JsonSerializer.Serialize(
        new PowerBiSource("0.1", [new(new("odata", new(feed.AbsoluteUri)), "Import")]), Json);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private sealed record PowerBiSource(string Version, IReadOnlyList<PowerBiConnection> Connections);

    private sealed record PowerBiConnection(PowerBiDetails Details, string Mode);

    private sealed record PowerBiDetails(string Protocol, PowerBiAddress Address);

    private sealed record PowerBiAddress(string Url);

    // An HTML page with two XML elements, as Excel itself exports a query: the connection, and the query as an XML document in a
    // text node. The library escapes both layers.
    private string Odc(Uri feed)
    {
        XNamespace odc = "urn:schemas-microsoft-com:office:odc", office = "urn:schemas-microsoft-com:office:office";
        var properties = new XElement(office + "DocumentProperties",
            new XAttribute(XNamespace.Xmlns + "o", office),
            new XElement(office + "Description", Meaning),
            new XElement(office + "Name", Title));
        var connection = new XElement(odc + "OfficeDataConnection",
            new XAttribute(XNamespace.Xmlns + "odc", odc),
            new XElement(odc + "PowerQueryConnection",
                new XAttribute(odc + "Type", "OLEDB"),
                new XElement(odc + "ConnectionString",
                    $"Provider=Microsoft.Mashup.OleDb.1;Data Source=$Workbook$;Location={QueryName};Extended Properties=\"\""),
                new XElement(odc + "CommandType", "SQL"),
                new XElement(odc + "CommandText", $"SELECT * FROM [{QueryName}]")),
            new XElement(odc + "PowerQueryMashupData", Mashup(feed).ToString(SaveOptions.DisableFormatting)));
        return $"""
            <html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns="http://www.w3.org/TR/REC-html40">
            <head>
            <meta http-equiv=Content-Type content="text/x-ms-odc; charset=utf-8">
            <meta name=ProgId content=ODC.Database>
            <meta name=SourceType content=OLEDB>
            <title>{Title}</title>
            <xml id=docprops>{properties.ToString(SaveOptions.DisableFormatting)}</xml>
            <xml id=msodc>{connection.ToString(SaveOptions.DisableFormatting)}</xml>
            </head>
            <body></body>
            </html>

            """;
    }

    private XElement Mashup(Uri feed)
    {
        XNamespace mashup = "http://schemas.microsoft.com/DataMashup", instance = "http://www.w3.org/2001/XMLSchema-instance";
        return new(mashup + "Mashup",
            new XAttribute(XNamespace.Xmlns + "xsi", instance),
            new XElement(mashup + "Client", "EXCEL"),
            new XElement(mashup + "Version", "2.61.5192.1301"),
            new XElement(mashup + "MinVersion", "2.21.0.0"),
            new XElement(mashup + "Culture", "en-US"),
            new XElement(mashup + "SafeCombine", "true"),
            new XElement(mashup + "Items",
                new XElement(mashup + "Query",
                    new XAttribute("Name", QueryName),
                    new XElement(mashup + "Formula", Formula(feed)),
                    new XElement(mashup + "IsParameterQuery", new XAttribute(instance + "nil", "true")),
                    new XElement(mashup + "IsDirectQuery", new XAttribute(instance + "nil", "true")))));
    }
}
