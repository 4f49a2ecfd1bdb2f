// The page of a ticket: small forms are sent without leaving it, the box keeps a draft and sends until there is an answer.
import { keep } from "./keep.js";
import { send } from "./send.js";

const PARTS = [".place", ".ticket-head", "[data-said]", "[aria-labelledby=talk-heading]", ".facts"];
const article = () => document.querySelector("article.ticket");

let draft;

/** Fetches the page anew; null when the browser goes elsewhere instead. One notice is given once, so it is fetched once. */
async function load(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" }, cache: "no-store" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  if (!response.redirected && page.querySelector("article.ticket")?.dataset.ticket === article().dataset.ticket) return page;
  location.assign(address);
  return null;
}

/** Leaves it to the browser to fetch a page, also the one that is shown, and to say why it cannot. */
function go(address) {
  const to = new URL(address, location);
  if (to.pathname + to.search === location.pathname + location.search) location.reload();
  else location.assign(to);
}

/** Shows what changed; what is being typed, the place on the page and the focus stay. */
function show(page) {
  const fresh = page.querySelector("article.ticket");
  const active = document.activeElement;
  const again = active.id ? `#${CSS.escape(active.id)}` : active.dataset?.key ? `[data-key="${active.dataset.key}"]` : null;
  const open = [...document.querySelectorAll(".unfold:checked")].map((box) => box.id);
  for (const part of PARTS) {
    const [old, next] = [article().querySelector(part), fresh.querySelector(part)];
    if (part === "[data-said]") old.replaceChildren(...next.childNodes); // it stays, so that its text is announced
    else old.replaceWith(document.adoptNode(next));
  }
  document.title = page.title;
  for (const id of open) { const box = document.getElementById(id); if (box) box.checked = true; }
  if (document.activeElement === document.body) ((again && document.querySelector(again)) || document.querySelector("[data-outcome]"))?.focus({ preventScroll: true });
  attach();
  dispatchEvent(new Event("refreshed"));
}

/** Sends a small form. Whatever is no plain success is left to the browser, which shows the answer as a page. */
async function sendQuietly(form, submitter) {
  form.inert = true;
  let place;
  try {
    const response = await fetch(form.action, {
      method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(new FormData(form, submitter)),
    });
    if (!response.ok || response.redirected) throw new Error("no success");
    place = (await response.json()).place;
  } catch {
    form.inert = false;
    form.dataset.loud = "";
    form.requestSubmit(submitter ?? undefined);
    return;
  }
  const page = await load(place).catch(() => go(place));
  if (page) show(page);
}

function attach() {
  document.querySelector('a[href="#body"]')?.addEventListener("click", () => document.getElementById("body")?.focus());
  for (const form of document.querySelectorAll("[data-fact]")) {
    form.addEventListener("change", () => form.requestSubmit());
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-quiet]") || event.defaultPrevented || form.dataset.loud !== undefined) return;
  event.preventDefault();
  delete form.dataset.sent;
  sendQuietly(form, event.submitter);
});

function startBox() {
  const box = document.querySelector("[data-comment]");
  if (!box) return;
  const page = location.pathname + location.search;
  draft = keep(box, `${location.pathname}#comment`, ["body", "kind", "key"]);
  box.addEventListener("submit", async (event) => {
    const button = event.submitter ?? visible(box, "[data-send]");
    event.preventDefault();
    delete box.dataset.sent;
    if (box.inert) return;
    if (button?.hasAttribute("data-preview-button")) { await preview(box, button); return; }
    const panel = box.parentElement.querySelector("[data-sending]");
    box.parentElement.querySelector("[data-restored]").hidden = true;
    const outcome = await send(box, panel, { submitter: button, selector: "[data-comment]", page, what: "comment" });
    if (outcome?.kind === "sent") await sent(outcome.place);
    else if (outcome) rejected(outcome.page);
    else box.elements.body.focus();
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
  const page = await load(address.pathname + address.search).catch(() => go(address));
  if (!page) return;
  document.activeElement.blur();
  showBox(page); // empty, with a key of its own for the next comment
  show(page);
  document.getElementById(address.hash.slice(1))?.scrollIntoView({ block: "nearest" });
}

function rejected(page) {
  showBox(page);
  (document.querySelector(".write [data-errors]") ?? document.getElementById("body"))?.focus();
}

function showBox(page) {
  const next = page.querySelector(".write");
  if (!next) { document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes); return; }
  document.querySelector(".write").replaceWith(document.adoptNode(next));
  startBox();
  dispatchEvent(new Event("refreshed"));
}

async function preview(box, button) {
  const response = await fetch(button.formAction, { method: "POST", body: new URLSearchParams(new FormData(box)) });
  const shown = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-preview]");
  if (!shown) return;
  box.querySelector("[data-preview]")?.remove();
  button.closest(".actions").before(document.adoptNode(shown));
  shown.focus();
}

attach();
startBox();
