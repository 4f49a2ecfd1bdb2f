namespace SupportTickets.Configuration;

/// <summary>A setting that is present and cannot be meant. Its message is the one sentence that the start ends with.</summary>
public sealed class SettingException(string message) : Exception(message);
