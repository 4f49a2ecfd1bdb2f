namespace SupportTickets.Tests.Clients;

/// <summary>The client that odata2ts makes of the approved <c>$metadata</c> in a folder of its own, made and compiled once.</summary>
public sealed class TypedClient : IDisposable
{
    private readonly Lazy<Task<IReadOnlyList<string>>> _errors;

    public TypedClient() => _errors = new(BuildAsync);

    public string Folder { get; } = Directory.CreateTempSubdirectory("odata2ts-").FullName;

    /// <summary>What the compiler complained about.</summary>
    public Task<IReadOnlyList<string>> ErrorsAsync() => _errors.Value;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private async Task<IReadOnlyList<string>> BuildAsync()
    {
        var metadata = Path.Combine(AppContext.BaseDirectory, "OData", "approved-metadata.xml");
        var built = await Node.RunAsync("odata2ts-build.mjs", metadata, Folder);
        return [.. built["errors"]!.AsArray().Select(error => error!.GetValue<string>())];
    }
}
