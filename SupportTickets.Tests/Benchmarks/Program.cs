using System.Runtime.InteropServices;
using SupportTickets.Configuration;
using SupportTickets.Tests.Benchmarks;

// bare ADDRESS: the floor for answers, started by a run.
if (args is ["bare", var address])
{
    var database = DatabaseSettings.Read(Environment.GetEnvironmentVariable, requireTls: false);
    await BareEndpoint.RunAsync(address, database);
    return 0;
}
// report: the tables of all results.
if (args is ["report", .. var rest])
{
    if (Options.Parse([.. rest.TakeWhile(a => a != "--into")]) is not { } where) return 2;
    var tables = Report.All(Results.All(where.Results));
    if (rest is [.., "--into", var file]) Report.Into(file, tables);
    else Console.Write(tables);
    return 0;
}
if (Options.Parse(args) is not { } options) return 2;

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
var bad = 0;
foreach (var tickets in options.Tickets)
{
    var (results, measured) = await Run.AllAsync(options, tickets);
    Console.WriteLine(Report.Table(results));
    if (!options.Check) continue;
    foreach (var name in measured)
    {
        if (Expected.Ratio(options.IsPostgres, name) is not { } expected) continue;
        var ratio = results.Lines.TryGetValue(name, out var line) ? line.Ratio : results.Amounts[name].Ratio;
        var isBad = Expected.IsTooSlow(options.IsPostgres, name, ratio);
        Console.WriteLine($"{name}: {ratio:0.000}, expected {expected:0.000}{(isBad ? ": too slow" : "")}");
        if (isBad) bad++;
    }
}
return bad > 0 ? 1 : 0;

// What was started ends with the process.
static void End(PosixSignalContext signal) => Environment.Exit(130);
