using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Views;

namespace SupportTickets.Pages.Shared;

/// <summary>Writes an error as a page in the design of the others, without using the database.</summary>
public sealed class FaultPage(
    IActionResultExecutor<ViewResult> views, IModelMetadataProvider metadata, Configuration.Settings settings) : IFaultWriter
{
    /// <inheritdoc />
    public PathString Prefix => "/";

    /// <inheritdoc />
    public Task WriteAsync(HttpContext context, Fault fault)
    {
        // The body is what is too large, but people know the text that they wrote.
        if (fault.Code == Fault.TooLargeCode)
            fault = Of(fault.Status) with { Message = $"{Of(fault.Status).Message} A form has at most {Limit} of text." };
        var view = new ViewResult
        {
            ViewName = "/Pages/Shared/Fault.cshtml",
            StatusCode = fault.Status,
            ViewData = new ViewDataDictionary<Fault>(metadata, new ModelStateDictionary()) { Model = fault },
        };
        return views.ExecuteAsync(new ActionContext(context, context.GetRouteData(), new ActionDescriptor()), view);
    }

    private string Limit => Words.Bytes(settings.MaxRequestBytes);

    /// <summary>Writes the page for an answer that has only a status.</summary>
    public Task WriteAsync(HttpContext context) => WriteAsync(context, Of(context.Response.StatusCode));

    /// <summary>The sentence for a status.</summary>
    internal static Fault Of(int status) => status switch
    {
        400 => new(status, "bad_request", "The form could not be checked. It may have been open for too long, "
            + "or your browser blocks cookies: go back, reload the page and send it again."),
        404 => new(status, "not_found", "There is no page or ticket at this address. Check the address, or find the ticket in the list."),
        405 => new(status, "method_not_allowed", "This address does not take what was sent. Open it as a page, or go back and try again."),
        409 => new(status, "conflict", "Somebody else changed this meanwhile. Nothing was saved: "
            + "copy what you wrote, reload the page and make your change again."),
        413 => new(status, Fault.TooLargeCode, "What you sent is too large. Nothing was saved: shorten the text, or attach it as a file."),
        415 => new(status, "unsupported_media_type", "This address takes forms only. Use the form on the page, or the API."),
        429 => new(status, "too_many_requests", "More came from you than this desk takes at once. Nothing was saved: "
            + "wait a minute, then go back and send it again."),
        503 => new(status, "service_unavailable", "The database cannot be reached right now. Nothing was saved: "
            + "wait a moment, then try again."),
        < 500 => new(status, "bad_request", "The server did not understand this request. Go back and try again."),
        _ => new(status, "internal_error", "Something went wrong on our side. Try again; if it happens again, "
            + "tell whoever runs this desk."),
    };

    /// <summary>The heading above the sentence.</summary>
    internal static string Heading(int status) => status switch
    {
        400 => "That did not work",
        401 => "Sign in first",
        403 => "You may not do this",
        404 => "Page not found",
        405 => "That does not work here",
        409 => "This changed meanwhile",
        413 => "Too large",
        415 => "That does not work here",
        429 => "Too many requests",
        503 => "The desk is out of reach for a moment",
        < 500 => "That did not work",
        _ => "Something went wrong",
    };
}
