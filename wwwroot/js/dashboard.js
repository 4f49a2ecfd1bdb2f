// Keeps the dashboard up to date: when the server reports a change, it fetches the page again and replaces the figures.
// Nothing is announced; the focus, open tables and the scroll position stay as they are.
import { listen } from "./live.js";

const PAUSE_MS = 5_000;

const state = document.querySelector("[data-live-state]");
const region = document.querySelector("[data-live]");
let due, told, running = false, last = 0;

function plan(ms, action) {
  clearTimeout(due);
  due = setTimeout(() => {
    due = undefined;
    action();
  }, ms);
}

function refreshSoon() {
  if (due === undefined) plan(Math.max(0, last + PAUSE_MS - Date.now()), refresh);
}

/** Whether the page could be fetched. */
async function refresh() {
  if (running) {
    refreshSoon();
    return true;
  }
  // Somebody who has selected text wants to copy it.
  const selection = getSelection();
  if (selection && !selection.isCollapsed && region.contains(selection.anchorNode)) {
    plan(PAUSE_MS, refresh);
    return true;
  }
  running = true;
  try {
    // With the change that it was told of, the server need not read for each page what it read for another.
    const headers = told === undefined ? { Accept: "text/html" } : { Accept: "text/html", "Last-Event-ID": told };
    const response = await fetch(location.href, { headers, cache: "no-store" });
    if (response.redirected) {
      location.reload(); // to the page for signing in, which leads back here
      return false;
    }
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-live]");
    if (!fresh) return false;
    show(fresh);
    return true;
  } catch {
    return false; // The next change, or the next connection, tries again.
  } finally {
    running = false;
    last = Date.now();
  }
}

function show(fresh) {
  region.dataset.mark = fresh.dataset.mark;
  const focus = focused();
  for (const details of region.querySelectorAll("details[open]")) fresh.querySelector(`#${details.id}`)?.setAttribute("open", "");
  const scrolled = [...region.querySelectorAll(".scroll")].map(({ id, scrollTop }) => [id, scrollTop]);
  const top = scrollY;
  // Unchanged elements stay, so that hovering is not interrupted.
  for (const part of [...fresh.children]) {
    const old = part.id && region.querySelector(`:scope > #${part.id}`);
    if (!old?.isEqualNode(part)) continue;
    part.replaceWith(old);
  }
  region.replaceChildren(...fresh.childNodes);
  for (const [id, place] of scrolled) {
    const box = document.getElementById(id);
    if (box) box.scrollTop = place;
  }
  if (focus && document.activeElement === document.body) focus()?.focus({ preventScroll: true });
  if (scrollY !== top) scrollTo({ top, behavior: "instant" });
  dispatchEvent(new Event("refreshed"));
}

// Finds the focused element again: by its id, otherwise by its kind and position within its part.
function focused() {
  const element = document.activeElement;
  if (!region.contains(element)) return null;
  if (element.id) return () => document.getElementById(element.id);
  const part = element.closest("[id]");
  const at = [...part.querySelectorAll(element.localName)].indexOf(element);
  return () => document.getElementById(part.id)?.querySelectorAll(element.localName)[at];
}

listen(() => `/dashboard/changes?since=${encodeURIComponent(region.dataset.mark)}`, {
  changed: (id) => {
    told = id;
    refreshSoon();
  },
  alive: (isAlive) => { state.hidden = !isAlive; },
  refused: refresh,
});
