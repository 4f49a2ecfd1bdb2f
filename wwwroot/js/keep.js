// Keeps what is typed into a form on this device until the server has it: for the box below a conversation and for the form of a ticket.
import { draftOf } from "./draft.js";

const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const valueOf = (field) => field instanceof RadioNodeList ? field.value : field.type === "checkbox" ? String(field.checked) : field.value;

/**
 * Shows the draft of a form if there is one, and saves what is typed from then on. Of a form that names what its values were before
 * (was-title beside title), only what differs is kept, with what it was: the rest is shown as it is stored by then.
 * @param {HTMLFormElement} form The form; data-owner names its person.
 * @param {string} path Identifies the draft.
 * @param {string[]} names The fields to keep.
 * @returns The draft: forget() deletes it once the server has the text.
 */
export function keep(form, path, names) {
  const draft = draftOf(path, form.dataset.owner ?? "");
  const note = form.parentElement.querySelector("[data-restored]");
  const fields = names.filter((name) => form.elements[name]);
  const baseOf = (name) => form.elements[`was-${name}`];
  const lines = (text) => text.replaceAll("\r\n", "\n");
  const isChanged = (name) => !baseOf(name) || lines(valueOf(form.elements[name])) !== lines(baseOf(name).value);
  const bases = fields.filter(baseOf).map((name) => baseOf(name).name);
  const read = (names) => Object.fromEntries(names.map((name) => [name, valueOf(form.elements[name])]));
  const fill = (values) => {
    for (const name of [...fields, ...bases]) if (typeof values[name] === "string") form.elements[name].value = values[name];
  };
  const first = read([...fields, ...bases]);
  const isFirst = () => fields.every((name) => name === "key" || valueOf(form.elements[name]) === first[name]);
  const forget = () => draft.forget(undefined);
  const save = () => {
    if (isFirst()) { forget(); return; }
    const changed = fields.filter(isChanged);
    const before = changed.filter(baseOf).map((name) => baseOf(name).name);
    draft.save({ ...read([...changed, ...before]), key: undefined, sent: form.elements.key?.value });
  };

  // A form that was sent back has what was typed.
  const stored = form.querySelector("[aria-invalid], .versions") ? null : draft.read();
  if (stored && fields.some((name) => typeof stored.values[name] === "string" && stored.values[name] !== first[name])) {
    fill(stored.values);
    // The key goes with the text: if it was sent already, it is not added twice.
    if (form.elements.key && stored.values.sent) form.elements.key.value = stored.values.sent;
    const time = note.querySelector("time");
    time.dateTime = new Date(stored.at).toISOString();
    time.textContent = full.format(stored.at);
    note.hidden = false;
  }
  note.querySelector("[data-discard]").addEventListener("click", () => {
    forget();
    fill(first);
    note.hidden = true;
    form.dispatchEvent(new Event("change"));
    form.querySelector("textarea")?.focus();
  });
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  return { forget };
}
