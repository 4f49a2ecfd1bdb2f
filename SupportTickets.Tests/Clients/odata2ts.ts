// What a program does with the typed client that odata2ts makes of $metadata; odata2ts-build.mjs compiles it beside that client.
import { FetchClient } from "@odata2ts/http-client-fetch";
import type { QFilterExpression } from "@odata2ts/odata-query-objects";
import { QTicket } from "./generated/QSupportTickets";
import { Category, EditableTicket, Priority, Status } from "./generated/SupportTicketsModel";
import { SupportTicketsService } from "./generated/SupportTicketsService";

type Seen = <T>(work: () => Promise<T>) => Promise<unknown>;

export async function use(root: string, seen: Seen) {
  const client = new FetchClient();
  const service = new SupportTicketsService(client, root.replace(/\/$/, "")); // it puts the slash itself
  const tickets = service.Tickets();

  const idsOf = ({ data }: { data: { value: { Id: number }[] } }) => data.value.map(row => row.Id);
  const ids = (...by: ((q: QTicket) => QFilterExpression)[]) => seen(async () =>
    idsOf(await tickets.query((builder, q) => builder.filter(...by.map(filter => filter(q))).orderBy(q.Id.asc()).select("Id"))));

  const filters = {
    text: await ids(q => q.Title.toLower().contains("ticket 1"), q => q.Description.startsWith("Desc")),
    quotes: await ids(q => q.Title.eq("O'Neil & Co. 100% +1 #2 Größe 🎫")),
    quotesByTheProgram: await ids(q => q.Title.eq("O''Neil & Co. 100% +1 #2 Größe 🎫")),
    without: await ids(q => q.Title.contains("1").not()),
    member: await ids(q => q.Status.eq(Status.resolved).or(q.Priority.gt(Priority.medium))),
    members: await ids(q => q.Status.in(Status.resolved, Status.closed)),
    moment: await ids(q => q.CreatedAt.ge("2026-01-05T00:00:00Z"), q => q.CreatedAt.lt("2026-01-06T00:00:00Z")),
    day: await ids(q => q.CreatedDate.eq("2026-01-05")),
    partsOfTime: await ids(q => q.CreatedAt.year().eq(2026), q => q.CreatedAt.month().eq(1), q => q.CreatedAt.day().lt(3)),
    empty: await ids(q => q.ResolvedAt.eq(null)),
    number: await ids(q => q.Id.gt(10), q => q.UrgencyScore.le(50)),
    history: await ids(q => q.Events.any(e => e.NewValue.eq("closed"))),
    calendar: await ids(q => q.CreatedOn.props.IsWeekend.isTrue()),
  };

  /** A list's pages, with the count for its pager. */
  async function pages() {
    const rows: number[] = [];
    for (;;) {
      const { data } = await tickets.query((builder, q) => builder
        .filter(q.Status.ne(Status.open)).orderBy(q.UrgencyScore.desc(), q.Id.asc()).select("Id").skip(rows.length).top(7).count());
      rows.push(...data.value.map(row => row.Id));
      const count = data["@odata.count"]!;
      if (rows.length >= count || data.value.length === 0) return { rows, count };
    }
  }

  /** The answer holds the nextLink; the client's HTTP client gets it. */
  async function walk() {
    const rows: number[] = [], smallPages = { headers: { Prefer: "odata.maxpagesize=25" } };
    let { data } = await tickets.query((builder, q) => builder.orderBy(q.CreatedAt.desc()).select("Id"), smallPages);
    for (;;) {
      rows.push(...data.value.map(row => row.Id));
      const next = data["@odata.nextLink"];
      if (!next) return rows;
      ({ data } = await client.get<typeof data>(next, smallPages));
    }
  }

  const ticket = (title: string): EditableTicket => ({
    Title: title, Description: "By odata2ts.", Category: Category.billing, Priority: Priority.high, Status: Status.open,
  });
  const { data: two } = await service.Tickets(2).query();
  const match = { headers: { "If-Match": two["@odata.etag"]! } };
  return {
    ...filters,
    pages: await seen(pages),
    walk: await seen(walk),
    one: await seen(async () => (await service.Tickets(2).query(builder => builder
      .select("Id", "Title").expanding("Events", (events, q) => events.select("Field", "NewValue").orderBy(q.Id.asc())))).data),
    eventsByPath: await seen(async () => (await service.Tickets(2).Events().query(builder => builder.count().select("Field"))).data),
    missing: await seen(() => service.Tickets(4711).query()),
    search: await seen(async () =>
      idsOf(await tickets.query((builder, q) => builder.search("ticket").orderBy(q.Id.asc()).select("Id").top(3)))),
    groups: await seen(async () => (await tickets.query(builder => builder.groupBy("Status"))).data.value.map(row => row.Status)),
    created: await seen(async () => (await tickets.create(ticket("By odata2ts"))).data),
    refused: await seen(() => tickets.create(ticket(""))),
    changed: await seen(async () => (await service.Tickets(2).patch({ Status: Status.in_progress }, match)).data),
    stale: await seen(() => service.Tickets(2).patch({ Title: "Stale" }, match)),
    replaced: await seen(async () => (await service.Tickets(3).update({ ...ticket("Replaced"), AssigneeId: null })).data),
    removed: await seen(async () => (await service.Tickets(4).delete()).status),
    action: await seen(async () => (await service.Tickets(1).Resolve()).data),
    statistics: await seen(async () => (await tickets.Stats()).data),
    classified: await seen(async () => (await tickets.Classify({ Description: "The invoice is wrong." })).data),
  };
}
