// What an application does with DevExtreme's data layer: node devextreme.mjs ADDRESS prints as JSON what it saw.
import { watch } from "./recorder.mjs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { DataSource, EdmLiteral, ODataContext, ODataStore } = require("devextreme/common/data");
require("devextreme/core/http_request").inject({ getXhr: () => new XMLHttpRequest() }); // it looks for a window's
const root = process.argv[2];

/** Headers that the application adds by beforeSend; the store itself knows neither ETags nor preferences. */
let headers = {};
const options = {
  version: 4, key: "Id", keyType: "Int32", fieldTypes: { CreatedDate: "Date" },
  beforeSend: request => Object.assign(request.headers, headers),
};
const store = new ODataStore({ ...options, url: root + "Tickets" });

const seen = (work, added = {}) => {
  headers = added;
  return watch(error => ({ status: error.httpStatus, ...error.errorDetails }))(work);
};

const ids = filter => seen(async () => (await store.load({ filter, select: ["Id"], sort: "Id" })).map(row => row.Id));
const [day, next] = [new Date(2026, 0, 5), new Date(2026, 0, 6)]; // it writes local times as if they were UTC

const filters = {
  text: await ids([["Title", "contains", "TICKET 1"], "and", ["Description", "startswith", "desc"]]),
  quotes: await ids(["Title", "=", "O'Neil & Co. 100% +1 #2 Größe 🎫"]),
  without: await ids(["Title", "notcontains", "1"]),
  member: await ids([["Status", "=", "resolved"], "or", ["Priority", ">", new EdmLiteral("SupportTickets.Priority'medium'")]]),
  not: await ids(["!", ["Status", "=", "open"]]),
  memberAsText: await ids(["Status", "contains", "resol"]),
  moment: await ids([["CreatedAt", ">=", day], "and", ["CreatedAt", "<", next]]),
  day: await ids([["CreatedDate", ">=", day], "and", ["CreatedDate", "<", next]]),
  dayAsText: await ids(["CreatedDate", "=", "2026-01-05"]),
  empty: await ids(["ResolvedAt", "=", null]),
  number: await ids([["Id", ">", 10], "and", ["UrgencyScore", "<=", 50]]),
};

/** A grid's pages, with the count for its pager. */
async function pages() {
  const source = new DataSource({
    store, filter: ["Status", "<>", "open"], sort: [{ selector: "UrgencyScore", desc: true }, "Id"], select: ["Id"],
    pageSize: 7, requireTotalCount: true,
  });
  const rows = [];
  for (let page = 0; ; page++) {
    source.pageIndex(page);
    rows.push(...(await source.load()).map(row => row.Id));
    if (source.isLastPage()) return { rows, count: source.totalCount() };
  }
}

/** Without a page the store follows the feed's links by itself. */
const newest = async () => (await store.load({ sort: [{ selector: "CreatedAt", desc: true }], select: ["Id"] })).map(row => row.Id);

const ticket = title => ({ Title: title, Description: "By DevExtreme.", Category: "billing", Priority: "high" });
const { "@odata.etag": etag } = await store.byKey(2);
console.log(JSON.stringify({
  ...filters,
  pages: await seen(pages),
  walk: await seen(newest, { Prefer: "odata.maxpagesize=25" }),
  count: await seen(() => store.totalCount({ filter: ["Category", "=", "billing"] })),
  one: await seen(() => store.byKey(2, { expand: ["Events"], select: ["Id", "Title", "Events.Field", "Events.NewValue"] })),
  missing: await seen(() => store.byKey(4711)),
  created: await seen(() => store.insert(ticket("By DevExtreme"))),
  refused: await seen(() => store.insert(ticket(""))),
  changed: await seen(() => store.update(2, { Status: "in_progress" }), { "If-Match": etag }),
  stale: await seen(() => store.update(2, { Title: "Stale" }), { "If-Match": etag }),
  removed: await seen(() => store.remove(4)),
  action: await seen(() => new ODataContext({ ...options, url: root + "Tickets(1)" }).invoke("SupportTickets.Resolve")),
}));
