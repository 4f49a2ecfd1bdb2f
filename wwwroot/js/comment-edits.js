// The forms on the page of a ticket that edit its comments: each keeps a draft, and is sent until there is an answer.
import { DISCARDED, draftsOf } from "./draft.js";
import { hasDraft, keep } from "./keep.js";
import { send } from "./send.js";

const NAMES = ["body", "version"];

const pathOf = (form) => `${location.pathname}#edit-${form.elements.comment.value}`;
const started = new WeakSet();

/** Shows the draft for a comment that has no form any more, because the time for editing it is over. */
function showLate(entry) {
  const [, id] = entry.id.split("-");
  const drafts = draftsOf(`${location.pathname}#edit-${id}`, document.querySelector("article.ticket").dataset.owner ?? "");
  const draft = drafts.read();
  if (!draft || entry.querySelector("[data-parts]")) return;
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const said = make("p", { textContent: "Your change of this comment was not saved, and it cannot be edited any more. Copy what you need." });
  const text = make("textarea", { rows: 4, dir: "auto", readOnly: true, textContent: String(draft.values.body), ariaLabel: "Your text, which was not saved" });
  const discard = make("button", { type: "button", className: "link", textContent: "Discard" });
  const parts = make("div", { className: "field" });
  parts.dataset.parts = "";
  parts.append(said, text, discard);
  discard.addEventListener("click", () => {
    drafts.forget(draft.slot, DISCARDED);
    parts.remove();
  });
  entry.append(parts);
}

/**
 * Starts the forms that are open or have a draft, and each other one when it is opened.
 * @param {(work: () => Promise<void>) => Promise<void>} alone Does what sends something from here.
 * @param {(place: string) => Promise<void>} saved Shows the ticket once the change is stored.
 */
export function startEdits(alone, saved) {
  function start(form) {
    if (started.has(form)) return;
    started.add(form);
    form.before(document.querySelector("[data-edit-parts]").content.cloneNode(true));
    const part = (name) => form.parentElement.querySelector(`[data-${name}]`);
    const draft = keep(form, pathOf(form), NAMES);
    if (!part("restored").hidden) form.parentElement.open = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault(); // before the listener for the small forms
      if (!form.inert) alone(() => sendEdit(form, part, draft));
    });
  }

  async function sendEdit(form, part, draft) {
    part("restored").hidden = true;
    const page = location.pathname + location.search;
    const outcome = await send(form, part("sending"), { selector: "[data-comment]", page, what: "change" });
    if (outcome?.kind === "sent") {
      draft.forget();
      await saved(outcome.place);
    } else if (outcome) {
      refused(form, part("sending"), outcome.page);
    } else {
      form.elements.body.focus();
    }
  }

  /** Shows the form as it came back. A comment that has none any more keeps the one that is here, with its text. */
  function refused(form, panel, page) {
    const entry = form.closest("li");
    const fresh = page.getElementById(entry.id);
    const next = fresh?.querySelector("[data-edit-comment]");
    if (next) {
      entry.replaceWith(document.adoptNode(fresh));
      start(next);
      fresh.querySelector("[data-errors]")?.focus();
      dispatchEvent(new Event("refreshed"));
      return;
    }
    panel.querySelector("[data-sending-text]").textContent = page.querySelector("[data-errors] p")?.textContent ?? "It was not saved.";
    for (const button of panel.querySelectorAll(".actions > *")) button.hidden = true;
    panel.focus();
  }

  function look() {
    for (const form of document.querySelectorAll("[data-edit-comment]")) {
      if (form.parentElement.open || hasDraft(form, pathOf(form))) start(form);
    }
    for (const entry of document.querySelectorAll(".timeline > [id^=comment-]:not(:has([data-edit-comment]))")) showLate(entry);
  }

  document.addEventListener("toggle", ({ target }) => {
    const form = target.querySelector?.(":scope > [data-edit-comment]");
    if (form && target.open) start(form);
  }, { capture: true });
  addEventListener("refreshed", look); // parts of the page came anew
  look();
}
