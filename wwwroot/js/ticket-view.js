// Shows a ticket's page as it is by now in place of the one that is shown. What is typed, the focus and what is read stay where they are.
const LISTS = [".timeline", ".facts"];

export const article = () => document.querySelector("article.ticket");

/**
 * Shows what changed.
 * @param {Document} page The page as it is by now.
 * @param {boolean} isOwn Whether the reader did it. What they are told about it, with Undo, stays when others do something.
 * @param {() => Element} [before] Finds what had the focus before it was sent, from finder. A form that is on its way cannot keep it.
 */
export function show(page, isOwn, before = () => null) {
  const fresh = page.querySelector("article.ticket");
  const hadFocus = document.activeElement !== document.body;
  const [focus, hold] = [hadFocus ? finder(document.activeElement) : before, holdStill()];
  for (const part of [".place", ".ticket-head"]) renewPart(article().querySelector(part), fresh.querySelector(part));
  for (const list of LISTS) renewList(article().querySelector(list), fresh.querySelector(list));
  renewButtons(fresh);
  // They stay themselves, so that their text is announced.
  if (isOwn) article().querySelector("[data-said]").replaceChildren(...fresh.querySelector("[data-said]").childNodes);
  else tell(fresh.querySelector("[data-news]").firstElementChild, { stays: fresh.querySelector("#later") !== null });
  article().dataset.newest = fresh.dataset.newest;
  document.title = page.title;
  if (document.activeElement === document.body && (isOwn || hadFocus)) {
    focus()?.focus({ preventScroll: true });
    // It is gone, or folded away.
    if (document.activeElement === document.body) document.querySelector(isOwn ? "[data-outcome]" : ".ticket-head h1")?.focus({ preventScroll: true });
  }
  hold();
  dispatchEvent(new Event("refreshed"));
}

const SHOWN_MS = 10_000;
let hiding;

/** Says what others did. It goes after a while, because the page shows it, unless it stays: a page with earlier entries does not show it. */
export function tell(said, { stays = false } = {}) {
  if (!said) return;
  clearTimeout(hiding);
  const news = article().querySelector("[data-news]");
  news.replaceChildren(said);
  if (!stays) hiding = setTimeout(() => { if (!news.contains(document.activeElement)) news.replaceChildren(); }, SHOWN_MS);
}

/** Finds an element again that may have been replaced by then: by its id, its key, or its words. */
export function finder(element) {
  if (!element || element === document.body) return () => null;
  const { id, localName, dataset, textContent, ariaLabel } = element;
  const part = element.closest("[id]:not(main)")?.id;
  return () => {
    const root = document.getElementById(part) ?? article();
    return (id && document.getElementById(id)) || (dataset.key && root.querySelector(`[data-key="${dataset.key}"]`))
      || [...root.querySelectorAll(localName)].find((other) => textContent.trim() !== "" && other.textContent === textContent && other.ariaLabel === ariaLabel);
  };
}

/** Remembers where on the screen somebody writes or reads, and gives what keeps it there. */
function holdStill() {
  const isSeen = (element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  };
  const held = [document.activeElement.closest(".write, .timeline > li"), ...document.querySelectorAll(".timeline > li, .write")]
    .find((element) => element && isSeen(element));
  const before = held?.getBoundingClientRect().top;
  return () => {
    const now = held?.isConnected ? held : document.getElementById(held?.id);
    if (now) scrollBy({ top: now.getBoundingClientRect().top - before, behavior: "instant" });
  };
}

/** The buttons of the box follow the ticket. Its text, its files and the focus stay. */
function renewButtons(fresh) {
  const [old, next] = [article(), fresh].map((page) => page.querySelector("[data-send=resolve]"));
  const reply = article().querySelector("[data-send=reply]");
  if (next && !old) reply?.after(" ", document.adoptNode(next));
  if (!old || next) return;
  if (old === document.activeElement) reply.focus({ preventScroll: true });
  old.remove();
}

/** Makes the entries of one list those of another. */
function renewList(list, fresh) {
  let at = list.firstElementChild;
  const remove = () => {
    const gone = at;
    at = at.nextElementSibling;
    if (!isEdited(gone)) gone.remove();
  };
  for (const next of [...fresh.children]) {
    const old = [...list.children].find((child) => child.id === next.id);
    if (!old) { list.insertBefore(document.adoptNode(next), at); continue; }
    while (at && at !== old) remove();
    at = old.nextElementSibling;
    renewPart(old, next);
  }
  while (at) remove();
}

/** Replaces a part that changed, unless somebody is editing it: saving it merges what two people did. */
function renewPart(old, next) {
  if (bare(old).isEqualNode(bare(next))) renewTimes(old, next);
  else if (!isEdited(old)) {
    for (const box of old.querySelectorAll(".unfold:checked")) {
      const same = next.querySelector(`#${CSS.escape(box.id)}`);
      if (same) same.checked = true;
    }
    old.replaceWith(document.adoptNode(next));
  }
}

/** "3 h" becomes "4 h". */
function renewTimes(old, next) {
  const times = next.querySelectorAll("time");
  for (const [at, time] of old.querySelectorAll("time").entries()) time.textContent = times[at].textContent;
}

/** A part without what differs from one fetch to the next, and without what scripts and readers changed. */
function bare(part) {
  const copy = part.cloneNode(true);
  for (const time of copy.querySelectorAll("time")) time.removeAttribute("title");
  for (const filled of copy.querySelectorAll("time, datalist")) filled.replaceChildren();
  for (const token of copy.querySelectorAll("[name=__RequestVerificationToken]")) token.remove();
  for (const added of copy.querySelectorAll("[data-parts]")) added.remove();
  for (const details of copy.querySelectorAll("details")) details.open = false;
  return copy;
}

function isEdited(part) {
  if (part.querySelector("[data-leave]")) return true; // the form for its text is open
  return [part, ...part.querySelectorAll("form")].some((form) => form.matches("form") && !form.inert && [...form.elements].some(isTouched));
}

function isTouched(field) {
  if (field.matches("select")) return field === document.activeElement || [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.matches("input, textarea") && (field.value !== field.defaultValue || field === document.activeElement);
}
