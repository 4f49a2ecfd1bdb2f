using SupportTickets.Data;

namespace SupportTickets.Tests.Data;

public sealed class RemainderTests
{
    [Theory]
    [InlineData(28.599999999999998, 1000)]
    [InlineData(-28.599999999999998, 1000)]
    [InlineData(0.1, 0.3)]
    public void What_is_smaller_than_its_divisor_is_left_as_it_is(double number, double divisor) =>
        Assert.Equal(number, QueryFunctions.Remainder(number, divisor));

    [Theory]
    [InlineData(0.3, 0.1, 0)]
    [InlineData(5.5, 2, 1.5)]
    [InlineData(-5.5, 2, -1.5)]
    public void Fractions_are_taken_as_they_are_written(double number, double divisor, double left) =>
        Assert.Equal(left, QueryFunctions.Remainder(number, divisor));
}
