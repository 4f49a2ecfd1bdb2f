using System.Diagnostics;
using System.Text.Json.Nodes;

namespace SupportTickets.Tests.Clients;

/// <summary>The Node.js of this machine, the first on the PATH. Where there is none, each test that needs it is skipped by name.</summary>
internal static class Node
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>Runs a script that stands beside this file; gives what it printed as JSON, fails with what it complained about.</summary>
    public static async Task<JsonObject> RunAsync(string script, params string[] arguments)
    {
        var node = Find();
        Assert.SkipWhen(node is null, "No node: install Node.js.");
        var start = new ProcessStartInfo(node!)
        {
            WorkingDirectory = ClientLibraries.Scripts,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])[script, .. arguments])
            start.ArgumentList.Add(argument);
        start.Environment.Remove("NODE_OPTIONS");
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
            await Task.WhenAll(output, errors, process.WaitForExitAsync(limit.Token));
            Assert.True(process.ExitCode == 0, $"{script} ended with {process.ExitCode}: {await errors}");
            return JsonNode.Parse(await output)!.AsObject();
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => (string[])[Path.Combine(folder, "node"), Path.Combine(folder, "node.exe")]).FirstOrDefault(File.Exists);
}
