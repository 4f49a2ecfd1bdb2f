using System.Text;
using System.Xml;
using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.AspNetCore.OData.Formatter.Serialization;
using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Vocabularies.V1;
using SupportTickets.OData.Answers;
using SupportTickets.OData.Delta;
using SupportTickets.OData.Model;
using SupportTickets.OData.Request;

namespace SupportTickets.Tests.Libraries;

/// <summary>
/// What the OData libraries do wrong when they write. A test that fails says that the library was mended: look at the code that the test
/// names, it can go or be simplified.
/// </summary>
public sealed class WriterFaults
{
    /// <summary>Worked around in <see cref="WrappedRows.Of"/>.</summary>
    [Fact]
    public void A_DateTime_is_no_value() =>
        Assert.Throws<ODataException>(() => new ODataProperty { Name = "At", Value = DateTime.UnixEpoch });

    /// <summary>JSON Format 4.01, 4.6.3. Worked around in <see cref="DynamicTypes"/>.</summary>
    [Theory]
    [InlineData(1L)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(Grade.high)]
    public async Task The_type_of_a_value_that_is_not_declared_is_not_said(object value)
    {
        var answer = await WriteAsync(writer => RowAsync(writer, () => new() { Name = "Computed", Value = value }));
        Assert.Contains("\"Computed\":", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("odata.type", answer, StringComparison.Ordinal);
    }

    /// <summary>Worked around in <see cref="RowSerializer"/>.</summary>
    [Fact]
    public void A_time_of_day_ends_after_three_digits()
    {
        var (time, type) = (new TimeOnly(10, 0, 0, 123, 456), EdmCoreModel.Instance.GetTimeOfDay(false));
        Assert.Equal("10:00:00.1230000", new ODataPrimitiveSerializer().CreateODataPrimitiveValue(time, type, new()).Value.ToString());
    }

    /// <summary>Worked around in <see cref="FeedWriter"/>.</summary>
    [Fact]
    public async Task In_full_metadata_a_row_without_a_key_breaks_the_answer_off() => await Assert.ThrowsAsync<ODataException>(
        () => WriteAsync(writer => RowAsync(writer, () => new() { Name = "Name", Value = "a" }), "application/json;odata.metadata=full"));

    /// <summary>
    /// JSON Format 4.01, 15.3. Worked around in <see cref="FeedWriter"/> for 4.0; what is missing in 4.01 is a deviation that
    /// docs/odata-conformance.md names (<see cref="DeltaWriter"/>).
    /// </summary>
    [Theory]
    [InlineData(ODataVersion.V4, "none")]
    [InlineData(ODataVersion.V401, "full")]
    public async Task A_removed_entity_has_no_context(ODataVersion version, string metadata)
    {
        var answer = await WriteAsync(RemovedAsync, $"application/json;odata.metadata={metadata}", version);
        Assert.Contains("deleted", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("$deletedEntity", answer, StringComparison.Ordinal);
    }

    /// <summary>So an error can no longer be answered. Worked around in <see cref="StoppableStream"/>.</summary>
    [Fact]
    public async Task What_was_held_back_goes_out_after_a_failure()
    {
        using var body = new MemoryStream();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => WriteAsync(writer => RowAsync(writer, () => throw new InvalidOperationException()), body: body));
        Assert.StartsWith("{", Encoding.UTF8.GetString(body.ToArray()), StringComparison.Ordinal);
    }

    /// <summary>JSON Format 4.01, 3: without <c>odata.</c>. Worked around in <see cref="AnswerFormat.Spelled"/>.</summary>
    [Fact]
    public async Task In_4_01_the_media_type_keeps_a_prefix()
    {
        var message = new Message(new MemoryStream());
        await WriteAsync(
            writer => RowAsync(writer, () => new() { Name = "Name", Value = "a" }), version: ODataVersion.V401, message: message);
        Assert.Contains("odata.streaming=", message.GetHeader("Content-Type"), StringComparison.Ordinal);
    }

    /// <summary>They are written in full metadata only. Worked around in <see cref="RowSerializer"/>.</summary>
    [Fact]
    public async Task Operations_are_looked_for_where_they_are_not_written()
    {
        var serializer = new Asked(new ODataSerializerProvider(Sample.Services));
        var options = Sample.Options("");
        var context = new ODataSerializerContext
        {
            Request = options.Request,
            Model = Sample.Model,
            Path = options.Context.Path,
            NavigationSource = Sample.Items,
            MetadataLevel = ODataMetadataLevel.Minimal,
            TimeZone = TimeZoneInfo.Utc,
            SkipExpensiveAvailabilityChecks = true,
        };
        var answer = await WriteAsync(async writer => await serializer.WriteObjectInlineAsync(
            new Item { Id = 1 }, new EdmEntityTypeReference(Sample.Items.EntityType, false),
            await writer.CreateODataResourceWriterAsync(Sample.Items, Sample.Items.EntityType), context));
        Assert.Equal(1, serializer.Actions);
        Assert.DoesNotContain("Close", answer, StringComparison.Ordinal);
    }

    /// <summary>CSDL 4.01, 5. So Core.DefaultNamespace is not declared, which docs/odata-conformance.md names as a deviation.</summary>
    [Fact]
    public void Annotations_of_a_schema_are_lost()
    {
        const string csdl = """
            <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
            <Schema Namespace="S" xmlns="http://docs.oasis-open.org/odata/ns/edm">
            <Annotation Term="Org.OData.Core.V1.DefaultNamespace" Bool="true" /><ComplexType Name="C" />
            </Schema></edmx:DataServices></edmx:Edmx>
            """;
        using var read = XmlReader.Create(new StringReader(csdl));
        var written = new StringBuilder();
        using (var write = XmlWriter.Create(written))
            Assert.True(CsdlWriter.TryWriteCsdl(CsdlReader.Parse(read), write, CsdlTarget.OData, out _));
        Assert.Contains("ComplexType", written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("DefaultNamespace", written.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Therefore the term of its own in <see cref="Capabilities"/>.</summary>
    [Fact]
    public void There_is_no_copy_of_the_Aggregation_vocabulary()
    {
        Assert.Null(Sample.Model.FindTerm("Org.OData.Aggregation.V1.ApplySupported"));
        Assert.NotNull(Sample.Model.FindTerm(CoreVocabularyModel.DescriptionTerm.FullName()));
    }

    private static async Task RowAsync(ODataMessageWriter messages, Func<ODataProperty> property)
    {
        var writer = await messages.CreateODataResourceSetWriterAsync(Sample.Items, Sample.Items.EntityType);
        await writer.WriteStartAsync(new ODataResourceSet());
        await writer.WriteStartAsync(new ODataResource { TypeName = Sample.Items.EntityType.FullName(), Properties = [property()] });
        await writer.WriteEndAsync();
        await writer.WriteEndAsync();
    }

    private static async Task RemovedAsync(ODataMessageWriter messages)
    {
        var writer = await messages.CreateODataDeltaResourceSetWriterAsync(Sample.Items, Sample.Items.EntityType);
        await writer.WriteStartAsync(new ODataDeltaResourceSet());
        await writer.WriteStartAsync(new ODataDeletedResource(new(Sample.Root, "Items(1)"), DeltaDeletedEntryReason.Deleted)
        {
            Properties = [new ODataProperty { Name = "Id", Value = 1 }],
        });
        await writer.WriteEndAsync();
        await writer.WriteEndAsync();
    }

    private static async Task<string> WriteAsync(
        Func<ODataMessageWriter, Task> write, string mediaType = "application/json", ODataVersion version = ODataVersion.V4,
        MemoryStream? body = null, Message? message = null)
    {
        body ??= new();
        var settings = new ODataMessageWriterSettings
        {
            Version = version,
            BaseUri = Sample.Root,
            EnableMessageStreamDisposal = false,
            ODataUri = new() { ServiceRoot = Sample.Root, Path = Sample.Path("Items") },
        };
        settings.Validations &= ~ValidationKinds.ThrowOnUndeclaredPropertyForNonOpenType;
        settings.SetContentType(mediaType, "utf-8");
        await using (var writer = new ODataMessageWriter(message ?? new Message(body), settings, Sample.Model))
            await write(writer);
        return Encoding.UTF8.GetString(body.ToArray());
    }

    private sealed class Message(Stream body) : IODataResponseMessageAsync, IServiceCollectionProvider
    {
        private readonly Dictionary<string, string> _headers = [];

        public IEnumerable<KeyValuePair<string, string>> Headers => _headers;

        public int StatusCode { get; set; }

        public IServiceProvider ServiceProvider => Sample.Services;

        public string GetHeader(string headerName) => _headers.GetValueOrDefault(headerName)!;

        public void SetHeader(string headerName, string headerValue) => _headers[headerName] = headerValue;

        public Stream GetStream() => body;

        public Task<Stream> GetStreamAsync() => Task.FromResult(body);
    }

    private sealed class Asked(IODataSerializerProvider provider) : ODataResourceSerializer(provider)
    {
        public int Actions { get; private set; }

        public override ODataAction CreateODataAction(IEdmAction action, ResourceContext resourceContext)
        {
            Actions++;
            return base.CreateODataAction(action, resourceContext);
        }
    }
}
