using System.Threading.Channels;
using Microsoft.Playwright;

namespace SupportTickets.Tests.Pages;

/// <summary>The uploads of a page, each of which is held until a test lets it go on.</summary>
internal sealed class HeldUploads
{
    private readonly Channel<IRoute> _held = Channel.CreateUnbounded<IRoute>();

    /// <summary>Holds all uploads from now on.</summary>
    public static async Task<HeldUploads> OfAsync(IPage page)
    {
        var uploads = new HeldUploads();
        await page.RouteAsync("**/files?name=*", route => uploads._held.Writer.WriteAsync(route).AsTask());
        return uploads;
    }

    /// <summary>Waits for the next one.</summary>
    public Task<IRoute> NextAsync() => _held.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask();
}
