using SupportTickets.Tests.Access;
using SupportTickets.Tests.Clients;
using SupportTickets.Tests.Hosting;
using SupportTickets.Tests.Maintenance;
using SupportTickets.Tests.OData;
using SupportTickets.Tests.OData.Deltas;
using SupportTickets.Tests.OData.Differential;
using SupportTickets.Tests.OData.Hostile;
using SupportTickets.Tests.Pages;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(SupportTickets.Tests.Fixtures.LongFirst))]

namespace SupportTickets.Tests.Fixtures;

/// <summary>
/// The order of the classes: those that take longest begin first, so that no core is idle at the end while one of them is still at
/// work. <c>.ci/run</c> prints the slowest tests.
/// </summary>
public sealed class LongFirst : ITestCollectionOrderer
{
    private static readonly Type[] Longest =
    [
        typeof(DifferentialTests), typeof(ProcessTests), typeof(StatementTimeTests), typeof(WalkTests), typeof(AppearanceTests),
        typeof(CrashTests), typeof(DeltaCopyTests), typeof(LongTextTests), typeof(PeopleAppearanceTests), typeof(AccessAppearanceTests),
        typeof(OpenUi5Tests), typeof(DashboardAppearanceTests), typeof(RandomQueryTests), typeof(KeyRingTests),
    ];

    /// <inheritdoc />
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(Place)];

    // A class that is in no named collection has one of its own, called after it.
    private static int Place<T>(T collection) where T : ITestCollection =>
        Array.FindIndex(Longest, type => collection.TestCollectionDisplayName.Contains($" {type.FullName} ", StringComparison.Ordinal)) is
            >= 0 and var place ? place : Longest.Length;
}
