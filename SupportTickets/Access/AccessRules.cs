namespace SupportTickets.Access;

/// <summary>
/// Who may use an endpoint. Every endpoint has such a rule in its metadata; the most specific one counts. An endpoint without a
/// rule is closed to everybody.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class AccessRuleAttribute : Attribute
{
    /// <summary>Whether a caller may use the endpoint.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="method">The HTTP method.</param>
    public abstract bool Allows(Caller caller, string method);
}

/// <summary>Allows everybody, in every mode. The caller is not identified unless <see cref="TellsCaller"/> is set.</summary>
public sealed class IsPublicAttribute : AccessRuleAttribute
{
    /// <summary>Whether the caller is identified all the same, because the page is different for people who are signed in.</summary>
    public bool TellsCaller { get; init; }

    /// <inheritdoc />
    public override bool Allows(Caller caller, string method) => true;
}

/// <summary>Allows callers who have a right.</summary>
/// <param name="right">The right.</param>
public sealed class RequiresRightAttribute(Right right) : AccessRuleAttribute
{
    /// <summary>The right.</summary>
    public Right Right { get; } = right;

    /// <summary>The right that sending the form of the page needs, if it is more than seeing the page; else <see cref="Right"/>.</summary>
    public Right ToPost { get; init; } = right;

    /// <summary>The right that a method needs.</summary>
    public Right For(string method) => AccessRules.IsRead(method) ? Right : ToPost;

    /// <inheritdoc />
    public override bool Allows(Caller caller, string method) => caller.May(For(method));
}

/// <summary>Allows people who signed in with a browser, whatever their role: for their own account.</summary>
public sealed class RequiresPersonAttribute : AccessRuleAttribute
{
    /// <inheritdoc />
    public override bool Allows(Caller caller, string method) => caller.IsSignedIn;
}

/// <summary>Allows everybody who has any right at all. The endpoint itself checks the right that a request needs.</summary>
public sealed class ChecksRightsAttribute : AccessRuleAttribute
{
    /// <inheritdoc />
    public override bool Allows(Caller caller, string method) => caller.MayDoSomething;
}

/// <summary>Adds access rules to endpoints.</summary>
public static class AccessRules
{
    /// <summary>Allows callers who have a right.</summary>
    public static T Requires<T>(this T endpoint, Right right) where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new RequiresRightAttribute(right));

    /// <summary>Whether a method only reads.</summary>
    internal static bool IsRead(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    /// <summary>Allows everybody, in every mode.</summary>
    public static T IsPublic<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.WithMetadata(new IsPublicAttribute());
}
