// What a program does with @odata/client: node odata-client.mjs ADDRESS prints as JSON what it saw.
import { watch } from "./recorder.mjs";
import { createRequire } from "node:module";

const { EdmV4, OData } = createRequire(import.meta.url)("@odata/client");
const root = process.argv[2];
/** A client's headers go with all of its requests; it cannot give one to a single request. */
const open = commonHeaders => OData.New4({ serviceEndpoint: root, commonHeaders });
const client = open(), tickets = client.getEntitySet("Tickets");
const seen = watch(error => ({ message: error.message }));

const where = name => client.newFilter().property(name);
const idsOf = async options => (await tickets.query(options.select("Id"))).map(row => row.Id);
const ids = filter => seen(() => idsOf(client.newOptions().filter(filter).orderby("Id", "asc")));
const [day, next] = [new Date(Date.UTC(2026, 0, 5)), new Date(Date.UTC(2026, 0, 6))];

const filters = {
  text: await ids(where("contains(tolower(Title),'ticket 1')").eq(true).property("Description").gt("Description")),
  quotes: await ids(where("Title").eq("O'Neil")),
  quotesByTheProgram: await ids(where("Title").eq(encodeURIComponent("O''Neil & Co. 100% +1 #2 Größe 🎫"))),
  member: await ids(where("Status").in(["resolved", "closed"]).property("Priority").gt("medium")),
  typedMember: await ids(where("Status").eq(EdmV4.RawString.from("SupportTickets.Status'open'"))),
  moment: await ids(where("CreatedAt").between(EdmV4.DateTimeOffset.from(day), EdmV4.DateTimeOffset.from(next))),
  momentOfVersion2: await ids(where("CreatedAt").betweenDateTimeOffset(day, next)),
  day: await ids(where("CreatedDate").between(EdmV4.Date.from(day), EdmV4.Date.from(next))),
  dayAsMoment: await ids(where("CreatedDate").between(EdmV4.DateTimeOffset.from(day), EdmV4.DateTimeOffset.from(next))),
  empty: await ids(where("ResolvedAt").eq(null)),
  number: await ids(where("UrgencyScore").between(20, 50)),
};

async function pages() {
  const rows = [], notOpen = where("Status").ne("open"), count = await tickets.count(notOpen);
  const order = [{ field: "UrgencyScore", order: "desc" }, { field: "Id", order: "asc" }];
  while (rows.length < count)
    rows.push(...await idsOf(client.newOptions().filter(notOpen).orderby(order).skip(rows.length).top(7)));
  return { rows, count };
}

/** By its generic request, since an entity set gives the rows alone; it cannot follow a nextLink. */
const page = () => open({ Prefer: "odata.maxpagesize=25" }).newRequest({ collection: "Tickets", params: client.newOptions().select("Id") });

const ticket = title => ({ Title: title, Description: "By @odata/client.", Category: "billing", Priority: "high" });
const search = (text, fuzzy) => seen(() => idsOf(client.newOptions().search(text, fuzzy).orderby("Id", "asc").top(3)));
const countAndMaximum = client.newTransformation().aggregate("$count as Count,UrgencyScore with max as Highest");
const figures = client.newTransformation().groupBy(["Status"], countAndMaximum);
const withHistory = client.newOptions().expand("Events($orderby=Id;$select=Field,NewValue)").select(["Id", "Title"]);

/** A read, an insert, a change and a deletion; in multipart each write is a change set of its own. */
const parts = (client, title, changed, removed) => [
  client.newBatchRequest({ collection: "Tickets", params: client.newOptions().top(2).select("Id").orderby("Id", "asc") }),
  client.newBatchRequest({ collection: "Tickets", method: "POST", entity: ticket(title) }),
  client.newBatchRequest({ collection: "Tickets", method: "PATCH", id: changed, entity: { Priority: "critical" } }),
  client.newBatchRequest({ collection: "Tickets", method: "DELETE", id: removed }),
];
const answer = async part => ({ status: part.status, body: part.status === 204 ? null : await part.json() });
const answers = async all => Promise.all((await all).map(answer));
const forMultipart = open({ Accept: "multipart/mixed, application/json;q=0.9" }); // by itself it asks for JSON and cannot read it
const writes = parts(client, "Not kept", 7, 4711).slice(1);
const oneGroup = writes.map(async part => ({ ...await part, options: { atomicityGroup: "one" } }));

const { "@odata.etag": etag } = await tickets.retrieve(2);
const matching = open({ "If-Match": etag }).getEntitySet("Tickets");
console.log(JSON.stringify({
  ...filters,
  pages: await seen(pages),
  page: await seen(page),
  find: await seen(async () => (await tickets.find({ Category: "billing", Priority: "low" })).map(row => row.Id)),
  one: await seen(() => tickets.retrieve(2, withHistory)),
  missing: await seen(() => tickets.retrieve(4711)),
  search: await search("ticket", false),
  fuzzySearch: await search("ticket", true),
  figures: await seen(() => tickets.query(client.newOptions().apply(figures))),
  created: await seen(() => tickets.create(ticket("By @odata/client"))),
  refused: await seen(() => tickets.create(ticket(""))),
  changed: await seen(() => matching.update(2, { Status: "in_progress" })),
  stale: await seen(() => matching.update(2, { Title: "Stale" })),
  removed: await seen(() => tickets.delete(4)),
  gone: await seen(() => tickets.delete(4)),
  action: await seen(() => tickets.action("SupportTickets.Resolve", 1)),
  batchAsItIs: await seen(() => answers(client.execBatchRequests(parts(client, "Asked as it is", 5, 6)))),
  multipart: await seen(() => answers(forMultipart.execBatchRequests(parts(forMultipart, "In a batch", 8, 9)))),
  json: await seen(() => answers(client.execBatchRequestsJson(parts(client, "In JSON", 10, 11)))),
  undone: await seen(() => answers(client.execBatchRequestsJson(oneGroup))),
}));
