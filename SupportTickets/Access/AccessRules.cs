namespace SupportTickets.Access;

/// <summary>
/// Who may use an endpoint. Every endpoint has such a rule as metadata, and the nearest one counts. Without a rule nobody may use it.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class AccessRuleAttribute : Attribute
{
    /// <summary>Whether this caller may.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="method">By which HTTP method.</param>
    public abstract bool Allows(Caller caller, string method);
}

/// <summary>Anybody, in every mode. Who calls is not looked up unless <see cref="TellsCaller"/> is set.</summary>
public sealed class IsPublicAttribute : AccessRuleAttribute
{
    /// <summary>A page that is different for those who are signed in.</summary>
    public bool TellsCaller { get; init; }

    /// <inheritdoc />
    public override bool Allows(Caller caller, string method) => true;
}

/// <summary>Those who have a right.</summary>
/// <param name="right">The right.</param>
public sealed class RequiresRightAttribute(Right right) : AccessRuleAttribute
{
    /// <summary>The right.</summary>
    public Right Right { get; } = right;

    /// <summary>The right to send the form of the page, where that needs more than to see the page; else <see cref="Right"/>.</summary>
    public Right ToPost { get; init; } = right;

    /// <summary>The right that a method needs.</summary>
    public Right For(string method) => AccessRules.IsRead(method) ? Right : ToPost;

    /// <inheritdoc />
    public override bool Allows(Caller caller, string method) => caller.May(For(method));
}

/// <summary>A person who signed in with a browser, of any role: for their own account.</summary>
public sealed class RequiresPersonAttribute : AccessRuleAttribute
{
    /// <inheritdoc />
    public override bool Allows(Caller caller, string method) => caller.IsSignedIn;
}

/// <summary>Everybody who has any right at all; the endpoint itself knows which right a request needs and checks it.</summary>
public sealed class ChecksRightsAttribute : AccessRuleAttribute
{
    /// <inheritdoc />
    public override bool Allows(Caller caller, string method) => caller.MayDoSomething;
}

/// <summary>Stating the rule of an endpoint.</summary>
public static class AccessRules
{
    /// <summary>Those who have a right.</summary>
    public static T Requires<T>(this T endpoint, Right right) where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiresRightAttribute(right));

    /// <summary>Whether a method only reads.</summary>
    internal static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    /// <summary>Anybody, in every mode.</summary>
    public static T IsPublic<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.WithMetadata(new IsPublicAttribute());
}
