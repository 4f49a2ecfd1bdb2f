// Single-key shortcuts: search, new ticket, next and previous row, select, edit, and a dialog that lists them. The dialog
// can turn them off (WCAG 2.1.4); this device remembers that.
const STORE = "shortcuts";
const LAST = "row";
// Reading the property of a store that is off already throws.
const remember = (store, key, value) => { try { store().setItem(key, value); } catch { /* It holds for this page. */ } };
const recall = (store, key) => { try { return store().getItem(key); } catch { return null; } };

let on = recall(() => localStorage, STORE) !== "off";

const keys = [
  ["/", "Search"], ["n", "New ticket"], ["j", "Next ticket of the list"], ["k", "Previous ticket of the list"],
  ["x", "Select the ticket"], ["Enter", "Open the ticket"], ["r", "Write a reply"], ["i", "Write an internal note"],
  ["a", "Assign the ticket to me"], ["s", "Change the status: arrows, then Enter"], ["t", "Add a tag"], ["e", "Edit the ticket"],
  ["Ctrl Enter", "Send or save what is written"], ["Ctrl Shift Enter", "Reply and resolve"], ["?", "Show this"],
];

function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) created.setAttribute(attribute, value);
  created.append(...children);
  return created;
}

const box = element("input", { type: "checkbox", autocomplete: "off" });
box.checked = on;
box.addEventListener("change", () => {
  on = box.checked;
  remember(() => localStorage, STORE, on ? "on" : "off");
});
const dialog = element("dialog", { class: "keys", "aria-labelledby": "keys-heading" },
  element("h2", { id: "keys-heading" }, "Keyboard shortcuts"),
  element("dl", {}, ...keys.map(([key, meaning]) => element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, meaning)))),
  element("label", { class: "check" }, box, "Shortcuts of one key work on this device"),
  element("form", { method: "dialog" }, element("button", { class: "button" }, "Close")));
const opener = element("button", { class: "link", type: "button", "aria-haspopup": "dialog" }, "Keyboard shortcuts");
opener.addEventListener("click", () => dialog.showModal());
document.body.append(element("footer", { class: "foot" }, opener), dialog);

// The rows are queried each time, because a search replaces them.
const rows = () => [...document.querySelectorAll(".tickets tbody tr")];
const linkOf = (row) => row?.querySelector("a.stretch");
function current() {
  const all = rows();
  const focused = document.activeElement?.closest(".tickets tbody tr");
  return focused ?? all.find((row) => linkOf(row).pathname === recall(() => sessionStorage, LAST));
}

function move(step) {
  const all = rows();
  const at = all.indexOf(current());
  const row = at < 0 ? all[0] : all[Math.min(Math.max(at + step, 0), all.length - 1)];
  if (!row) return;
  linkOf(row).focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// j and k continue from the row that had the focus last, also after returning from a ticket.
document.addEventListener("focusin", ({ target }) => {
  const link = linkOf(target.closest(".tickets tbody tr"));
  if (link) remember(() => sessionStorage, LAST, link.pathname);
});

function search() {
  const field = document.querySelector(".filters [type=search]") ?? document.querySelector(".find [type=search]");
  field?.focus();
  field?.select();
  return field;
}

function edit() {
  const row = document.activeElement?.closest(".tickets tbody tr");
  const link = row?.querySelector("[name=ticket]") ? linkOf(row) : null;
  if (link) location.assign(`${link.pathname}/edit${link.search}`);
  else use("e");
}

/** Uses what a page names for a key: goes to a field, chooses what is written, or presses. */
function use(key) {
  const target = document.querySelector(`[data-key="${key}"]`);
  if (!target) return;
  if (target.matches("[type=radio]")) {
    target.click();
    document.getElementById("body").focus();
  } else if (target.matches("select, input, textarea")) target.focus();
  else target.click();
}

const actions = {
  "/": search,
  n: () => document.querySelector('a[href="/tickets/new"]')?.click(),
  j: () => { if (rows().length > 0) move(1); else use("j"); },
  k: () => { if (rows().length > 0) move(-1); else use("k"); },
  x: () => document.activeElement?.closest(".tickets tbody tr")?.querySelector("[name=ticket]")?.click(),
  e: edit,
  r: () => use("r"),
  i: () => use("i"),
  a: () => use("a"),
  s: () => use("s"),
  t: () => use("t"),
  "?": () => dialog.showModal(),
};

// Whatever has a text to send or to save. The box of a ticket knows its buttons itself.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.defaultPrevented || event.isComposing) return;
  const form = event.target.matches("textarea") ? event.target.form : null;
  if (form?.method !== "post") return;
  event.preventDefault();
  form.requestSubmit();
});

const isTyping = (target) => target.isContentEditable || target.matches("select, textarea, input:not([type=checkbox], [type=radio])");
document.addEventListener("keydown", (event) => {
  const action = Object.hasOwn(actions, event.key) ? actions[event.key] : null;
  if (!on || !action || event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  action();
});
