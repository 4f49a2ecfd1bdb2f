// The fields beside a ticket. With the pointer a choice is saved at once. With the keyboard each arrow is a choice on the way to another
// one, so it is saved by Enter or when the field is left, and Escape takes it back. A choice from the open list is one already.
const OPENS = [null, "Enter", " ", "F4"];

let last = null; // the key that was pressed last in the field that has the focus; null when that was the pointer
const waiting = new Set(); // the forms with a choice that is not saved yet

const fieldOf = (target) => target.matches?.("[data-fact] select") ? target : null;
const before = (field) => [...field.options].find((option) => option.defaultSelected) ?? field.options[0];
const hintOf = (form) => form.querySelector("[data-fact-hint]");

function wait(field) {
  const { form } = field;
  waiting.add(form);
  if (hintOf(form)) return;
  const hint = Object.assign(document.createElement("p"), { className: "hint", role: "status" });
  hint.dataset.factHint = "";
  form.append(hint);
  hint.textContent = `Enter saves it. Escape goes back to ${before(field).text}.`;
}

/** Whether a choice was waiting. */
function settle(form) {
  hintOf(form)?.remove();
  return waiting.delete(form);
}

const save = (form) => { if (settle(form)) form.requestSubmit(); };

document.addEventListener("pointerdown", ({ target }) => { if (fieldOf(target)) last = null; });
document.addEventListener("focusin", () => { last = null; });
document.addEventListener("focusout", ({ target }) => { if (fieldOf(target)) save(target.form); });

document.addEventListener("keydown", (event) => {
  const field = fieldOf(event.target);
  if (!field || event.isComposing) return;
  last = event.altKey ? "F4" : event.key; // which open the list; the keys in the open list may not come here
  if (!waiting.has(field.form) || !["Enter", "Escape"].includes(event.key)) return;
  event.preventDefault(); // Enter would open the list
  if (event.key === "Enter") { save(field.form); return; }
  before(field).selected = true;
  settle(field.form);
});

document.addEventListener("change", ({ target }) => {
  const field = fieldOf(target);
  if (!field) return;
  if (before(field).selected) settle(field.form);
  else if (OPENS.includes(last)) { settle(field.form); field.form.requestSubmit(); }
  else wait(field);
});
