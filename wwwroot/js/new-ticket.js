// Suggestions while typing. Nothing that the person typed or chose is overwritten, and an answer to an older text is dropped.
const form = document.querySelector("[data-new-ticket]");
const { description, title, category, priority, suggestedTitle, suggestedCategory, suggestedPriority, titleSuggestion, classification } = form.elements;
const offer = form.querySelector("[data-offer]");
const offerText = form.querySelector("[data-offer-text]");
const announcement = form.querySelector("[data-announce]");
const PAUSE_MS = 600;
const MIN_LENGTH = 15;
// A text this long is pasted, not typed: it is sent once, when the person asks or leaves the field.
const MAX_WHILE_TYPING = 20_000;

const pending = {};
function cancel(handler) {
  pending[handler]?.abort();
  delete pending[handler];
}

/** Asks a handler of this page; null when there is no answer or it is no longer wanted. */
async function ask(handler) {
  cancel(handler);
  const request = pending[handler] = new AbortController();
  try {
    const response = await fetch(`/tickets/new?handler=${handler}`, {
      method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(form)), signal: request.signal,
    });
    const answer = await response.json();
    return request.signal.aborted ? null : { ok: response.ok, ...answer };
  } catch {
    return null;
  }
}

function choose(select, suggested, value) {
  const untouched = select.value === "" || select.value === suggested.value;
  if (untouched) {
    select.value = value;
    suggested.value = value;
  }
  form.querySelector(`[data-mark=${select.name}]`).hidden = select.value !== suggested.value;
  return untouched;
}

let asked = "";
async function classify() {
  const text = description.value.trim();
  if (text.length < MIN_LENGTH || text === asked) return;
  asked = text;
  const answer = await ask("Classify");
  if (!answer?.ok) { if (asked === text) asked = ""; return; }
  const chosen = [choose(category, suggestedCategory, answer.category), choose(priority, suggestedPriority, answer.priority)];
  classification.value = answer.id ?? "";
  if (chosen.some(Boolean)) announcement.textContent = `Suggested: category ${category.value}, priority ${priority.value}.`;
}

let pause;
description.addEventListener("input", () => {
  cancel("Classify");
  cancel("Title");
  asked = "";
  clearTimeout(pause);
  if (description.value.length <= MAX_WHILE_TYPING) pause = setTimeout(classify, PAUSE_MS);
});
description.addEventListener("change", classify);

for (const [select, suggested] of [[category, suggestedCategory], [priority, suggestedPriority]]) {
  select.addEventListener("change", () => {
    suggested.value = "";
    form.querySelector(`[data-mark=${select.name}]`).hidden = true;
  });
}

function offerTitle(value) {
  offerText.textContent = value;
  offer.hidden = value === "" || value === title.value;
}

form.querySelector("[data-suggest-title]").addEventListener("click", async (event) => {
  if (description.value.trim() === "") return; // The server says what is missing.
  event.preventDefault();
  const before = title.value;
  const answer = await ask("Title");
  if (answer?.error) { announcement.textContent = answer.error; return; }
  if (!answer) { announcement.textContent = "No suggestion came. Try again, or enter a title."; return; }
  const untouched = title.value.trim() === "" || (title.value === before && before === suggestedTitle.value);
  suggestedTitle.value = answer.title;
  titleSuggestion.value = answer.id ?? "";
  if (untouched) title.value = answer.title;
  offerTitle(answer.title);
  announcement.textContent = untouched ? `Title set to: ${answer.title}` : `Suggested title: ${answer.title}`;
});

form.querySelector("[data-take-title]").addEventListener("click", (event) => {
  event.preventDefault();
  title.value = suggestedTitle.value;
  offer.hidden = true;
  title.focus();
});

// With a script there is nothing to press: suggestions come while typing.
form.querySelector("[data-classify]").hidden = true;
