using System.Diagnostics;
using System.Globalization;
using SupportTickets.Tests.Fixtures;

namespace SupportTickets.Tests.Benchmarks;

/// <summary>A program that serves HTTP: the desk, or the bare endpoint.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private Server(Process process, string address)
    {
        _process = process;
        Address = address;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop(); // after Ctrl+C
        Client = new HttpClient { BaseAddress = new(address), Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address { get; }

    /// <summary>A client for requests that are sent one at a time.</summary>
    public HttpClient Client { get; }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the published desk and waits until it is warm.</summary>
    public static Task<Server> DeskAsync(string folder, Database database) =>
        StartAsync(address => Dotnet([Path.Combine(folder, "SupportTickets.dll"), "--urls", address], database));

    /// <summary>Starts the bare endpoint: this program with another verb.</summary>
    public static Task<Server> BareAsync(Database database) =>
        StartAsync(address => Dotnet([typeof(Server).Assembly.Location, "bare", address], database));

    /// <summary>How to start a program of .NET on a database.</summary>
    public static ProcessStartInfo Dotnet(IEnumerable<string> arguments, Database database) => new("dotnet", arguments)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        Environment = { ["DATABASE_URL"] = database.Url, ["ACCESS"] = "open", ["TRIAGE"] = "off" },
    };

    /// <summary>Resident memory now (VmRSS), or at most since the last <see cref="ForgetPeak"/> (VmHWM), in MB.</summary>
    public double Memory(string entry = "VmRSS")
    {
        var line = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith(entry, StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Lets the peak begin at what is resident now.</summary>
    public void ForgetPeak() => File.WriteAllText($"/proc/{_process.Id}/clear_refs", "5");

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Stop();
        await _process.WaitForExitAsync();
    }

    private void Stop()
    {
        if (!_process.HasExited) _process.Kill();
    }

    private static async Task<Server> StartAsync(Func<string, ProcessStartInfo> start)
    {
        var address = $"http://127.0.0.1:{PostgresCluster.FreePort()}";
        var process = Process.Start(start(address))!;
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.ErrorDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginErrorReadLine();
        var server = new Server(process, address);
        var waited = Stopwatch.StartNew();
        while (!await server.IsHealthyAsync())
        {
            if (process.HasExited || waited.Elapsed > Patience)
            {
                await server.DisposeAsync();
                throw new InvalidOperationException("A program did not start.");
            }
            await Task.Delay(50);
        }
        return server;
    }

    private async Task<bool> IsHealthyAsync()
    {
        try
        {
            using var answer = await Client.GetAsync("/healthz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
