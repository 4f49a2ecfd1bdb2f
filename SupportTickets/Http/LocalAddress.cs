using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Infrastructure;

namespace SupportTickets.Http;

/// <summary>
/// The only place that redirects a browser: always to an address of this desk, and always in ASCII, because a header takes nothing
/// else. Every <c>Redirect(...)</c> of a page goes through it.
/// </summary>
internal sealed class LocalAddress : IActionResultExecutor<RedirectResult>
{
    /// <summary>The target for an address that is not of this desk.</summary>
    public const string Home = "/";

    // The characters that a path or query may contain unencoded (RFC 3986, 3.3 and 3.4), and the percent sign of encoded ones.
    private static readonly SearchValues<byte> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%"u8);

    /// <summary>The address for a Location header.</summary>
    /// <param name="address">The address that was asked for.</param>
    /// <param name="otherwise">The one to take when that leads elsewhere or is invalid.</param>
    public static string Of(string? address, string otherwise = Home) => IsLocal(address) ? Encode(address!) : otherwise;

    /// <inheritdoc />
    public Task ExecuteAsync(ActionContext context, RedirectResult result)
    {
        context.HttpContext.Response.Redirect(Of(result.Url), result.Permanent, result.PreserveMethod);
        return Task.CompletedTask;
    }

    // Browsers read a backslash as a slash and ignore tabs and line breaks: "/\host" and "/<tab>/host" lead to another host.
    private static bool IsLocal(string? address) =>
        address is ['/', ..] && address is not ['/', '/' or '\\', ..] && !address.Any(BreaksLine);

    private static bool BreaksLine(char c) =>
        char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static string Encode(string address)
    {
        var encoded = new StringBuilder(address.Length);
        foreach (var b in Encoding.UTF8.GetBytes(address))
        {
            if (Plain.Contains(b)) encoded.Append((char)b);
            else encoded.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return encoded.ToString();
    }
}

/// <summary>Redirects outside of pages.</summary>
internal static class LocalRedirects
{
    /// <summary>Redirects (302) to an address of this desk.</summary>
    public static void RedirectTo(this HttpResponse response, string address) => response.Redirect(LocalAddress.Of(address));
}
