using SupportTickets.Access;
using SupportTickets.Configuration;

namespace SupportTickets.Tests.Access;

public sealed class RightsTests
{
    [Theory]
    [InlineData(AccessMode.open, "read submit write read_notes")]
    [InlineData(AccessMode.submit, "submit")]
    [InlineData(AccessMode.closed, "")]
    public void Who_shows_nothing_may_do_what_the_mode_says(AccessMode mode, string rights) => Assert.Equal(rights, Of(mode, null, null));

    [Theory]
    [InlineData(Role.viewer, null, "read read_notes")]
    [InlineData(Role.viewer, TokenScope.read, "read read_notes")]
    [InlineData(Role.viewer, TokenScope.write, "read read_notes")]
    [InlineData(Role.viewer, TokenScope.read_without_notes, "read")]
    [InlineData(Role.agent, null, "read submit write read_notes")]
    [InlineData(Role.agent, TokenScope.read, "read read_notes")]
    [InlineData(Role.agent, TokenScope.write, "read submit write read_notes")]
    [InlineData(Role.admin, null, "read submit write read_notes administer")]
    [InlineData(Role.admin, TokenScope.read, "read read_notes")]
    [InlineData(Role.admin, TokenScope.write, "read submit write read_notes")]
    [InlineData(Role.admin, TokenScope.read_without_notes, "read")]
    public void A_credential_is_held_to_its_role_and_scope_in_every_mode(Role role, TokenScope? scope, string rights) =>
        Assert.All(Enum.GetValues<AccessMode>(), mode => Assert.Equal(rights, Of(mode, role, scope)));

    private static string Of(AccessMode mode, Role? role, TokenScope? scope) =>
        string.Join(' ', Enum.GetValues<Right>().Where(right => Rights.Grant(mode, role, scope, right)));
}
