using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using SpreadCheetah;
using SupportTickets.Data;
using SupportTickets.Export;
using SupportTickets.OData.Batch;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What .NET itself and SpreadCheetah do wrong with files and bodies. A test that fails says that the library was mended: look at the code
/// that the test names, it can go or be simplified.
/// </summary>
public sealed class PlatformFaults
{
    /// <summary>Some grids send them. Therefore <see cref="MultipartParts"/>.</summary>
    [Fact]
    public async Task Multipart_with_bare_line_feeds_is_not_read()
    {
        const string body = "--b\r\nContent-Type: application/http\r\n\r\nGET Items HTTP/1.1\r\n\r\n\r\n--b--\r\n";
        Assert.StartsWith("GET Items", await ReadAsync(body), StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync(body.Replace("\r\n", "\n", StringComparison.Ordinal)));

        static async Task<string?> ReadAsync(string body)
        {
            var parts = new MultipartReader("b", new MemoryStream(Encoding.UTF8.GetBytes(body)));
            var part = await parts.ReadNextSectionAsync(TestContext.Current.CancellationToken);
            return part is null ? null : await part.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A server forbids it. Therefore <see cref="WriteBuffer"/>.</summary>
    [Fact]
    public async Task A_ZIP_archive_writes_synchronously_also_when_it_is_used_asynchronously()
    {
        var destination = new Watched();
        await using (var archive = await ZipArchive.CreateAsync(
            destination, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, TestContext.Current.CancellationToken))
        {
            await using var entry = await archive.CreateEntry("a").OpenAsync(TestContext.Current.CancellationToken);
            await entry.WriteAsync(new byte[10], TestContext.Current.CancellationToken);
        }
        Assert.NotEqual(0, destination.Synchronous);
    }

    /// <summary>The text is that of the number itself. Worked around in <see cref="QueryFunctions.Remainder"/>.</summary>
    [Fact]
    public void A_decimal_is_converted_to_another_number_than_it_is_written_as()
    {
        Assert.Equal(28.599999999999998, double.Parse("28.599999999999998", CultureInfo.InvariantCulture));
        Assert.NotEqual(28.599999999999998, (double)28.599999999999998m);
    }

    /// <summary>
    /// Readers of XML take a carriage return for a line feed, Excel an escape for a character, and U+FFFE is no character of XML. Worked
    /// around in <see cref="XlsxFile"/>.
    /// </summary>
    [Theory]
    [InlineData("a\u0001b", "ab")]
    [InlineData("a\rb", "a\rb")]
    [InlineData("_x0041_", "_x0041_")]
    [InlineData("a\uFFFEb", "a\uFFFEb")]
    public async Task A_cell_of_a_workbook_does_not_keep_every_text(string text, string written)
    {
        using var file = await WorkbookAsync(text, finished: true);
        using var sheet = new StreamReader(file.Entries.Single(entry => entry.Name == "sheet1.xml").Open());
        Assert.Contains($">{written}<", await sheet.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    /// <summary>So half a file looks whole. Worked around in <see cref="XlsxFile.DisposeAsync"/>.</summary>
    [Fact]
    public async Task An_unfinished_workbook_gets_the_directory_of_its_archive()
    {
        using var file = await WorkbookAsync("a", finished: false);
        Assert.NotEmpty(file.Entries);
    }

    private static async Task<ZipArchive> WorkbookAsync(string text, bool finished)
    {
        var file = new MemoryStream();
        await using (var book = await Spreadsheet.CreateNewAsync(file, cancellationToken: TestContext.Current.CancellationToken))
        {
            await book.StartWorksheetAsync("Sheet", token: TestContext.Current.CancellationToken);
            await book.AddRowAsync([new Cell(text)], TestContext.Current.CancellationToken);
            if (finished) await book.FinishAsync(TestContext.Current.CancellationToken);
        }
        return new ZipArchive(new MemoryStream(file.ToArray()));
    }

    private sealed class Watched : MemoryStream
    {
        public int Synchronous { get; private set; }

        public override bool CanSeek => false;

        public override void Write(byte[] buffer, int offset, int count)
        {
            Synchronous++;
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer) => Synchronous++;

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => default;
    }
}
