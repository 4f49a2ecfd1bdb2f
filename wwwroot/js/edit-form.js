// The form that changes a ticket, on its own page and in place: keeps a draft, and sends until there is an answer.
import { countLeft } from "./count.js";
import { hasDraft as hasDraftOf, keep } from "./keep.js";
import { send } from "./send.js";

const NAMES = ["title", "description", "category", "priority", "status", "assignee", "requesterEmail", "requesterName"];

/** Whether what is typed into the form is kept on this device, or is not worth keeping. */
export const isSafe = (root) => root.querySelector("[data-not-kept]").hidden;

const pathOf = (form) => new URL(form.action).pathname;

/** Whether there is a draft of the form. */
export function hasDraft(root) {
  const form = root.querySelector("form[data-draft]");
  return hasDraftOf(form, pathOf(form));
}

/**
 * Starts the form.
 * @param {Element} root What holds it, and what is shown with it.
 * @param {object} page What to do: saved(place) once the change is stored; answered(page), if given, when the desk asks or complains;
 *   discarded(bringBack), if given, when somebody cancels who has typed something.
 */
export function start(root, page) {
  const form = root.querySelector("form[data-draft]");
  if (!form) return;
  const draft = keep(form, pathOf(form), NAMES);
  // Who cancels does not want the text any more.
  form.querySelector("[data-leave]")?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const bringBack = draft.discard();
    if (bringBack) page.discarded?.(bringBack);
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.inert) return;
    root.querySelector("[data-restored]").hidden = true;
    const outcome = await send(form, root.querySelector("[data-sending]"), { selector: "form[data-draft]", page: form.action, what: "change" });
    if (outcome?.kind === "sent") {
      draft.forget();
      page.saved(outcome.place);
    } else if (outcome) {
      const fresh = document.importNode(outcome.page.querySelector("main > *"), true);
      root.replaceWith(fresh);
      page.answered?.(outcome.page);
      start(fresh, page);
      countLeft(fresh);
      fresh.querySelector("[data-errors]")?.focus();
      dispatchEvent(new Event("refreshed"));
    } else {
      form.querySelector(".actions .primary").focus();
    }
  });
}
