// Edits title and description on the page of the ticket, where the description stands.
import { countLeft } from "./count.js";
import { start } from "./edit-form.js";

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
    start(form, { saved: (place) => { close(); saved(place); } });
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
    if (event.key === "Escape" && !event.isComposing && event.target.closest("#opening .in-place")) leave();
  });
}
