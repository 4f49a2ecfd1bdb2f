using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace SupportTickets.Tests.Fixtures;

/// <summary>The databases every data test runs on.</summary>
public enum Provider
{
    Sqlite,
    Postgres,
}

/// <summary>Runs a theory once on each database.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ProvidersAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Provider>().Select(p => new TheoryDataRow<Provider>(p))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <summary>Runs a theory on each database with the same further arguments.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CombinedProvidersAttribute(params object?[] arguments) : DataAttribute
{
    public object?[] Arguments { get; } = arguments;

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([.. Enum.GetValues<Provider>().Select(p => new TheoryDataRow([p, .. Arguments]))]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
