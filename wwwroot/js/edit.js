// The form of a ticket: keeps a draft, and sends until there is an answer.
import { keep } from "./keep.js";
import { send } from "./send.js";

const NAMES = ["title", "description", "category", "priority", "status", "assignee"];

function start(root) {
  const form = root.querySelector("form[data-draft]");
  if (!form) return;
  const place = new URL(form.action).pathname;
  const draft = keep(form, place, NAMES);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.inert) return;
    root.querySelector("[data-restored]").hidden = true;
    const outcome = await send(form, root.querySelector("[data-sending]"), { selector: "form[data-draft]", page: form.action, what: "change" });
    if (outcome?.kind === "sent") {
      draft.forget();
      location.replace(outcome.place);
    } else if (outcome) {
      const fresh = document.importNode(outcome.page.querySelector("main > *"), true);
      root.replaceWith(fresh);
      document.title = outcome.page.title;
      start(fresh);
      fresh.querySelector("[data-errors]")?.focus();
      dispatchEvent(new Event("refreshed"));
    } else {
      form.querySelector(".actions .primary").focus();
    }
  });
}

start(document.querySelector("main > *"));
