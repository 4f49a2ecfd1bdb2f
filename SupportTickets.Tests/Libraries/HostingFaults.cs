using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;
using SupportTickets.Configuration;
using SupportTickets.Hosting;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What ASP.NET Core does wrong in front of the faces. A test that fails says that the library was mended: look at the code that the test
/// names, it can go or be simplified.
/// </summary>
public sealed class HostingFaults
{
    /// <summary>It stands in every link then. Worked around in <see cref="TrustedProxies"/>.</summary>
    [Fact]
    public async Task A_proxy_may_forward_any_word_as_the_scheme() =>
        Assert.Equal("javascript", await SchemeAsync(("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "javascript")));

    /// <summary>RFC 7239, 6.2. A redirect to HTTPS goes round in circles then. Worked around in <see cref="TrustedProxies"/>.</summary>
    [Fact]
    public async Task The_scheme_is_dropped_with_an_address_that_a_proxy_does_not_tell()
    {
        Assert.Equal("http", await SchemeAsync(("X-Forwarded-For", "unknown"), ("X-Forwarded-Proto", "https")));
        Assert.Equal("https", await SchemeAsync(("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https")));
    }

    /// <summary>Worked around in <see cref="HostNames"/>, before anybody asks.</summary>
    [Fact]
    public void To_read_the_host_of_a_request_can_fail()
    {
        var request = new DefaultHttpContext().Request;
        request.Headers.Host = "xn--99999999999.example";
        Assert.ThrowsAny<ArgumentException>(() => request.Host);
    }

    /// <summary>
    /// It is set at once, and an error clears what was set before it. Therefore <see cref="SecurityHeaders.UseHttpsOnly"/>.
    /// </summary>
    [Fact]
    public async Task An_error_loses_the_header_that_keeps_to_HTTPS()
    {
        await using var site = await StartAsync(app =>
        {
            app.UseHsts();
            app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("failed")));
            app.Run(context => context.Request.Path == "/fails" ? throw new InvalidOperationException() : Task.CompletedTask);
        });
        using var client = site.GetTestClient();
        Assert.True(await HasHeaderAsync("/"));
        Assert.False(await HasHeaderAsync("/fails"));

        async Task<bool> HasHeaderAsync(string path)
        {
            using var response = await client.GetAsync(new Uri($"https://desk.example{path}"), TestContext.Current.CancellationToken);
            return response.Headers.Contains("Strict-Transport-Security");
        }
    }

    /// <summary>So <see cref="BodyLimit"/> counts by itself there.</summary>
    [Fact]
    public async Task The_server_of_tests_has_no_limit_of_a_body()
    {
        await using var site = await StartAsync(_ => { });
        var context = await site.GetTestServer().SendAsync(_ => { }, TestContext.Current.CancellationToken);
        Assert.Null(context.Features.Get<IHttpMaxRequestBodySizeFeature>());
    }

    private static async Task<WebApplication> StartAsync(Action<WebApplication> configure)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        var site = builder.Build();
        configure(site);
        await site.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    private static async Task<string> SchemeAsync(params (string Name, string Value)[] headers)
    {
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
        var scheme = "";
        await using var site = await StartAsync(app =>
        {
            app.UseForwardedHeaders(options); // of proxies on this machine, by default
            app.Run(context =>
            {
                scheme = context.Request.Scheme;
                return Task.CompletedTask;
            });
        });
        await site.GetTestServer().SendAsync(
            context =>
            {
                context.Connection.RemoteIpAddress = IPAddress.Loopback;
                foreach (var (name, value) in headers) context.Request.Headers[name] = value;
            },
            TestContext.Current.CancellationToken);
        return scheme;
    }
}
