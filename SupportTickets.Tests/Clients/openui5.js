// What an application does with sap.ui.model.odata.v4.ODataModel, in a page that has OpenUI5's loader. Each function
// gives back plainly what the application would show; what the model refuses comes out as an exception.

const load = (...names) => new Promise((resolve, reject) => sap.ui.require(names, (...modules) => resolve(modules), reject));

const [ODataModel, Filter, FilterOperator, Sorter, Messaging] = await load(
  "sap/ui/model/odata/v4/ODataModel", "sap/ui/model/Filter", "sap/ui/model/FilterOperator", "sap/ui/model/Sorter", "sap/ui/core/Messaging");

/** Changes wait for submitBatch; reads go by $batch, or each by itself with "$direct". Options that begin with sap- go with every request. */
const open = (options = {}) => new ODataModel({ serviceUrl: "/odata/?sap-client=100", updateGroupId: "changes", operationMode: "Server", earlyRequests: true, ...options });

const objects = contexts => contexts.map(context => context.getObject());

/** All rows, as a list asks for them while somebody scrolls down. */
async function scroll(binding, length) {
  const rows = [], pages = [];
  for (let start = 0; ; start += length) {
    const contexts = await binding.requestContexts(start, length);
    rows.push(...objects(contexts));
    pages.push(contexts.length);
    if (contexts.length < length) return { rows, pages };
  }
}

/** A list with filters and orders of the model's own and an expression of the application's. */
export async function list(options, after, length) {
  const binding = open(options).bindList("/Tickets", undefined,
    [new Sorter("UrgencyScore", true), new Sorter("Id")],
    [new Filter("UrgencyScore", FilterOperator.GE, 20), new Filter("Title", FilterOperator.Contains, "Ticket"), new Filter("CreatedAt", FilterOperator.GT, after)],
    { $count: true, $select: "Id,Title,UrgencyScore,CreatedAt,CreatedDate,Status", $filter: "Status ne 'open'" });
  const { rows, pages } = await scroll(binding, length);
  return { rows, pages, count: binding.getCount() };
}

/** More rows at once than the feed gives in one answer: the model takes its nextLink for "there are more", and is asked for the rest. */
export async function all(length) {
  const binding = open().bindList("/Tickets", undefined, [new Sorter("Id", true)], [], { $select: "Id" });
  const rows = [], pages = [];
  for (let contexts; rows.length < length && contexts?.length !== 0; pages.push(contexts.length)) {
    contexts = await binding.requestContexts(rows.length, length - rows.length);
    rows.push(...objects(contexts).map(row => row.Id));
  }
  return { rows, pages, isFinal: binding.isLengthFinal() };
}

/** One ticket with its history. */
export async function ticket(id) {
  const context = open().bindContext(`/Tickets(${id})`, undefined, { $expand: { Events: { $orderby: "Id", $select: ["Id", "Field", "NewValue"] } } });
  return await context.requestObject();
}

export async function count() {
  return { count: await open().bindProperty("/Tickets/$count").requestValue() };
}

/** What the model knows from $metadata. */
export async function types() {
  const meta = open().getMetaModel();
  const names = ["Id", "Status", "CreatedAt", "CreatedDate", "ResolutionMinutes"];
  const types = await Promise.all(names.map(name => meta.requestObject(`/Tickets/${name}/$Type`)));
  const length = await meta.requestObject("/Tickets/Title/$MaxLength");
  const description = await meta.requestObject("/Tickets/Status@Org.OData.Core.V1.Description");
  const events = await meta.requestObject("/Tickets/Events/$Type");
  const uiType = await meta.requestUI5Type("/Tickets/CreatedAt");
  return { types, length, description, events, uiType: uiType.getName() };
}

/** The application's own $apply, and data aggregation as the model writes it by itself. */
export async function figures() {
  const sorters = [new Sorter("Status"), new Sorter("Priority")];
  const filter = new Filter("UrgencyScore", FilterOperator.GE, 20);
  const apply = open().bindList("/Tickets", undefined, sorters, [],
    { $apply: "filter(UrgencyScore ge 20)/groupby((Status,Priority),aggregate($count as Count,UrgencyScore with sum as Urgency))" });
  const aggregation = open().bindList("/Tickets", undefined, sorters, [filter],
    { $$aggregation: { group: { Status: {}, Priority: {} }, aggregate: { Urgency: { name: "UrgencyScore", with: "sum" }, Highest: { name: "UrgencyScore", with: "max" } } } });
  return { apply: objects(await apply.requestContexts(0, 100)), aggregation: objects(await aggregation.requestContexts(0, 100)) };
}

/** Adds a ticket to a list. */
export async function create(title) {
  const model = open();
  const binding = model.bindList("/Tickets", undefined, [new Sorter("Id")], [], { $count: true });
  await binding.requestContexts(0, 5);
  const context = binding.create({ Title: title, Description: "By OpenUI5.", Category: "billing", Priority: "high" });
  await model.submitBatch("changes");
  await context.created();
  return { row: context.getObject(), path: context.getPath(), pending: model.hasPendingChanges(), count: binding.getCount() };
}

/** Two fields of one row of a list, one by a control's binding, and one field of another: one change set. */
export async function change() {
  const model = open();
  const binding = model.bindList("/Tickets", undefined, [new Sorter("Id")], [], { $count: true });
  const [first, second] = await binding.requestContexts(0, 5);
  const control = model.bindProperty("Priority", first);
  await control.requestValue();
  const done = [control.setValue("critical"), first.setProperty("Status", "in_progress"), second.setProperty("Title", "Changed too")];
  await model.submitBatch("changes");
  await Promise.all(done);
  return { first: first.getObject(), second: second.getObject(), pending: model.hasPendingChanges() };
}

const messages = () => Messaging.getMessageModel().getData().map(message => ({
  code: message.getCode(), text: message.getMessage(), type: message.getType(), target: message.getTarget(), status: message.getTechnicalDetails()?.httpStatus }));

/** Somebody else changes the ticket between the read and the change. */
export async function stale(id) {
  const model = open();
  const context = model.bindContext(`/Tickets(${id})`).getBoundContext();
  await context.requestObject();
  await fetch(`/odata/Tickets(${id})`, { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ Title: "By another" }) });
  Messaging.removeAllMessages();
  const refused = context.setProperty("Title", "Mine").catch(error => ({ status: error.status, message: error.message, canceled: error.canceled }));
  await model.submitBatch("changes");
  const waiting = model.hasPendingChanges("changes");
  const seen = messages();
  await model.resetChanges("changes");
  const refusal = await refused;
  await context.requestRefresh();
  const current = await context.requestObject("Title");
  const again = context.setProperty("Title", "Mine after all");
  await model.submitBatch("changes");
  await again;
  return { waiting, messages: seen, refusal, current, after: await context.requestObject("Title") };
}

/** A change set of which one part breaks a rule. */
export async function broken(first, second) {
  const model = open();
  const [one, two] = [first, second].map(id => model.bindContext(`/Tickets(${id})`).getBoundContext());
  await Promise.all([one.requestObject(), two.requestObject()]);
  Messaging.removeAllMessages();
  const refused = [one.setProperty("Title", "Not kept"), two.setProperty("Title", " ")].map(change => change.catch(() => "refused"));
  await model.submitBatch("changes");
  const seen = messages();
  await model.resetChanges("changes");
  return { messages: seen, refused: await Promise.all(refused) };
}
