using System.Security.Cryptography;
using Microsoft.Extensions.FileProviders;

namespace SupportTickets.Pages.Shared;

/// <summary>
/// The scripts and styles under an address that changes when one of them does, so that browsers keep them without asking:
/// /js/VERSION/site.js. The fingerprints of the platform do not reach what a script imports, which asks for "./keep.js" wherever it
/// comes from, nor the pages of errors. Below a folder of the version every import is in the same folder, and needs no import map, which
/// would be an inline script.
/// </summary>
internal sealed class PageFiles(IWebHostEnvironment environment)
{
    private static readonly string[] Folders = ["css", "js"];

    private readonly Lazy<string> _version = new(() => VersionOf(environment.WebRootFileProvider));

    /// <summary>The address of a script.</summary>
    /// <param name="name">The name of its file.</param>
    public string Script(string name) => $"/js/{_version.Value}/{name}";

    /// <summary>The address of a style sheet.</summary>
    /// <param name="name">The name of its file.</param>
    public string Style(string name) => $"/css/{_version.Value}/{name}";

    /// <summary>
    /// Finds the file of a versioned address. One of another version is found too: while an update is under way another instance may
    /// have made the page. It is not kept.
    /// </summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Request.Path.Value?.Split('/') is ["", var folder, var version, var name] && Folders.Contains(folder))
        {
            context.Request.Path = $"/{folder}/{name}";
            if (version == _version.Value && !environment.IsDevelopment()) KeepIfFound(context.Response);
        }
        return next(context);
    }

    private static void KeepIfFound(HttpResponse response) => response.OnStarting(static state =>
    {
        var answer = (HttpResponse)state;
        if (answer.StatusCode is StatusCodes.Status200OK or StatusCodes.Status304NotModified)
            answer.Headers.CacheControl = "max-age=31536000, immutable";
        return Task.CompletedTask;
    }, response);

    private static string VersionOf(IFileProvider root)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Folders.SelectMany(root.GetDirectoryContents).Where(IsShown).OrderBy(NameOf, StringComparer.Ordinal))
        {
            using var content = file.CreateReadStream();
            hash.AppendData(SHA256.HashData(content));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..12];

        static string NameOf(IFileInfo file) => file.Name;

        // Not the compressed copies that publishing adds.
        static bool IsShown(IFileInfo file) => Path.GetExtension(file.Name) is ".css" or ".js";
    }
}
