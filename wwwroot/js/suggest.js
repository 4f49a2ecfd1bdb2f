// Makes suggestions while typing. It never overwrites what the person typed or chose, and drops answers to an older text; a missing answer changes nothing.
const PAUSE_MS = 600;
const MIN_LENGTH = 15;
// A text this long was pasted, not typed: it is sent once, when the person asks or leaves the field.
const MAX_WHILE_TYPING = 20_000;

/** Takes the error of a field away once a suggestion has filled it, and its line above the form. */
function clearError(field) {
  const message = document.getElementById(`${field.id}-error`);
  if (!message) return;
  const described = field.getAttribute("aria-describedby").split(" ").filter((id) => id !== message.id).join(" ");
  if (described) field.setAttribute("aria-describedby", described);
  else field.removeAttribute("aria-describedby");
  field.removeAttribute("aria-invalid");
  field.closest(".field").classList.remove("wrong");
  message.remove();
  const line = document.querySelector(`[data-errors] a[href="#${field.id}"]`).closest("li");
  const [list, box] = [line.parentElement, line.closest("[data-errors]")];
  line.remove();
  const left = list.children.length;
  box.querySelector("h2").textContent = left === 1 ? "One thing needs your attention" : `${left} things need your attention`;
  if (left > 0) return;
  box.remove();
  document.title = document.title.replace(/^Error: /, "");
}

/** Starts suggestions for a form. The returned function stops them, because a form that is being sent must not change. */
export function suggest(form) {
  const { description, title, category, priority, suggestedTitle, suggestedCategory, suggestedPriority, titleSuggestion, classification, suggestedBy } = form.elements;
  const offer = form.querySelector("[data-offer]");
  const announcement = form.querySelector("[data-announce]");
  const source = form.querySelector("[data-source]"); // not there where nobody suggests a category
  const pending = {};
  const cancel = (handler) => {
    pending[handler]?.abort();
    delete pending[handler];
  };
  const changed = () => form.dispatchEvent(new Event("change"));

  /** Asks a handler of this page; null when there is no answer or it is no longer wanted. */
  async function ask(handler) {
    cancel(handler);
    const request = pending[handler] = new AbortController();
    try {
      const response = await fetch(`${form.action}?handler=${handler}`, {
        method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(form)), signal: request.signal,
      });
      const answer = await response.json();
      return request.signal.aborted ? null : { ok: response.ok, ...answer };
    } catch {
      return null;
    } finally {
      if (pending[handler] === request) delete pending[handler];
    }
  }

  function mark(select, suggested) {
    const word = form.querySelector(`[data-mark=${select.name}]`);
    word.hidden = select.value === "" || select.value !== suggested.value;
    showSource();
  }

  function showSource() {
    if (!source) return;
    source.querySelector("[data-source-name]").textContent = suggestedBy.value;
    source.hidden = suggestedBy.value === "" || [category, priority].every((select) => form.querySelector(`[data-mark=${select.name}]`).hidden);
  }

  function choose(select, suggested, value) {
    const untouched = select.value === "" || select.value === suggested.value;
    if (untouched && value === "") {
      // Nobody is sure of the new text: what was suggested for the older one goes. A form that came back with it has no empty choice.
      if (![...select.options].some((option) => option.value === "")) select.prepend(new Option("Choose…", ""));
      select.value = "";
      suggested.value = "";
    } else if (untouched) {
      select.value = value;
      suggested.value = value;
      clearError(select);
    }
    mark(select, suggested);
    return untouched;
  }

  let answered = suggestedCategory.value || suggestedPriority.value ? description.value.trim() : "";
  async function classify() {
    clearTimeout(pause);
    const text = description.value.trim();
    if (!source || text.length < MIN_LENGTH || text === answered || pending.Classify) return;
    const answer = await ask("Classify");
    if (!answer?.ok) return;
    answered = text;
    suggestedBy.value = answer.source ?? "";
    const before = [category.value, priority.value];
    const chosen = [choose(category, suggestedCategory, answer.category), choose(priority, suggestedPriority, answer.priority)];
    classification.value = answer.id ?? "";
    const words = [chosen[0] && answer.category && `category ${answer.category}`, chosen[1] && answer.priority && `priority ${answer.priority}`].filter(Boolean);
    if (words.length > 0) announcement.textContent = `Suggested: ${words.join(", ")}.`;
    else if (before.join() !== [category.value, priority.value].join()) announcement.textContent = "Nothing fits well enough any more. Choose category and priority yourself.";
    changed();
  }

  let pause;
  description.addEventListener("input", () => {
    cancel("Classify");
    cancel("Title");
    clearTimeout(pause);
    if (description.value.length <= MAX_WHILE_TYPING) pause = setTimeout(classify, PAUSE_MS);
  });
  description.addEventListener("change", classify);

  for (const [select, suggested] of [[category, suggestedCategory], [priority, suggestedPriority]]) {
    mark(select, suggested);
    select.addEventListener("change", () => {
      suggested.value = "";
      mark(select, suggested);
    });
  }

  function offerTitle(value) {
    form.querySelector("[data-offer-text]").textContent = value;
    offer.hidden = value === "" || value === title.value;
  }

  form.querySelector("[data-suggest-title]").addEventListener("click", async (event) => {
    if (description.value.trim() === "") return; // The server says what is missing.
    event.preventDefault();
    const before = title.value;
    const answer = await ask("Title");
    if (answer?.error) { announcement.textContent = answer.error; return; }
    if (!answer?.ok) { announcement.textContent = "No suggestion came. Try again, or enter a title."; return; }
    const untouched = title.value.trim() === "" || (title.value === before && before === suggestedTitle.value);
    suggestedTitle.value = answer.title;
    titleSuggestion.value = answer.id ?? "";
    if (untouched) {
      title.value = answer.title;
      clearError(title);
    }
    offerTitle(answer.title);
    announcement.textContent = untouched ? `Title set to: ${answer.title}` : `Suggested title: ${answer.title}`;
    changed();
  });

  form.querySelector("[data-take-title]").addEventListener("click", (event) => {
    event.preventDefault();
    title.value = suggestedTitle.value;
    clearError(title);
    offer.hidden = true;
    changed();
    title.focus();
  });

  form.addEventListener("discard", () => {
    answered = "";
    mark(category, suggestedCategory);
    mark(priority, suggestedPriority);
    offerTitle("");
  });

  // With script no button is needed: suggestions come while typing.
  form.querySelector("[data-classify]")?.setAttribute("hidden", "");
  offerTitle(suggestedTitle.value);
  // Text that was typed before this script was loaded.
  if (description.value !== "" && description.value.length <= MAX_WHILE_TYPING) pause = setTimeout(classify, PAUSE_MS);

  return () => {
    clearTimeout(pause);
    cancel("Classify");
    cancel("Title");
  };
}
