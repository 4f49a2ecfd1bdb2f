using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace SupportTickets.Access.Links;

/// <summary>
/// The code of the link that creates the first account. It is encrypted with the keys of the desk, so that every instance accepts a
/// code of any other.
/// </summary>
public sealed class SetupLink(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>How long a code is valid.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly IDataProtector _protector = protection.CreateProtector("SupportTickets.Access.Setup");

    /// <summary>A new code.</summary>
    public string Create() => _protector.Protect((clock.GetUtcNow() + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));

    /// <summary>Whether a code comes from this desk and has not expired.</summary>
    public bool IsValid(string? code)
    {
        if (string.IsNullOrEmpty(code))
            return false;
        try
        {
            return long.Parse(_protector.Unprotect(code), CultureInfo.InvariantCulture) > clock.GetUtcNow().ToUnixTimeSeconds();
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
