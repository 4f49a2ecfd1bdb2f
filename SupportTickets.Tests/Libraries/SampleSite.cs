using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.OData;
using Microsoft.AspNetCore.OData.Query;
using Microsoft.AspNetCore.OData.Routing.Controllers;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace SupportTickets.Tests.Libraries;

#pragma warning disable CA1822 // An action of a controller is a method of its object.

/// <summary>A site of the library's own making: its controllers, its formatters, its batches, and nothing of the desk.</summary>
public sealed class SampleSite : IAsyncLifetime
{
    private WebApplication? _site;

    private HttpClient? _client;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        Sample.AddTo(builder.Services).AddControllers().ConfigureApplicationPartManager(manager =>
        {
            manager.ApplicationParts.Clear();
            manager.ApplicationParts.Add(new Controllers());
        });
        _site = builder.Build();
        _site.UseODataBatching();
        _site.UseRouting();
        _site.MapControllers();
        await _site.StartAsync();
        _client = _site.GetTestClient();
    }

    /// <summary>Sends a request below /odata.</summary>
    internal Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"), headers);

    /// <summary>Sends a request below /odata.</summary>
    internal async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(Sample.Root, path)) { Content = body };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await _client!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>The body of an answer that came whole.</summary>
    internal async Task<string> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(HttpMethod.Get, path, body: null, headers);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The answer says that all is well, and then breaks off.</summary>
    internal async Task BreaksOffAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(HttpMethod.Get, path, body: null, headers);
        Assert.True(response.IsSuccessStatusCode);
        await Assert.ThrowsAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_site is not null) await _site.DisposeAsync();
    }

    private sealed class Controllers : ApplicationPart, IApplicationPartTypeProvider
    {
        public override string Name => nameof(Controllers);

        public IEnumerable<TypeInfo> Types =>
            [typeof(MetadataController).GetTypeInfo(), typeof(ItemsController).GetTypeInfo(), typeof(PartsController).GetTypeInfo()];
    }
}

public sealed class ItemsController : ODataController
{
    private static readonly List<Item> Items =
        [.. Enumerable.Range(1, 4).Select(id => new Item { Id = id, Name = $"Item {id}", Parts = [new() { Id = 10 * id, Size = id }] })];

    [EnableQuery(PageSize = 3)]
    public IQueryable<Item> Get() => Items.AsQueryable();

    /// <summary>Tells what the library made of the body.</summary>
    public IActionResult Post([FromBody] Item? item) => Content(item is null ? "null" : $"{item.Grade:D} {item.Note}");
}

public sealed class PartsController : ODataController
{
    [EnableQuery]
    public IQueryable<Part> Get() => Failing().AsQueryable();

    // As a database that goes away after the first row.
    private static IEnumerable<Part> Failing()
    {
        yield return new() { Id = 1 };
        throw new InvalidOperationException("The database went away.");
    }
}
