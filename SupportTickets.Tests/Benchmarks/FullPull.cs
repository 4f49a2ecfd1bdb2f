using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>All tickets by one caller: from the desk page by page, from the bare endpoint as one stream.</summary>
internal sealed partial class FullPull(Server desk, Server bare, Database database)
{
    private const int TailBytes = 4096; // the address of the next page is at the end of a page

    private readonly byte[] _buffer = new byte[1 << 16];

    /// <summary>Measures both, one after the other, after a page of each that does not count.</summary>
    public async Task<(Amount Time, Amount Memory)> MeasureAsync()
    {
        await ReadAsync(desk, "/odata/Tickets?$top=10000");
        await ReadAsync(bare, "/id/10000");
        var ours = await MeasureAsync(desk, async () =>
        {
            for (string? path = "/odata/Tickets"; path is not null;)
                path = NextLink().Match(await ReadAsync(desk, path)) is { Success: true } link ? link.Groups[1].Value : null;
        });
        var floor = await MeasureAsync(bare, () => ReadAsync(bare, "/all"));
        var copy = await database.OnceAsync($"SELECT {Lines.Columns} FROM tickets ORDER BY id");
        return (
            new("Full pull by nextLink, maxpagesize 10000", "s", ours.Seconds, floor.Seconds,
                $"floor: the bare endpoint, one stream; CPU {ours.Cpu} s, floor {floor.Cpu} s; by SQL {copy:0.0} s", "1.3 times the floor"),
            new("Peak of resident memory in it", "MB", ours.Peak, floor.Peak, "floor: the bare endpoint", "250"));
    }

    private async Task<(double Seconds, string Cpu, double Peak)> MeasureAsync(Server server, Func<Task> pull)
    {
        server.ForgetPeak();
        var (app, db, watch) = (server.Cpu, database.Cpu, Stopwatch.StartNew());
        await pull();
        var seconds = watch.Elapsed.TotalSeconds;
        var ofDatabase = database.Cpu - db is { } time ? $" + {time.TotalSeconds:0.0}" : "";
        return (seconds, $"{(server.Cpu - app).TotalSeconds:0.0}{ofDatabase}", server.Memory("VmHWM"));
    }

    // Reads an answer without keeping it, and gives its end.
    private async Task<string> ReadAsync(Server server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Prefer", "odata.maxpagesize=10000");
        using var answer = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var body = await answer.Content.ReadAsStreamAsync();
        var tail = Array.Empty<byte>();
        for (int read; (read = await body.ReadAsync(_buffer)) > 0;)
        {
            var part = _buffer.AsSpan(Math.Max(0, read - TailBytes), Math.Min(read, TailBytes));
            var kept = tail.AsSpan(Math.Max(0, tail.Length + part.Length - TailBytes));
            tail = [.. kept, .. part];
        }
        return Encoding.UTF8.GetString(tail);
    }

    [GeneratedRegex("\"@odata\\.nextLink\":\"([^\"]+)\"")]
    private static partial Regex NextLink();
}
