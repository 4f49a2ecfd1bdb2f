// The page of a ticket: small forms are sent without leaving it, the box keeps a draft and sends until there is an answer.
import { startEdits } from "./comment-edits.js";
import { editHere } from "./edit-here.js";
import "./fact.js";
import { keep } from "./keep.js";
import { listen } from "./live.js";
import { preview } from "./preview.js";
import { send } from "./send.js";
import { article, finder, show, tell } from "./ticket-view.js";

const AGAIN_MS = 5_000;

let draft;

/** Fetches a page of the desk; null when it is not that of this ticket. */
async function load(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const isThis = !response.redirected && page.querySelector("article.ticket")?.dataset.ticket === article().dataset.ticket;
  return { page: isThis ? page : null, status: response.status };
}

/** Shows the page after a change of one's own. One notice is given once, so the page is fetched once. */
async function follow(place) {
  const page = await load(place).then((answer) => answer.page, () => null);
  if (page) return page;
  const to = new URL(place, location);
  // Left to the browser, which says why; also for the page that is shown.
  if (to.pathname + to.search === location.pathname + location.search) location.reload();
  else location.assign(to);
  return null;
}

let sending = 0; // what is on its way from here; meanwhile the page stays as it is
let fetching = false;
let missed = false;

/** Whether the page could be fetched again to show what others did. */
async function refresh() {
  if (sending > 0 || fetching) { missed = true; return true; }
  [fetching, missed] = [true, false];
  const address = new URL(location);
  address.searchParams.delete("handler");
  address.searchParams.set("since", article().dataset.newest);
  const { page, status } = await load(address).catch(() => ({ status: 0 }));
  fetching = false;
  if (status === 404) gone();
  else if (page && sending === 0) show(page, false);
  else if (page) missed = true;
  else if (status === 0 || status === 429 || status >= 500) setTimeout(refresh, AGAIN_MS);
  if (missed) return refresh();
  return Boolean(page);
}

/** Does what sends something from here, then shows what others did meanwhile. */
async function alone(work) {
  sending++;
  try { await work(); } finally { sending--; }
  if (sending === 0 && missed) refresh();
}

function gone() {
  stop();
  const said = document.createElement("p");
  said.textContent = "This ticket was deleted meanwhile. What you typed is still here: copy it if you need it.";
  tell(said, { stays: true });
}

/** Sends a small form. Whatever is no plain success is left to the browser, which shows the answer as a page. */
async function sendQuietly(form, submitter) {
  const focus = finder(form.querySelector("[data-again]") ?? document.activeElement);
  form.inert = true;
  let place;
  try {
    const response = await fetch(form.action, {
      method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(form, submitter)),
      keepalive: form.hasAttribute("data-fact"), // such a field is also saved while its page is left
    });
    if (!response.ok || response.redirected) throw new Error("no success");
    place = (await response.json()).place;
  } catch {
    form.inert = false;
    form.dataset.loud = "";
    form.requestSubmit(submitter ?? undefined);
    return;
  }
  await showOwn(place, focus);
}

async function showOwn(place, focus) {
  const page = await follow(place);
  if (!page) return;
  takeAddress(place);
  show(page, true, focus);
}

/** The address is that of the page that is shown, from which it is fetched again: after a page of earlier entries it is another one. */
function takeAddress(place) {
  const { pathname, search } = new URL(place, location);
  if (pathname === location.pathname && search !== location.search) history.replaceState(history.state, "", pathname + search);
}

document.addEventListener("click", ({ target }) => { if (target.closest('a[href="#body"]')) document.getElementById("body")?.focus(); });

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-quiet]") || event.defaultPrevented || form.dataset.loud !== undefined) return;
  event.preventDefault();
  delete form.dataset.sent;
  alone(() => sendQuietly(form, event.submitter));
});

function startBox(restores = true) {
  const box = document.querySelector("[data-comment]");
  if (!box) return;
  const page = location.pathname + location.search;
  draft = keep(box, `${location.pathname}#comment`, ["body", "kind", "key"], undefined, restores);
  box.addEventListener("submit", async (event) => {
    const button = event.submitter ?? visible(box, "[data-send]");
    event.preventDefault();
    delete box.dataset.sent;
    if (box.inert) return;
    if (button?.hasAttribute("data-preview-button")) { await preview(box, button); return; }
    const panel = box.parentElement.querySelector("[data-sending]");
    box.parentElement.querySelector("[data-restored]").hidden = true;
    await alone(async () => {
      const outcome = await send(box, panel, { submitter: button, selector: "[data-comment]", page, what: "comment" });
      if (outcome?.kind === "sent") await sent(outcome.place);
      else if (outcome) rejected(outcome.page);
      else box.elements.body.focus();
    });
  });
  box.elements.body.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const button = (event.shiftKey && visible(box, "[data-send=resolve]")) || visible(box, "[data-send]");
    box.requestSubmit(button);
  });
}

const visible = (box, selector) => [...box.querySelectorAll(selector)].find((button) => button.offsetParent !== null);

async function sent(place) {
  draft.forget();
  const address = new URL(place, location);
  if (address.pathname !== location.pathname) { location.assign(address); return; }
  const page = await follow(address.pathname + address.search);
  if (!page) return;
  takeAddress(place);
  document.activeElement.blur();
  showBox(page, false); // empty, with a key of its own for the next comment
  show(page, true);
  document.getElementById(address.hash.slice(1))?.scrollIntoView({ block: "nearest" });
}

function rejected(page) {
  showBox(page);
  (document.querySelector(".write [data-errors]") ?? document.getElementById("body"))?.focus();
}

function showBox(page, restores = true) {
  const next = page.querySelector(".write");
  if (!next) { document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes); return; }
  document.querySelector(".write").replaceWith(document.adoptNode(next));
  startBox(restores);
  dispatchEvent(new Event("refreshed"));
}

startBox();
startEdits(alone, showOwn);
editHere((place) => alone(() => showOwn(place)), refresh);
const stop = listen(() => `/tickets/${article().dataset.ticket}/changes?since=${article().dataset.newest}`, {
  changed: (newest) => { if (newest !== article().dataset.newest) refresh(); },
  refused: refresh,
});
