using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using SupportTickets.Access.Limits;

namespace SupportTickets.Tests.Fixtures;

/// <summary>The server of the tests has no connections, so a test says from which address each request comes.</summary>
public static class FromAddress
{
    private const string Header = "Test-Connection-Address";

    /// <summary>Lets a desk take it. In each run the same addresses are counted together, so that none of a test is by chance.</summary>
    public static IServiceCollection AddTestAddresses(this IServiceCollection services) =>
        services.AddSingleton<IStartupFilter, Filter>().AddSingleton(new AddressBuckets([]));

    /// <summary>A client that asks from an address, with cookies of its own.</summary>
    /// <param name="desk">Started with <see cref="AddTestAddresses"/>.</param>
    /// <param name="address">Of the connection.</param>
    /// <param name="token">Sent along; null for none.</param>
    public static HttpClient ClientFrom(this Desk desk, string address, string? token = null)
    {
        var client = token is null ? desk.NewClient() : desk.ClientWith(token);
        client.MoveTo(address);
        return client;
    }

    /// <summary>Lets a client ask from another address from now on, with the cookies that it has.</summary>
    public static void MoveTo(this HttpClient client, string address)
    {
        client.DefaultRequestHeaders.Remove(Header);
        client.DefaultRequestHeaders.Add(Header, address);
    }

    private sealed class Filter : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, go) =>
            {
                if (context.Request.Headers[Header] is [{ } address]) context.Connection.RemoteIpAddress = IPAddress.Parse(address);
                return go(context);
            });
            next(app);
        };
    }
}
