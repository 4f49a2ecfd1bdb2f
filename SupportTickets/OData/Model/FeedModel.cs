using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Vocabularies;
using Microsoft.OData.Edm.Vocabularies.V1;
using Microsoft.OData.ModelBuilder;
using SupportTickets.Access.People;
using SupportTickets.Configuration;
using SupportTickets.Tickets;
using SupportTickets.Tickets.Calendar;

namespace SupportTickets.OData.Model;

/// <summary>The entity data model. It only ever grows: programs and workbooks out there depend on every name in it.</summary>
public static class FeedModel
{
    /// <summary>The schema's namespace.</summary>
    public const string Namespace = "SupportTickets";

    /// <summary>The entity set of <see cref="Ticket"/>.</summary>
    public const string Tickets = "Tickets";

    /// <summary>The entity set of <see cref="TicketEvent"/>.</summary>
    public const string Events = "Events";

    /// <summary>The entity set of <see cref="CalendarDay"/>.</summary>
    public const string Dates = "Dates";

    /// <summary>The entity set of <see cref="Agent"/>.</summary>
    public const string Agents = "Agents";

    /// <summary>What a caller may write; all else of a ticket the desk computes.</summary>
    public static readonly IReadOnlySet<string> Writable = new HashSet<string>(StringComparer.Ordinal)
    {
        nameof(Ticket.Title), nameof(Ticket.Description), nameof(Ticket.Category), nameof(Ticket.Priority), nameof(Ticket.Status), nameof(Ticket.AssigneeId),
    };

    /// <summary>Days that the database has as an indexed column of their own, by the property they are the day of.</summary>
    public static readonly IReadOnlyDictionary<(string Type, string Time), string> Days = new Dictionary<(string, string), string>
    {
        [(nameof(Ticket), nameof(Ticket.CreatedAt))] = nameof(Ticket.CreatedDate),
        [(nameof(Ticket), nameof(Ticket.ResolvedAt))] = nameof(Ticket.ResolvedDate),
        [(nameof(TicketEvent), nameof(TicketEvent.At))] = nameof(TicketEvent.Date),
    };

    /// <summary>The enumeration of the core that one of the model is.</summary>
    public static Type EnumOf(IEdmEnumType type) =>
        typeof(Ticket).Assembly.GetType($"{typeof(Ticket).Namespace}.{type.Name}", throwOnError: true)!;

    /// <summary>
    /// Whether a relation leads to more rows than one answer can hold beside another row: it has a path of its own, which is paged,
    /// and is not expanded.
    /// </summary>
    public static bool IsPagedOnly(IEdmNavigationProperty navigation) => navigation.DeclaringType is IEdmEntityType { Name: nameof(Agent) } && navigation.Name == nameof(Agent.Tickets);

    /// <summary>Whether a relation leads to a row from every row, although the model cannot say so.</summary>
    public static bool IsAlwaysThere(IEdmStructuredType? type, string navigation) =>
        type is IEdmEntityType { Name: nameof(TicketEvent) } && navigation == nameof(TicketEvent.Ticket);

    /// <summary>The property of a ticket that a field of the core is.</summary>
    public static string PropertyOf(string field) => field == "assignee" ? nameof(Ticket.AssigneeId) : char.ToUpperInvariant(field[0]) + field[1..];

    /// <summary>Builds it; it states the limits that callers can plan for.</summary>
    public static IEdmModel Create(FeedLimits limits)
    {
        var builder = new ODataConventionModelBuilder { Namespace = Namespace, ContainerName = "Desk" };
        var ticket = builder.EntitySet<Ticket>(Tickets).EntityType;
        DescribeTicket(ticket);
        var ticketEvent = builder.EntitySet<TicketEvent>(Events).EntityType;
        DescribeEvent(ticketEvent);
        DescribeDay(builder.EntitySet<CalendarDay>(Dates).EntityType);
        DescribeAgent(builder.EntitySet<Agent>(Agents).EntityType);
        // Nullable although the database always has one: grouping by a path makes a ticket of some properties only, which
        // the library's own serializer refuses otherwise, and a model that only grows could not loosen it later.
        ticketEvent.HasOptional(e => e.Ticket);
        Operations.Declare(ticket);
        // These are really missing outside the calendar.
        ticket.HasOptional(t => t.CreatedOn);
        ticket.HasOptional(t => t.ResolvedOn);
        ticketEvent.HasOptional(e => e.On);
        ticket.HasOptional(t => t.Assignee, (t, a) => t.AssigneeId == a!.Id, a => a!.Tickets);
        foreach (var type in builder.StructuralTypes)
        {
            type.Namespace = Namespace;
            // What is not said is 0 (CSDL 4.01, 7.2.3), and programs that go by it would cut the fractions off.
            foreach (var time in type.Properties.OfType<PrecisionPropertyConfiguration>())
                time.Precision = 6;
        }
        foreach (var type in builder.EnumTypes)
            type.Namespace = Namespace;

        var model = (EdmModel)builder.GetEdmModel();
        Annotate(model);
        Capabilities.Annotate(model, limits);
        return model;
    }

