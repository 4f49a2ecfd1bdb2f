// The form for a new ticket: keeps a draft until the server has stored the ticket, makes suggestions while typing, and sends until there is an answer.
import { countLeft } from "./count.js";
import { draftOf } from "./draft.js";
import { send } from "./send.js";
import { suggest } from "./suggest.js";

const KEPT = ["description", "title", "category", "priority", "requesterEmail", "requesterName", "key", "suggestedTitle", "suggestedCategory", "suggestedPriority", "titleSuggestion", "classification", "preset"];
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

let left = false;

function start(root) {
  const form = root.querySelector("[data-new-ticket]");
  const panel = root.querySelector("[data-sending]");
  const draft = draftOf(new URL(form.action).pathname, form.dataset.owner ?? "");
  keep(root, form, draft);
  const stopSuggesting = suggest(form);

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (form.inert) return;
    stopSuggesting();
    root.querySelector("[data-restored]").hidden = true;
    const outcome = await send(form, panel);
    if (outcome?.kind === "sent") {
      draft.forget(form.elements.key.value);
      left = true;
      location.assign(outcome.place);
    } else if (outcome) {
      replace(root, outcome.page);
    } else {
      form.querySelector(".actions .primary").focus();
    }
  });
}

/** Shows the draft if there is one and the form is empty, and saves what is typed from then on. */
function keep(root, form, draft) {
  const note = root.querySelector("[data-restored]");
  const fields = KEPT.map((name) => form.elements[name]).filter(Boolean); // a desk may not ask for the requester
  const isEmpty = () => form.elements.description.value.trim() === "" && form.elements.title.value.trim() === "";
  const save = () => {
    if (isEmpty()) draft.forget(form.elements.key.value);
    else draft.save(Object.fromEntries(fields.map((field) => [field.name, field.value])));
  };
  const fill = (values) => {
    for (const field of fields) field.value = values[field.name] ?? "";
  };

  const empty = Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const stored = isEmpty() ? draft.read() : null;
  if (stored) {
    fill({ ...empty, ...stored.values });
    const time = note.querySelector("time");
    time.dateTime = new Date(stored.at).toISOString();
    time.textContent = full.format(stored.at);
    note.hidden = false;
    form.dispatchEvent(new Event("change")); // the characters are counted anew
  } else if (!isEmpty()) {
    save(); // what was typed before this script was there
  }
  note.querySelector("[data-discard]").addEventListener("click", () => {
    draft.forget(form.elements.key.value);
    fill(empty);
    note.hidden = true;
    form.dispatchEvent(new Event("discard"));
    form.dispatchEvent(new Event("change"));
    form.elements.description.focus();
  });
  form.addEventListener("input", save);
  form.addEventListener("change", save);
}

/** Shows the server's answer for the form as if the page had been loaded. */
function replace(root, page) {
  const fresh = document.importNode(page.querySelector("main > *"), true);
  root.replaceWith(fresh);
  document.title = page.title;
  start(fresh);
  countLeft(fresh.querySelector("[data-new-ticket]"));
  fresh.querySelector("[data-errors]")?.focus();
}

start(document.querySelector("main > *"));
// A person who returns to a form that was sent wants a new one.
addEventListener("pageshow", (event) => { if (event.persisted && left) location.reload(); });
