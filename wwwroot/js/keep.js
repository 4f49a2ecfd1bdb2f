// Keeps what is typed into a form on this device until the server has it: for the box below a conversation and for the form of a ticket.
import { draftOf } from "./draft.js";

const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const valueOf = (field) => field instanceof RadioNodeList ? field.value : field.type === "checkbox" ? String(field.checked) : field.value;

/**
 * Shows the draft of a form if there is one, and saves what is typed from then on.
 * @param {HTMLFormElement} form The form; data-owner names its person.
 * @param {string} path Identifies the draft.
 * @param {string[]} names The fields to keep.
 * @returns The draft: forget() deletes it once the server has the text.
 */
export function keep(form, path, names) {
  const draft = draftOf(path, form.dataset.owner ?? "");
  const note = form.parentElement.querySelector("[data-restored]");
  const fields = names.filter((name) => form.elements[name]);
  const read = () => Object.fromEntries(fields.map((name) => [name, valueOf(form.elements[name])]));
  const fill = (values) => {
    for (const name of fields) if (typeof values[name] === "string") form.elements[name].value = values[name];
  };
  const first = read();
  const isFirst = () => fields.every((name) => name === "key" || valueOf(form.elements[name]) === first[name]);
  const forget = () => draft.forget(undefined);
  const save = () => { if (isFirst()) forget(); else draft.save({ ...read(), key: undefined, sent: form.elements.key?.value }); };

  const stored = form.querySelector("[aria-invalid]") ? null : draft.read();
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
