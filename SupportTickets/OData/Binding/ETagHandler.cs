using Microsoft.AspNetCore.OData.Abstracts;
using Microsoft.Net.Http.Headers;
using SupportTickets.OData.Request;

namespace SupportTickets.OData.Binding;

/// <summary>Makes the library write ETags in the form of <see cref="ETags"/>.</summary>
internal sealed class ETagHandler : IETagHandler
{
    /// <inheritdoc />
    public EntityTagHeaderValue CreateETag(IDictionary<string, object> properties, TimeZoneInfo? timeZoneInfo = null) =>
        ETags.Of((int)properties.Values.Single());

    /// <inheritdoc />
    public IDictionary<string, object> ParseETag(EntityTagHeaderValue etagHeaderValue) =>
        throw new NotSupportedException("Conditions are read by ETags.TryRead.");
}
