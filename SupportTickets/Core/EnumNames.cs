namespace SupportTickets.Core;

/// <summary>Enums by the names of their members, which are the names on the wire.</summary>
public static class EnumNames
{
    /// <summary>Parses a member by its exact wire name: no numbers, no other case, no padding.</summary>
    public static bool TryParse<TEnum>(string? text, out TEnum value) where TEnum : struct, Enum
    {
        var at = Array.IndexOf(Enum.GetNames<TEnum>(), text);
        value = at < 0 ? default : Enum.GetValues<TEnum>()[at];
        return at >= 0;
    }
}
