using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;

namespace SupportTickets.OData.Answers.Straight;

/// <summary>Writes a property of an entity, with its name.</summary>
/// <param name="json">Where to.</param>
/// <param name="entity">The entity.</param>
/// <param name="format">What the caller asked for.</param>
internal delegate void WriteProperty(Utf8JsonWriter json, object entity, RowFormat format);

/// <summary>
/// Makes the code that writes a property: it reads the value without reflection and without a box, and has the name as bytes. It is
/// made once for each property of a class, so there are never more than the model has.
/// </summary>
internal static class PropertyWriter
{
    private static readonly ConcurrentDictionary<PropertyInfo, WriteProperty?> Made = [];
    private static readonly ConcurrentDictionary<(PropertyInfo, Type), Delegate> Readers = [];

    private static readonly MethodInfo WriteNull =
        typeof(Utf8JsonWriter).GetMethod(nameof(Utf8JsonWriter.WriteNull), [typeof(JsonEncodedText)])!;

    /// <summary>The code for a property; null for a type that only the library writes.</summary>
    public static WriteProperty? Of(PropertyInfo property) => Made.GetOrAdd(property, Make);

    /// <summary>The code that reads a property that is a whole number.</summary>
    public static Func<object, long> LongOf(PropertyInfo property) =>
        Reader<long>(property, value => Expression.Convert(value, typeof(long)));

    /// <summary>The code that reads a property that is another entity.</summary>
    public static Func<object, object?> RelatedOf(PropertyInfo property) => Reader<object?>(property, value => value);

    /// <summary>The code that tells whether a property has no value.</summary>
    public static Func<object, bool> IsNullOf(PropertyInfo property) => Reader<bool>(property, value =>
        value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null
            ? Expression.Constant(false) : Expression.Equal(value, Expression.Constant(null, value.Type)));

    private static Func<object, T> Reader<T>(PropertyInfo property, Func<Expression, Expression> read) =>
        (Func<object, T>)Readers.GetOrAdd((property, typeof(T)), _ =>
        {
            var entity = Expression.Parameter(typeof(object), "entity");
            return Expression.Lambda<Func<object, T>>(read(Value(entity, property)), entity).Compile();
        });

    private static WriteProperty? Make(PropertyInfo property)
    {
        var json = Expression.Parameter(typeof(Utf8JsonWriter), "json");
        var entity = Expression.Parameter(typeof(object), "entity");
        var format = Expression.Parameter(typeof(RowFormat), "format");
        var name = Expression.Constant(JsonValues.Encoded(property.Name));
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        if (MethodFor(type) is not { } method)
            return null;
        Expression body;
        if (type.IsValueType && type == property.PropertyType)
        {
            body = Expression.Call(method, json, name, Value(entity, property), format);
        }
        else
        {
            var value = Expression.Variable(property.PropertyType, "value");
            var present = value.Type == type ? (Expression)value : Expression.Property(value, nameof(Nullable<int>.Value));
            var none = Expression.IfThen(
                Expression.Not(Expression.Property(format, nameof(RowFormat.OmitsNulls))), Expression.Call(json, WriteNull, name));
            body = Expression.Block(
                [value],
                Expression.Assign(value, Value(entity, property)),
                Expression.IfThenElse(
                    Expression.Equal(value, Expression.Constant(null, value.Type)), none,
                    Expression.Call(method, json, name, present, format)));
        }
        return Expression.Lambda<WriteProperty>(body, json, entity, format).Compile();
    }

    private static MemberExpression Value(ParameterExpression entity, PropertyInfo property) =>
        Expression.Property(Expression.Convert(entity, property.DeclaringType!), property);

    private static MethodInfo? MethodFor(Type type) => type.IsEnum
        ? typeof(JsonValues).GetMethod(nameof(JsonValues.WriteMember))!.MakeGenericMethod(type)
        : typeof(JsonValues).GetMethods().SingleOrDefault(method =>
            method.Name == nameof(JsonValues.Write) && method.GetParameters()[2].ParameterType == type);
}
