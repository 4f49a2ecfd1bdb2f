using Microsoft.Net.Http.Headers;
using SupportTickets.Access;
using SupportTickets.Core;
using SupportTickets.Http;

namespace SupportTickets.Connect;

/// <summary>The files that open the feed in other programs, at /connect/NAME. The page that explains them is in Pages/Connect/.</summary>
public static class ConnectFeature
{
    /// <summary>The answer to a request with an invalid Host header.</summary>
    public static readonly Fault BadHost = new(StatusCodes.Status400BadRequest, "bad_request",
        "The Host header of this request is not a valid host name, so there is no address to connect to.");

    /// <summary>Maps the files.</summary>
    public static void MapConnect(this WebApplication app)
    {
        foreach (var file in ConnectFile.All)
        {
            app.MapMethods($"/connect/{file.Name}", [HttpMethods.Get, HttpMethods.Head], context => WriteAsync(context, file))
                .Requires(Right.read);
        }
    }

    private static Task WriteAsync(HttpContext context, ConnectFile file)
    {
        if (FeedAddress.Of(context.Request) is not { } feed)
            return context.WriteFaultAsync(BadHost);
        var headers = context.Response.GetTypedHeaders();
        headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = file.Name };
        headers.CacheControl = new() { NoStore = true }; // it contains the host name of the request
        return Results.Text(file.Content(feed), file.ContentType).ExecuteAsync(context);
    }
}
