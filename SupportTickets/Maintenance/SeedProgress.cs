using System.Globalization;

namespace SupportTickets.Maintenance;

/// <summary>Shows the progress of seeding: a moving bar on a terminal, a line for each tenth elsewhere.</summary>
internal sealed class SeedProgress(TextWriter output, bool isTerminal, int total, TimeProvider clock)
{
    private const int Width = 30;

    private readonly long _started = clock.GetTimestamp();
    private int _tickets;
    private long _events;
    private int _shownTenths;

    /// <summary>Adds a stored batch.</summary>
    public void Add(int tickets, int events)
    {
        _tickets += tickets;
        _events += events;
        var share = (double)_tickets / total;
        if (isTerminal)
        {
            var filled = (int)(share * Width);
            var left = clock.GetElapsedTime(_started) * (1 / share - 1);
            var bar = new string('#', filled) + new string('.', Width - filled);
            output.Write(Text($"\r[{bar}] {share,4:0%} {_tickets:N0} of {total:N0} tickets, {left.TotalSeconds:0} s left "));
        }
        else if ((int)(share * 10) > _shownTenths)
        {
            _shownTenths = (int)(share * 10);
            output.WriteLine(Text($"{_tickets:N0} of {total:N0} tickets"));
        }
    }

    /// <summary>Prints how it ended.</summary>
    public void Finish(string word)
    {
        var before = isTerminal && _tickets > 0 ? Environment.NewLine : "";
        var seconds = clock.GetElapsedTime(_started).TotalSeconds;
        output.WriteLine(Text($"{before}{word}: {_tickets:N0} tickets with {_events:N0} events in {seconds:0.0} s."));
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
