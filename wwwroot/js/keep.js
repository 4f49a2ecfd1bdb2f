// Keeps what is typed into a form on this device until the server has it: for a new ticket, for the box below a conversation and for the
// form of a ticket.
import { draftOf } from "./draft.js";

const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

const valueOf = (field) => field instanceof RadioNodeList ? field.value : field.type === "checkbox" ? String(field.checked) : field.value;

/**
 * Shows the draft of a form if there is one, and saves what is typed from then on. A key goes with its text: what was sent without an
 * answer is not added twice. Of a form that names what its values were before (was-title beside title), only what differs is kept, with
 * what it was: the rest is shown as it is stored by then.
 * @param {HTMLFormElement} form The form; data-owner names its person.
 * @param {string} path Identifies the draft.
 * @param {string[]} names The fields to keep.
 * @param {() => boolean} [isEmpty] Whether there is nothing worth keeping, for a form that can hold text before it is kept; else that is
 *   so while the form is as it came.
 * @returns The draft: forget() deletes it once the server has the text.
 */
export function keep(form, path, names, isEmpty) {
  const draft = draftOf(path, form.dataset.owner ?? "");
  const note = form.parentElement.querySelector("[data-restored]");
  const fields = names.filter((name) => form.elements[name]); // a desk may not ask for the requester
  const baseOf = (name) => form.elements[`was-${name}`];
  const lines = (text) => text.replaceAll("\r\n", "\n");
  const isChanged = (name) => !baseOf(name) || lines(valueOf(form.elements[name])) !== lines(baseOf(name).value);
  const bases = fields.filter(baseOf).map((name) => baseOf(name).name);
  const read = (names) => Object.fromEntries(names.map((name) => [name, valueOf(form.elements[name])]));
  const fill = (values) => {
    for (const name of [...fields, ...bases]) if (typeof values[name] === "string") form.elements[name].value = values[name];
  };
  const first = read([...fields, ...bases]);
  const differs = (values) => fields.some((name) => name !== "key" && typeof values[name] === "string" && values[name] !== first[name]);
  const isNothing = isEmpty ?? (() => !differs(read(fields)));
  const forget = () => draft.forget(form.elements.key?.value);
  const save = () => {
    if (isNothing()) forget();
    else write();
  };
  const write = () => {
    const changed = fields.filter(isChanged);
    const before = changed.filter(baseOf).map((name) => baseOf(name).name);
    form.parentElement.querySelector("[data-not-kept]").hidden = draft.save(read([...changed, ...before]));
  };

  // A form that was sent back has what was typed, and perhaps a new key for it.
  const isSentBack = form.querySelector("[aria-invalid], .versions") !== null || form.parentElement.querySelector("[data-errors]") !== null;
  const isTyped = isEmpty !== undefined && !isEmpty(); // before this script was there
  const stored = isSentBack || isTyped ? null : draft.read();
  if (stored) {
    fill(stored.values);
    if (differs(stored.values)) {
      const time = note.querySelector("time");
      time.dateTime = new Date(stored.at).toISOString();
      time.textContent = full.format(stored.at);
      note.hidden = false;
      form.dispatchEvent(new Event("change")); // the characters are counted anew
    }
  } else if (isTyped || (isSentBack && !isEmpty && form.elements.key)) {
    write();
  }
  note.querySelector("[data-discard]").addEventListener("click", () => {
    forget();
    fill(first);
    note.hidden = true;
    form.dispatchEvent(new Event("discard"));
    form.dispatchEvent(new Event("change"));
    form.querySelector("textarea")?.focus();
  });
  form.addEventListener("input", save);
  form.addEventListener("change", save);
  return { forget };
}
