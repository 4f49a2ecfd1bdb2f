// Keeps what is typed into a form on this device until the server has it: for a new ticket, for the box below a conversation, for the
// forms of its comments and for the form of a ticket.
import { DISCARDED, SENT, draftsOf, newSlot } from "./draft.js";
import { dropFiles, filesIn, filesOf, showFiles } from "./kept-files.js";

const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const MARKS = ["key", "version"]; // they go with the text

const valueOf = (field) => field instanceof RadioNodeList ? field.value : field.type === "checkbox" ? String(field.checked) : field.value;

/** Whether a form has a draft. */
export const hasDraft = (form, path) => draftsOf(path, form.dataset.owner ?? "").read() !== null;

/**
 * Shows the draft of a form if there is one, and saves what is typed from then on. A key goes with its text: what was sent without an
 * answer is not added twice. Of a form that names what its values were before (was-title beside title), only what differs is kept, with
 * what it was: the rest is shown as it is stored by then. Its files are kept too.
 * @param {HTMLFormElement} form The form; data-owner names its person, data-back says where it is not seen whether it came back as typed.
 * @param {string} path Identifies the form.
 * @param {string[]} names The fields to keep.
 * @param {() => boolean} [isEmpty] Whether there is nothing worth keeping, for a form that can hold text before it is kept; else that is
 *   so while the form is as it came.
 * @param {boolean} [restores] Whether a draft is offered: not where another text was just sent.
 * @returns The draft: forget() deletes it once the server has the text; discard() deletes it and returns what brings it back, or null
 *   when there was none.
 */
export function keep(form, path, names, isEmpty, restores = true) {
  const drafts = draftsOf(path, form.dataset.owner ?? "");
  const part = (name) => form.parentElement.querySelector(`[data-${name}]`);
  const note = part("restored");
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
  const differs = (values) => fields.some((name) => !MARKS.includes(name) && typeof values[name] === "string" && values[name] !== first[name]);
  const isNothing = () => (isEmpty ? isEmpty() : !isSentBack && !differs(read(fields))) && filesOf(form).length === 0;

  // A form with a key has the slot of its key.
  let [slot, held, isTyped, isSpent] = [newSlot(), null, false, false];
  const ownSlot = () => form.elements.key?.value ?? slot;
  const take = (other) => {
    if (form.elements.key) form.elements.key.value = other;
    slot = other;
  };
  const write = () => {
    const changed = fields.filter(isChanged);
    const before = changed.filter(baseOf).map((name) => baseOf(name).name);
    const [texts, files] = [read([...changed, ...before]), filesOf(form)];
    const values = files.length > 0 ? { ...texts, files } : texts;
    held = JSON.stringify(values);
    part("not-kept").hidden = drafts.save(ownSlot(), values);
  };
  const save = () => {
    if (isSpent) take(newSlot());
    [isTyped, isSpent] = [true, false];
    if (isNothing()) drafts.forget(ownSlot(), DISCARDED);
    else write();
  };

  // The same draft is open in another tab. What is here is kept, and sent, for itself from the moment on that they differ.
  drafts.listen(ownSlot, (what) => {
    if (!form.isConnected || form.inert || JSON.stringify(what?.values) === held) return;
    if (what === SENT) isSpent = true; // the same text again is the same; another one is one more
    else {
      take(newSlot());
      if ((isTyped || what === DISCARDED) && !isNothing()) write();
    }
    part("elsewhere").hidden = false;
  });

  // A form that was sent back has what was typed, and perhaps a new key for it.
  const isSentBack = form.dataset.back ? form.dataset.back === "yes"
    : form.querySelector("[aria-invalid], .versions") !== null || part("errors") !== null;
  const isFilled = isEmpty !== undefined && !isEmpty(); // before this script was there
  const stored = isSentBack || isFilled || !restores ? null : drafts.read();
  if (stored && (differs(stored.values) || filesIn(stored.values).length > 0)) {
    take(stored.slot);
    drafts.use(stored.slot);
    fill(stored.values);
    held = JSON.stringify(stored.values);
    showFiles(form, filesIn(stored.values)).then((isLess) => { if (isLess && !form.inert) write(); });
    const time = note.querySelector("time");
    time.dateTime = new Date(stored.at).toISOString();
    time.textContent = full.format(stored.at);
    note.hidden = false;
    form.dispatchEvent(new Event("change")); // the characters are counted anew
  } else if (isSentBack) {
    const last = drafts.last();
    if (!form.elements.key) slot = last ?? slot;
    else if (last !== null && last !== ownSlot()) drafts.forget(last, SENT);
  }
  if (isFilled || (isSentBack && !isEmpty && fields.some((name) => MARKS.includes(name)))) write();
  note.querySelector("[data-discard]").addEventListener("click", () => {
    drafts.forget(ownSlot(), DISCARDED);
    isTyped = false;
    fill(first);
    dropFiles(form);
    note.hidden = true;
    form.dispatchEvent(new Event("discard"));
    form.dispatchEvent(new Event("change"));
    form.querySelector("textarea")?.focus();
  });
  for (const change of ["input", "change", "attach:changed"]) form.addEventListener(change, save);
  return {
    forget: () => drafts.forget(ownSlot(), SENT),
    discard() {
      const [own, draft] = [ownSlot(), drafts.find(ownSlot())];
      drafts.forget(own, DISCARDED);
      return draft && (() => drafts.save(own, draft.values));
    },
  };
}
