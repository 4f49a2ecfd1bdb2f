// The form for a new ticket: keeps a draft until the server has stored the ticket, makes suggestions while typing, and sends until there is an answer.
import { countLeft } from "./count.js";
import { keep } from "./keep.js";
import { send } from "./send.js";
import { suggest } from "./suggest.js";

const KEPT = ["description", "title", "category", "priority", "requesterEmail", "requesterName", "key", "suggestedTitle", "suggestedCategory", "suggestedPriority", "titleSuggestion", "classification", "suggestedBy"];

let left = false;

function start(root) {
  const form = root.querySelector("[data-new-ticket]");
  const panel = root.querySelector("[data-sending]");
  const isEmpty = () => ["description", "title"].every((name) => form.elements[name].value.trim() === "");
  const draft = keep(form, new URL(form.action).pathname, KEPT, isEmpty);
  const stopSuggesting = suggest(form);

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.hasAttribute("formaction")) return;
    event.preventDefault();
    if (form.inert) return;
    stopSuggesting();
    root.querySelector("[data-restored]").hidden = true;
    const outcome = await send(form, panel);
    if (outcome?.kind === "sent") {
      draft.forget();
      left = true;
      location.assign(outcome.place);
    } else if (outcome) {
      replace(root, outcome.page);
    } else {
      form.querySelector(".actions .primary").focus();
    }
  });
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
