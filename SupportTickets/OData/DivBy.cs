using System.Text.RegularExpressions;
using Microsoft.Extensions.Primitives;

namespace SupportTickets.OData;

/// <summary>
/// The operator <c>divby</c> (OData URL Conventions 4.01, 5.1.1.2.5), which the library does not know: <c>a divby b</c> is
/// <c>a mul 1.0 div b</c>, a division of numbers with fractions. All three operators bind alike, from left to right.
/// </summary>
internal static partial class DivBy
{
    /// <summary>Whether one may stand in these options.</summary>
    public static bool IsIn(StringValues options) => options.Any(option => option?.Contains("divby", StringComparison.Ordinal) == true);

    /// <summary>Writes it by the others.</summary>
    public static string Replace(string option) => !IsIn(option) ? option : Token().Replace(option, token => token.Value == "divby" ? "mul 1.0 div" : token.Value);

    // Text in quotes is skipped as one token, and so is a name that only ends or begins like the operator.
    [GeneratedRegex(@"'[^']*'|""[^""]*""|[\w$@.]+", RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
