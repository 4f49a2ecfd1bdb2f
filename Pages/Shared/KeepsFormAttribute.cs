using SupportTickets.Core;

namespace SupportTickets.Pages.Shared;

/// <summary>
/// The handler shows a form again that cannot be taken as a whole, so that the text in it is not lost: it looks for <see
/// cref="FormRefused"/> before it does anything. For other handlers such a form is an error. Only this handler gets texts with null
/// characters, about which the rules of the core speak.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KeepsFormAttribute : Attribute;

/// <summary>A form that is refused as a whole, as a feature of its request. What could be read is there; nothing is done with it.</summary>
/// <param name="Fault">The reason and what to do.</param>
public sealed record FormRefused(Fault Fault) : Problem;
