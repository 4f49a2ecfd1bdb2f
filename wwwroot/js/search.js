// Updates the list while somebody types and chooses filters: fetches the page with the new address and replaces the part below the filters.
const form = document.querySelector(".filters");
const tag = form.querySelector("[data-tag]");
const announcement = document.querySelector("[data-announce]");
const PAUSE_MS = 250;
const parts = () => [...document.querySelectorAll("[data-live]")];

let pending;
let pause;
let stepping; // the filter whose step of Back is made
let due = false; // whether the next answer is a step of Back

/** The filters as an address; site.js leaves empty ones out. */
const address = () => `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;

/** Shows the list of the filters; false when there is none, or when it is no longer wanted. */
async function update(step = false) {
  due = step;
  clearTimeout(pause);
  pending?.abort();
  const request = pending = new AbortController();
  const url = address();
  const typedTag = tag.value;
  for (const part of parts()) part.ariaBusy = "true";
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, signal: request.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (request.signal.aborted) return false;
    // The answer is another page, such as the one for signing in.
    if (response.redirected || !page.querySelector("[data-live]")) {
      location.assign(url);
      return false;
    }
    // A tag that was taken is a chip now, and the next one can be typed.
    if (response.ok && tag.value.startsWith(typedTag)) tag.value = tag.value.slice(typedTag.length).trimStart();
    show(page);
    return true;
  } catch {
    if (request.signal.aborted) return false;
    announcement.textContent = "The list could not be loaded. Check the connection and try again.";
    for (const part of parts()) part.ariaBusy = null;
    return false;
  }
}

function show(page) {
  // The chosen change stays chosen.
  const chosen = [...document.querySelectorAll("[data-selection] select, [data-selection] [data-tags]")].map((select) => [select.id, select.value]);
  const active = document.activeElement;
  const inside = active.closest("[data-live]") !== null;
  for (const part of parts()) {
    const next = page.getElementById(part.id);
    if (next) part.replaceWith(document.adoptNode(next));
  }
  for (const [id, value] of chosen) {
    const select = document.getElementById(id);
    if (select) select.value = value;
  }
  if (inside) ([...document.querySelectorAll("#results a")].find((link) => link.href === active.href) ?? document.getElementById("results")).focus();
  const list = document.querySelector("[data-address]").dataset;
  // Choosing a filter is a step of its own, so that Back takes it back, however many keys it took; what is typed is one with what was
  // typed before.
  if (due && list.address !== location.pathname + location.search) history.pushState(null, "", list.address);
  else history.replaceState(history.state, "", list.address);
  due = false;
  announcement.textContent = list.summary;
  dispatchEvent(new Event("refreshed"));
}

function typed(event) {
  if (event.isComposing) return;
  clearTimeout(pause);
  pause = setTimeout(() => update(), PAUSE_MS);
}

const field = form.elements.search;
field.addEventListener("input", typed);
field.addEventListener("compositionend", typed);
form.addEventListener("change", ({ target }) => {
  if (target === field) return;
  const step = due || target !== stepping;
  stepping = target.localName === "select" ? target : undefined; // the arrow keys try one value after the other
  update(step);
});
form.addEventListener("focusout", () => { stepping = undefined; });
// A comma ends a tag.
tag.addEventListener("input", () => { if (tag.value.endsWith(",")) update(true); });
// What was typed or chosen before this script was there.
const initial = (select) => ([...select.options].find((option) => option.defaultSelected) ?? select.options[0]).value;
const isChanged = (control) => (control.localName === "select" ? control.value !== initial(control) : control.localName === "input" && control.value !== control.defaultValue);
const changed = [...form.elements].filter(isChanged);
if (changed.length > 0) update(changed.some((control) => control !== field));
addEventListener("popstate", () => location.reload());
// A list from the browser's memory may be old.
addEventListener("pageshow", ({ persisted }) => { if (persisted) update(); });
// Enter searches at once and moves the focus from the field to the list, where j and k continue.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const active = document.activeElement;
  if (await update() && document.activeElement === active) document.getElementById("results").focus();
});
form.querySelector("button").hidden = true;
