// What a program does with odatajs, the client of the Apache Olingo project: node odatajs.mjs ADDRESS prints as JSON what it saw.
import { createRequire } from "node:module";

const { oData, cache } = createRequire(import.meta.url)("odatajs/index.js");
const root = process.argv[2];
let types;
types = await call({ requestUri: root + "$metadata" }, oData.metadataHandler);
const service = await call({ requestUri: root }, undefined, []);
globalThis.window = globalThis; // its cache knows timers by that name only; its XML reader would look for a browser's

function call(request, handler, metadata = types) {
  return new Promise((resolve, reject) => oData.request(request, data => resolve(data), reject, handler, undefined, metadata));
}

const get = (path, headers = {}, metadata = types) => call({ requestUri: root + path.replaceAll(" ", "%20"), headers }, undefined, metadata);

/** A page size that needs several pages; who follows their nextLinks is the library. */
let requests = 0;
const inSmallPages = {
  request: (request, success, error) => {
    requests++;
    request.headers.Prefer = "odata.maxpagesize=7";
    return oData.net.defaultHttpClient.request(request, success, error);
  },
};

/** With the model at hand the library gives every value its type; it cannot do that for what is expanded. */
async function read() {
  oData.json.jsonHandler.recognizeDates = true;
  const { value, ...control } = await get("Tickets?$filter=Status ne 'open' and UrgencyScore ge 20&$orderby=UrgencyScore desc,Id&$select=Id,Title,UrgencyScore,Status,CreatedAt,CreatedDate,Version&$top=5&$count=true");
  oData.json.jsonHandler.recognizeDates = false; // it fails on a day that is null, which whole tickets have
  const dates = value.every(row => row.CreatedAt instanceof Date && row.CreatedDate instanceof Date);
  const expanded = await get("Tickets(2)?$select=Id&$expand=Events($orderby=Id;$select=Field,NewValue)", {}, []);
  return { control, value, dates, expanded };
}

function walk() {
  const tickets = cache.createDataCache({ name: "tickets", source: root + "Tickets?$orderby=CreatedAt%20desc,Id", mechanism: "memory", pageSize: 40, prefetchSize: 0, httpClient: inSmallPages, metadata: types });
  return new Promise((resolve, reject) => tickets.readRange(0, 40).then(range => resolve({ rows: range.value.map(row => row.Id), requests }), reject));
}

const count = async () => Number(await get("Tickets/$count"));

const write = (method, path, data, headers = {}) => call({ method, requestUri: root + path, data, headers });

async function refused(promise) {
  try { return { taken: await promise }; }
  catch ({ response }) { return { status: response.statusCode, error: JSON.parse(response.body).error }; }
}

async function change() {
  const { "@odata.etag": etag, Title } = await get("Tickets(1)");
  const changed = await write("PATCH", "Tickets(1)", { Status: "in_progress" }, { "If-Match": etag, Prefer: "return=representation" });
  const stale = await refused(write("PATCH", "Tickets(1)", { Title: "Stale" }, { "If-Match": etag }));
  const { Title: kept, Status } = await get("Tickets(1)");
  return { etag, Title, changed, stale, kept, Status };
}

const batch = requests => call({ method: "POST", requestUri: root + "$batch", headers: { Prefer: "odata.continue-on-error" }, data: { __batchRequests: requests } }, oData.batch.batchHandler);

/** A change set between two reads; then one of which a part is stale. */
async function batches() {
  const ticket = title => ({ Title: title, Description: "By odatajs.", Category: "account", Priority: "low" });
  const { "@odata.etag": etag } = await get("Tickets(2)");
  const done = await batch([
    { method: "GET", requestUri: "Tickets?$top=2&$select=Id" },
    { __changeRequests: [
      { method: "POST", requestUri: "Tickets", headers: { "Content-ID": "1" }, data: ticket("In a batch") },
      { method: "PATCH", requestUri: "Tickets(2)", headers: { "Content-ID": "2", "If-Match": etag, Prefer: "return=minimal" }, data: { Priority: "medium" } },
    ] },
    { method: "GET", requestUri: "Tickets(2)?$select=Priority" },
  ]);
  const undone = await batch([
    { __changeRequests: [
      { method: "POST", requestUri: "Tickets", headers: { "Content-ID": "1" }, data: ticket("Not kept") },
      { method: "PATCH", requestUri: "Tickets(2)", headers: { "Content-ID": "2", "If-Match": etag }, data: { Priority: "low" } },
    ] },
    { method: "GET", requestUri: "Tickets/$count" },
  ]);
  const plain = part => part.__changeResponses
    ? part.__changeResponses.map(plain)
    : part.response ? { status: part.response.statusCode, error: JSON.parse(part.response.body).error } : { status: part.statusCode, data: part.data, location: part.headers.Location };
  return { done: done.__batchResponses.map(plain), undone: undone.__batchResponses.map(plain) };
}

const schema = types.dataServices.schema.find(s => s.entityType);
const seen = {
  schema: { namespace: schema.namespace, types: schema.entityType.map(type => type.name), enums: schema.enumType.map(type => type.name), key: schema.entityType[0].key[0].propertyRef[0].name },
  service: service.value.map(set => set.name),
  read: await read(),
  walk: await walk(),
  count: await count(),
  created: await write("POST", "Tickets", { Title: "By odatajs", Description: "One ticket.", Category: "billing", Priority: "high" }),
  change: await change(),
  batches: await batches(),
};
console.log(JSON.stringify(seen));
