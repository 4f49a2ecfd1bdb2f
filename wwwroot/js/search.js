// The list follows what is typed and chosen: the page of the same address is fetched, and what is below the filters replaced by its.
const form = document.querySelector(".filters");
const announcement = document.querySelector("[data-announce]");
const PAUSE_MS = 250;
const parts = () => [...document.querySelectorAll("[data-live]")];

let pending;
let pause;

/** The filters as an address; site.js leaves empty ones out. */
const address = () => `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;

/** Shows the list of the filters; false when there is none, or when it is no longer wanted. */
async function update() {
  clearTimeout(pause);
  pending?.abort();
  const request = pending = new AbortController();
  const url = address();
  for (const part of parts()) part.ariaBusy = "true";
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, signal: request.signal });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (request.signal.aborted) return false;
    // Another page, such as the one for signing in.
    if (response.redirected || !page.querySelector("[data-live]")) {
      location.assign(url);
      return false;
    }
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
  // What is checked stays checked as long as it is in the list, and so does what was to be done with it.
  const kept = new Set([...document.querySelectorAll("[name=ticket]:checked")].map((box) => box.value));
  const chosen = [...document.querySelectorAll("[data-selection] select")].map((select) => [select.id, select.value]);
  const active = document.activeElement;
  const inside = active.closest("[data-live]") !== null;
  for (const part of parts()) {
    const next = page.getElementById(part.id);
    if (next) part.replaceWith(document.adoptNode(next));
  }
  for (const box of document.querySelectorAll("[name=ticket]")) box.checked = kept.has(box.value);
  for (const [id, value] of chosen) {
    const select = document.getElementById(id);
    if (select) select.value = value;
  }
  if (inside) ([...document.querySelectorAll("#results a")].find((link) => link.href === active.href) ?? document.getElementById("results")).focus();
  const list = document.querySelector("[data-address]").dataset;
  history.replaceState(history.state, "", list.address);
  announcement.textContent = list.summary;
  dispatchEvent(new Event("refreshed"));
}

function typed(event) {
  if (event.isComposing) return;
  clearTimeout(pause);
  pause = setTimeout(update, PAUSE_MS);
}

const field = form.elements.search;
field.addEventListener("input", typed);
field.addEventListener("compositionend", typed);
if (field.value !== field.defaultValue) typed({}); // before this script was there
form.addEventListener("change", ({ target }) => { if (target !== field) update(); });
// Enter asks at once and leads from the field to the list, where j and k go on.
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const active = document.activeElement;
  if (await update() && document.activeElement === active) document.getElementById("results").focus();
});
form.querySelector("button").hidden = true;
