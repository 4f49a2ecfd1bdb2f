// What an application does with Syncfusion's DataManager and its ODataV4Adaptor: node syncfusion.mjs ADDRESS prints as JSON what it saw.
import { watch } from "./recorder.mjs";
import { createRequire } from "node:module";

const { DataManager, ODataV4Adaptor, Predicate, Query } = createRequire(import.meta.url)("@syncfusion/ej2-data");
globalThis.window = globalThis; // it looks there for XMLHttpRequest and timers; while it loads, it would take this for a whole browser
const root = process.argv[2];

const open = (headers = {}) => new DataManager({
  url: root + "Tickets", batchUrl: root.replace(/\/$/, ""), key: "Id", headers: [headers], adaptor: new ODataV4Adaptor(),
});

const seen = watch(async failure => {
  const answer = failure.error ?? failure[0].error;
  return { status: answer.status, ...(await answer.json()).error };
});

const rows = async query => (await open().executeQuery(query)).result;
const idsOf = async query => (await rows(query.sortBy("Id").select(["Id"]))).map(row => row.Id);
const ids = (...where) => seen(() => idsOf(where.reduce((query, by) => query.where(...by), new Query())));
const [day, next] = [new Date(Date.UTC(2026, 0, 5)), new Date(Date.UTC(2026, 0, 6))];

const filters = {
  text: await ids(["Title", "contains", "TICKET 1", true], ["Description", "startswith", "Desc"]),
  quotes: await ids(["Title", "equal", "O'Neil & Co. 100% +1 #2 Größe 🎫"]),
  wildcard: await ids(["Title", "wildcard", "Ticket*1"]),
  like: await ids(["Title", "like", "%cket 2%"]),
  without: await ids(["Title", "doesnotcontain", "1"]),
  member: await ids([new Predicate("Status", "equal", "resolved").or("Priority", "greaterthan", "medium")]),
  memberInAnyCase: await ids(["Status", "equal", "Resolved", true]),
  moment: await ids(["CreatedAt", "greaterthanorequal", day], ["CreatedAt", "lessthan", next]),
  day: await ids(["CreatedDate", "greaterthanorequal", day], ["CreatedDate", "lessthan", next]),
  empty: await ids(["ResolvedAt", "isnull"]),
  number: await ids(["Id", "greaterthan", 10], ["UrgencyScore", "lessthanorequal", 50]),
};

/** A grid's pages, with the count for its pager; the order that was added last counts first. */
async function pages() {
  const all = [];
  for (let page = 1; ; page++) {
    const query = new Query().where("Status", "notequal", "open").sortBy("Id").sortByDesc("UrgencyScore").select(["Id"])
      .page(page, 7).requiresCount();
    const { result, count } = await open().executeQuery(query);
    all.push(...result.map(row => row.Id));
    if (all.length >= count || result.length === 0) return { rows: all, count };
  }
}

const ticket = title => ({ Title: title, Description: "By Syncfusion.", Category: "billing", Priority: "high" });
const byIds = (...numbers) => rows(new Query().where(Predicate.or(...numbers.map(id => new Predicate("Id", "equal", id)))).sortBy("Id"));

/** What a grid in batch mode sends when it is saved: one row added, one changed, one deleted, the last two as they were read. */
async function save(title, changed, deleted) {
  const [first, second] = await byIds(changed, deleted);
  const changes = { addedRecords: [ticket(title)], changedRecords: [{ ...first, Priority: "critical" }], deletedRecords: [second] };
  return { first, save: () => open().saveChanges(changes, "Id", "Tickets", new Query(), { changedRecords: [{ ...first }] }) };
}

const withHistory = new Query().where("Id", "equal", 2).expand("Events").select(["Id", "Title", "Events.Field", "Events.NewValue"]);
const [two, three] = await byIds(2, 3);
const match = { "If-Match": two["@odata.etag"] };
const batch = await save("In a batch", 5, 6), undone = await save("Not kept", 7, 10);
console.log(JSON.stringify({
  ...filters,
  pages: await seen(pages),
  search: await seen(() => idsOf(new Query().search("ticket", ["Title"]).take(3))),
  distinct: await seen(() => rows(new Query().distinct(["Status"]))),
  one: await seen(() => rows(withHistory)),
  created: await seen(() => open().insert(ticket("By Syncfusion"))),
  refused: await seen(() => open().insert(ticket(""))),
  changed: await seen(() => open(match).update("Id", { ...two, Status: "in_progress" }, undefined, undefined, two)),
  stale: await seen(() => open(match).update("Id", { ...two, Title: "Stale" }, undefined, undefined, two)),
  whole: await seen(() => open().update("Id", { ...three, Title: "All of it" })),
  removed: await seen(() => open().remove("Id", 4)),
  gone: await seen(() => open().remove("Id", 4)),
  batch: await seen(batch.save),
  between: await seen(() => open().update("Id", { Id: 7, Priority: "low", Title: "Changed meanwhile" })),
  undone: await seen(undone.save),
}));
