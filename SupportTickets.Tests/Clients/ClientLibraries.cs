using System.Runtime.CompilerServices;

namespace SupportTickets.Tests.Clients;

/// <summary>
/// The client libraries of others that <c>npm ci</c> puts beside this file. Where they are not, each test that needs them is
/// skipped by name.
/// </summary>
internal static class ClientLibraries
{
    /// <summary>The folder of the scripts that use them.</summary>
    public static string Scripts { get; } = Path.GetDirectoryName(ThisFile())!;

    /// <summary>The folder of a library; skips the calling test where it is not installed.</summary>
    public static string Of(string package)
    {
        var folder = Path.Combine(Scripts, "node_modules", package);
        Assert.SkipUnless(Directory.Exists(folder), $"No {package}: run npm ci in SupportTickets.Tests/Clients.");
        return folder;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
