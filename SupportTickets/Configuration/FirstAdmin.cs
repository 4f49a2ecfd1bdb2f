
namespace SupportTickets.Configuration;

/// <summary>ADMIN_EMAIL and ADMIN_PASSWORD: the first administrator of a desk without accounts.</summary>
public sealed record FirstAdmin(string Email, string Password)
{
    /// <summary>Leaves out the password, which a record would print.</summary>
    public override string ToString() => Email;

    /// <summary>Reads both settings; null when neither is set.</summary>
    /// <exception cref="SettingException">Only one is set.</exception>
    public static FirstAdmin? Read(string? email, string? password) => (email, password) switch
    {
        (null, null) => null,
        (not null, not null) => new(email, password),
        _ => throw new SettingException("ADMIN_EMAIL and ADMIN_PASSWORD must be set together, or neither."),
    };
}
