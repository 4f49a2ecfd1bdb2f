using Microsoft.AspNetCore.OData.Formatter;
using Microsoft.OData;

namespace SupportTickets.OData.Answers;

/// <summary>An answer whose format is negotiated and whose body can be written.</summary>
/// <param name="Messages">The library's writer.</param>
/// <param name="Settings">The settings of that writer.</param>
/// <param name="Level">How much metadata the caller wants.</param>
/// <param name="LongsAsText">Whether 64-bit integers and decimals are written as strings (IEEE754Compatible).</param>
/// <param name="Body">Where it goes.</param>
internal sealed record OpenAnswer(
    ODataMessageWriter Messages, ODataMessageWriterSettings Settings, ODataMetadataLevel Level, bool LongsAsText, StoppableStream Body);
