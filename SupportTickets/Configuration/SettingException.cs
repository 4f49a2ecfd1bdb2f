namespace SupportTickets.Configuration;

/// <summary>A setting has an invalid value, which stops the start. The message is printed as the only sentence.</summary>
public sealed class SettingException(string message) : Exception(message);
