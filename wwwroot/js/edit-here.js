// Edits title and description on the page of the ticket, where the description stands.
import { countLeft } from "./count.js";
import { hasDraft, isSafe, start } from "./edit-form.js";
import { tell } from "./ticket-view.js";

/**
 * Lets the link to the form open it here.
 * @param {(place: string) => void} saved Shows the ticket once the change is stored.
 * @param {() => void} left Shows it when the form is left as it is.
 */
export function editHere(saved, left) {
  const entry = () => document.getElementById("opening");
  const isOpen = () => entry().classList.contains("editing");
  let opening = false, top = 0;

  async function open(link) {
    if (opening) return;
    opening = true;
    const address = new URL(link.href);
    address.searchParams.set("part", "text");
    const page = await fetch(address, { cache: "no-store" }).then((answer) => answer.text(), () => "");
    const form = new DOMParser().parseFromString(page, "text/html").querySelector("main > .in-place");
    opening = false;
    if (!form) { location.assign(link.href); return; } // the page says why
    top = scrollY;
    entry().classList.add("editing");
    entry().querySelector(".comment-head").after(document.adoptNode(form));
    start(form, { saved: (place) => { close(); saved(place); }, discarded });
    countLeft(form);
    focus();
    dispatchEvent(new Event("refreshed"));
  }

  const focus = () => entry().querySelector("textarea, [data-leave]").focus();

  function close() {
    entry().querySelector(".in-place").remove();
    entry().classList.remove("editing");
    scrollTo({ top, behavior: "instant" });
    document.querySelector("[data-edit]")?.focus({ preventScroll: true });
  }

  const say = (text, ...more) => {
    const said = document.createElement("p");
    said.append(text, ...more);
    tell(said);
  };

  function discarded(bringBack) {
    const undo = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "Undo" });
    undo.addEventListener("click", () => {
      undo.parentElement.remove();
      bringBack();
      open(document.querySelector("[data-edit]"));
    });
    say("Your changes were discarded. ", undo);
  }

  const leave = () => {
    if (entry().querySelector(".in-place form").inert) return; // it is on its way
    close();
    left();
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-edit], #opening [data-leave]");
    if (!link || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.matches("[data-leave]")) leave();
    else if (isOpen()) focus();
    else open(link);
  });
  document.addEventListener("keydown", (event) => {
    const root = event.key === "Escape" && !event.isComposing && event.target.closest("#opening .in-place");
    if (!root) return;
    if (root.querySelector("form").inert) return; // it is on its way
    // Cancel discards; this key may be pressed by accident, so the text stays.
    if (!isSafe(root)) { say("This text is not kept on this device, so it stays open. Save it, or press Cancel to discard it."); return; }
    if (hasDraft(root)) say("Not saved. Your text is kept as a draft: Edit shows it again.");
    leave();
  });
}
