namespace SupportTickets.Tests.Fixtures;

/// <summary>Where the databases of a run are.</summary>
internal static class TestFolder
{
    private const string Memory = "/dev/shm";
    private const long Room = 2L << 30; // bytes; a run needs a few hundred MB

    /// <summary>
    /// In memory where there is room, else the folder for temporary files. A test makes some 300 files and deletes them again, and
    /// ext4 looks long for the inode of a new file where many were deleted in the last seconds: that was half of what PostgreSQL took
    /// of a run.
    /// </summary>
    public static string Path { get; } =
        Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= Room ? Memory : System.IO.Path.GetTempPath();
}
