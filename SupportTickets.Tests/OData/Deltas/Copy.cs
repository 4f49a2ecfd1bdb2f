using System.Text.Json.Nodes;

namespace SupportTickets.Tests.OData.Deltas;

/// <summary>A program that keeps a copy of a set: a full pull first, then only what changed.</summary>
internal sealed class Copy(FeedDesk desk, string query = "", int pageSize = 1000, string version = "4.0", string set = "Tickets")
{
    private readonly Dictionary<int, string> _rows = [];

    /// <summary>The rows as they were sent, by id.</summary>
    public IEnumerable<string> Rows => _rows.OrderBy(row => row.Key).Select(row => row.Value);

    public IEnumerable<int> Ids => _rows.Keys.Order();

    /// <summary>Where the changes since the last pull are.</summary>
    public string? Link { get; private set; }

    /// <summary>Pages of the last pull.</summary>
    public int Pages { get; private set; }

    /// <summary>What the last pull told, in its order: an id, or one that is removed with the reason.</summary>
    public List<string> Told { get; } = [];

    private string Prefix => version == "4.0" ? "@odata." : "@";

    /// <summary>Takes everything.</summary>
    /// <param name="between">Runs after each page but the last.</param>
    public Task PullAsync(Func<Task>? between = null)
    {
        _rows.Clear();
        return WalkAsync($"/odata/{set}?{query}", between);
    }

    /// <summary>Takes what changed.</summary>
    public Task FollowAsync(Func<Task>? between = null) => WalkAsync(Link!, between);

    /// <summary>What a full pull gives now.</summary>
    public async Task<IEnumerable<string>> FreshAsync()
    {
        var fresh = new Copy(desk, query, pageSize: 1000, version, set);
        await fresh.PullAsync();
        return fresh.Rows;
    }

    private async Task WalkAsync(string url, Func<Task>? between)
    {
        Told.Clear();
        Pages = 0;
        for (string? next = url; next is not null;)
        {
            var page = await desk.GetAsync(
                next, ("Prefer", Pages == 0 ? $"track-changes,maxpagesize={pageSize}" : $"maxpagesize={pageSize}"),
                ("OData-MaxVersion", version));
            Pages++;
            Assert.True(page["value"]!.AsArray().Count <= pageSize);
            Assert.True(Pages < 10_000, "The walk does not end.");
            foreach (var row in page["value"]!.AsArray())
                Apply(row!.AsObject());
            next = page[Prefix + "nextLink"]?.GetValue<string>();
            Link = page[Prefix + "deltaLink"]?.GetValue<string>();
            Assert.True(next is null != Link is null, "The last page, and only that, has a deltaLink.");
            if (next is not null && between is not null) await between();
        }
    }

    private void Apply(JsonObject row)
    {
        var reason =
            version == "4.0"
            && row["@odata.context"]?.GetValue<string>().EndsWith($"#{set}/$deletedEntity", StringComparison.Ordinal) == true
                ? row["reason"]
                : row["@removed"]?["reason"];
        if (reason is null)
        {
            var id = row["Id"]!.GetValue<int>();
            _rows[id] = row.ToJsonString();
            Told.Add($"{id}");
            return;
        }
        var address = (row["id"] ?? row["@id"])!.GetValue<string>();
        var gone = int.Parse(address.Split('(', ')')[1]);
        Assert.Equal($"http://localhost/odata/{set}({gone})", address);
        _rows.Remove(gone);
        Told.Add($"{gone} {reason}");
    }
}