    // In the order that people see the columns in.
    private static void DescribeTicket(EntityTypeConfiguration<Ticket> ticket)
    {
        ticket.HasKey(t => t.Id);
        var title = ticket.Property(t => t.Title);
        title.IsRequired();
        title.MaxLength = Ticket.MaxTitleLength;
        ticket.Property(t => t.Description).IsRequired();
        ticket.EnumProperty(t => t.Category);
        ticket.EnumProperty(t => t.Priority);
        ticket.EnumProperty(t => t.Status).DefaultValueString = nameof(Status.open);
        ticket.Property(t => t.AssigneeId);
        ticket.EnumProperty(t => t.Sentiment);
        ticket.Property(t => t.UrgencyScore);
        ticket.EnumProperty(t => t.Channel);
        ticket.Property(t => t.CreatedAt);
        ticket.Property(t => t.CreatedDate);
        ticket.Property(t => t.UpdatedAt);
        ticket.Property(t => t.FirstResolvedAt);
        ticket.Property(t => t.ResolvedAt);
        ticket.Property(t => t.ResolvedDate);
        ticket.Property(t => t.ResolutionMinutes);
        ticket.Property(t => t.ReopenCount);
        ticket.Property(t => t.Version).IsConcurrencyToken();
    }

    private static void DescribeEvent(EntityTypeConfiguration<TicketEvent> ticketEvent)
    {
        ticketEvent.HasKey(e => e.Id);
        ticketEvent.Property(e => e.TicketId);
        ticketEvent.Property(e => e.At);
        ticketEvent.Property(e => e.Date);
        ticketEvent.Property(e => e.Actor).IsRequired();
        ticketEvent.EnumProperty(e => e.Channel);
        ticketEvent.EnumProperty(e => e.Field);
        ticketEvent.Property(e => e.OldValue);
        ticketEvent.Property(e => e.NewValue).IsRequired();
    }

    private static void DescribeAgent(EntityTypeConfiguration<Agent> agent)
    {
        agent.HasKey(a => a.Id);
        var name = agent.Property(a => a.Name);
        name.IsRequired();
        name.MaxLength = Person.MaxNameLength;
        agent.Property(a => a.IsActive);
    }

    private static void DescribeDay(EntityTypeConfiguration<CalendarDay> day)
    {
        day.HasKey(d => d.Key);
        day.Property(d => d.Date);
        day.Property(d => d.Year);
        day.Property(d => d.Quarter);
        day.Property(d => d.Month);
        day.Property(d => d.MonthName).IsRequired();
        day.Property(d => d.IsoYear);
        day.Property(d => d.IsoWeek);
        day.Property(d => d.Weekday);
        day.Property(d => d.WeekdayName).IsRequired();
        day.Property(d => d.DayOfMonth);
        day.Property(d => d.DayOfYear);
        day.Property(d => d.WeekStart);
        day.Property(d => d.MonthStart);
        day.Property(d => d.IsWeekend);
        day.Property(d => d.IsLastDayOfWeek);
        day.Property(d => d.IsLastDayOfMonth);
        day.Property(d => d.IsLastDayOfQuarter);
        day.Property(d => d.IsLastDayOfYear);
    }

    private static void Annotate(EdmModel model)
    {
        Describe(model, model.EntityContainer, "The tickets of this desk, their history, and a calendar to group them by. Times are UTC.");
        foreach (var (name, text) in Descriptions.All)
        {
            var parts = name.Split('/');
            var type = model.FindDeclaredType($"{Namespace}.{parts[0]}");
            IEdmVocabularyAnnotatable? target = parts.Length == 1 ? type as IEdmVocabularyAnnotatable
                : type is IEdmEnumType choices ? choices.Members.SingleOrDefault(m => m.Name == parts[1]) : (type as IEdmStructuredType)?.FindProperty(parts[1]);
            Describe(model, target ?? throw new InvalidOperationException($"There is no {name} in the model."), text);
        }
        foreach (var (name, text) in Descriptions.Operations)
        {
            var parts = name.Split('/');
            var operation = model.FindDeclaredOperations($"{Namespace}.{parts[0]}").Single();
            Describe(model, parts.Length == 1 ? operation : operation.FindParameter(parts[1]), text);
        }
        Describe(model, model.EntityContainer.FindEntitySet(Tickets), "The tickets of this desk.");
        Describe(model, model.EntityContainer.FindEntitySet(Events), "The history of the tickets: one row for each change of a field.");
        Describe(model, model.EntityContainer.FindEntitySet(Dates), "The calendar, a date dimension: one row for each day from 2000 to 2099. Tickets and events lead to it.");
        Describe(model, model.EntityContainer.FindEntitySet(Agents), "The people who work on tickets: agents and administrators, and those who have left and still have tickets.");
        foreach (var set in model.EntityContainer.EntitySets())
        {
            foreach (var property in set.EntityType.StructuralProperties().Where(p => set.Name != Tickets || !Writable.Contains(p.Name)))
                Add(model, property, CoreVocabularyModel.ComputedTerm, new EdmBooleanConstant(true));
        }
    }

    private static void Describe(EdmModel model, IEdmVocabularyAnnotatable target, string text) =>
        Add(model, target, CoreVocabularyModel.DescriptionTerm, new EdmStringConstant(text));

    private static void Add(EdmModel model, IEdmVocabularyAnnotatable target, IEdmTerm term, IEdmExpression value)
    {
        var annotation = new EdmVocabularyAnnotation(target, term, value);
        annotation.SetSerializationLocation(model, EdmVocabularyAnnotationSerializationLocation.Inline);
        model.AddVocabularyAnnotation(annotation);
    }
}
