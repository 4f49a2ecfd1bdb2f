namespace SupportTickets.Data;

/// <summary>Columns that hold the members of an enum by number.</summary>
internal static class EnumColumn
{
    /// <summary>The condition that a column holds a member. Members are numbered from 0 without a gap.</summary>
    public static string Check<TEnum>(string column) where TEnum : struct, Enum =>
        $"{column} BETWEEN 0 AND {Enum.GetValues<TEnum>().Length - 1}";
}
