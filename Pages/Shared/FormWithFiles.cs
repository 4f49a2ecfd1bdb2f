using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using SupportTickets.Access;
using SupportTickets.Access.Limits;
using SupportTickets.Core;
using SupportTickets.Http;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Attachments;

namespace SupportTickets.Pages.Shared;

/// <summary>
/// Reads a form with files: the fields into memory, up to MAX_REQUEST_BYTES together, and the files one after the other to the disk. A
/// file that is too large or one too many does not make the form unreadable, so that a page can keep what was typed. Somebody without a
/// credential may send so many files as tickets: each is counted before it is read.
/// </summary>
internal static class FormWithFiles
{
    private const int MaxBoundaryLength = 70;

    /// <summary>The files that came with a form; they are there until the request ends.</summary>
    public static IReadOnlyList<IncomingFile> PostedFiles(this HttpContext http) => http.Features.Get<List<IncomingFile>>() ?? [];

    /// <summary>Reads the body and sets the form of the request.</summary>
    /// <returns>Whether it could be read, as far as <see cref="FormRefused"/> says.</returns>
    /// <exception cref="BadHttpRequestException">The body is over its limit, or was cut off.</exception>
    /// <exception cref="InvalidDataException">It is malformed.</exception>
    /// <exception cref="IOException">It ends too early.</exception>
    public static async Task<bool> ReadAsync(HttpContext http, Configuration.Settings settings)
    {
        var type = http.Request.GetTypedHeaders().ContentType!;
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > MaxBoundaryLength)
            return false;
        var form = new Reading(http, settings);
        http.Features.Set(form.Files);
        var reader = new MultipartReader(boundary, http.Request.Body);
        try
        {
            while (!form.IsOver && await reader.ReadNextSectionAsync(http.RequestAborted) is { } section)
            {
                if (!await form.AddAsync(section))
                    return false;
            }
        }
        catch (BadHttpRequestException error) when (
            IsTooLarge(error) && (form.IsRefused || form.Files.Exists(file => file.IsTooLarge)))
        {
            // The rest of files that are not taken anyway.
            http.Response.Headers.Connection = "close";
        }
        http.Request.Form = form.Form;
        return true;
    }

    private static bool IsTooLarge(BadHttpRequestException error) => error.StatusCode == StatusCodes.Status413PayloadTooLarge;

    private sealed class Reading(HttpContext http, Configuration.Settings settings)
    {
        private long _left = settings.MaxRequestBytes;
        private KeyValueAccumulator _fields; // a structure: a property would give a copy

        public List<IncomingFile> Files { get; } = [];

        public IFormCollection Form => new FormCollection(_fields.GetResults());

        /// <summary>Whether the rest is over the limit and is not read.</summary>
        public bool IsOver { get; private set; }

        /// <summary>Whether more files came than are taken. The rest is passed over.</summary>
        public bool IsRefused { get; private set; }

        public async Task<bool> AddAsync(MultipartSection section)
        {
            if (section.GetContentDispositionHeader() is not { } disposition)
                return false;
            if (disposition.IsFileDisposition())
                return await AddFileAsync(section, (disposition.FileNameStar.Value ?? disposition.FileName.Value)?.Trim('"'));
            return await AddFieldAsync(section, HeaderUtilities.RemoveQuotes(disposition.Name).Value ?? "");
        }

        private async Task<bool> AddFileAsync(MultipartSection section, string? name)
        {
            if (string.IsNullOrEmpty(name) || IsRefused) // nothing was chosen, or nothing more is taken
                return true;
            if (Refusal() is { } fault)
            {
                http.Features.Set(new FormRefused(fault));
                IsRefused = true;
                return true;
            }
            // What is too large altogether is not even read.
            if (http.Request.ContentLength > TakesFilesAttribute.Limit(http, settings))
                IsOver = true;
            else
            {
                try
                {
                    var file = await IncomingFile.ReadAsync(name, section.Body, settings.Attachments.MaxBytes, http.RequestAborted);
                    http.Response.RegisterForDisposeAsync(file);
                    Files.Add(file);
                    return true;
                }
                catch (BadHttpRequestException error) when (IsTooLarge(error))
                {
                    IsOver = true;
                }
            }
            Files.Add(IncomingFile.TooLarge(name));
            http.Response.Headers.Connection = "close";
            return true;
        }

        private Fault? Refusal() => Files.Count == Attachment.MaxAtOnce
            ? new(StatusCodes.Status413PayloadTooLarge, "too_many_files",
                $"More than {Attachment.MaxAtOnce} files came, and no more are taken at once. The first {Attachment.MaxAtOnce} are still "
                + "here: send these, and the others afterwards.")
            : http.RequestServices.GetRequiredService<RateLimits>().OnSubmit(http, http.Caller());

        private async Task<bool> AddFieldAsync(MultipartSection section, StringSegment name)
        {
            var bytes = new MemoryStream();
            var buffer = new byte[4096];
            for (int read; (read = await section.Body.ReadAsync(buffer, http.RequestAborted)) > 0;)
            {
                if ((_left -= read) < 0)
                    throw new BadHttpRequestException("The fields are over the limit.", StatusCodes.Status413PayloadTooLarge);
                bytes.Write(buffer, 0, read);
            }
            try
            {
                _fields.Append(name.Value!, FormPostFilter.StrictUtf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
                return _fields.ValueCount <= UrlEncoded.MaxPairs;
            }
            catch (DecoderFallbackException)
            {
                return false;
            }
        }
    }
}
