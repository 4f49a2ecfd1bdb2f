// The list: a selection that lasts from page to page and through searches, and comes back with Back, all of a page or of the list at once, a range by Shift, a count that is announced, and the bar that appears with it.
const STORE = "selection";

const MAX_LISTS = 50;

let lists = []; // the filters of the lists through which the selection was searched; the last is this one
let selected = new Map(); // the versions that were seen, by the ids of the tickets
let whole = false; // whether all of this list were just selected
let unfolded = false; // whether the bar is shown whole on a low screen

function recall(filters) {
  lists = [filters];
  selected = new Map();
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORE));
    if (kept?.lists?.includes(filters)) [lists, selected] = [kept.lists, new Map(kept.tickets)];
  } catch { /* Nothing is kept. */ }
}

function keep() {
  try {
    sessionStorage.setItem(STORE, JSON.stringify({ lists, tickets: [...selected] }));
  } catch { /* It lasts as long as the page. */ }
}

/** Takes over the selection of this list; a search in it keeps all that is selected, because people search to select more, and the bar says how many the list does not show. */
function takeOver(boxes, filters) {
  if (selected.size === 0) {
    recall(filters);
    for (const box of boxes) if (box.checked) selected.set(...box.value.split("."));
  }
  if (lists.at(-1) === filters) return;
  lists = [...lists.filter((other) => other !== filters), filters].slice(-MAX_LISTS);
  whole = false;
  keep();
}

function find() {
  const form = document.querySelector("[data-selection]");
  if (!form) return null;
  return {
    form,
    boxes: [...document.querySelectorAll('.tickets [name="ticket"]')],
    all: document.querySelector("[data-all] input"),
    count: form.querySelector("[data-count]"),
    everything: form.querySelector("[data-everything]"),
    clear: form.querySelector("[data-clear]"),
    unfold: form.querySelector("[data-unfold]"),
  };
}

// Written only when the text changes, because it is announced.
const say = ({ count }, text) => { if (count.textContent !== text) count.textContent = text; };

const number = (count) => count.toLocaleString("en");

/** Says how many of the selected tickets do not stand here; only a list of one page tells that they are not in it. */
function others(count, here, more) {
  if (count === 0) return "";
  return more ? `, ${here} on this page` : `, ${number(count)} of them not in this list`;
}

/** Shows what is selected. */
function show(page) {
  const { form, boxes, all, everything } = page;
  for (const box of boxes) {
    const [id, version] = box.value.split(".");
    box.checked = selected.has(id);
    if (box.checked) selected.set(id, version); // the one that is seen now
    box.closest("tr").classList.toggle("selected", box.checked);
  }
  const here = boxes.filter((box) => box.checked).length;
  all.checked = here === boxes.length;
  all.indeterminate = here > 0 && here < boxes.length;
  form.dataset.idle = String(selected.size === 0);
  if (everything) everything.hidden = !all.checked || whole || (lists.length === 1 && selected.size >= Number(everything.dataset.matches));
  say(page, selected.size === 0 ? "Nothing selected" : `${number(selected.size)} selected${others(selected.size - here, here, everything)}`);
}

/** Takes what is checked for what is selected on this page. */
function update(page) {
  for (const box of page.boxes) {
    const [id, version] = box.value.split(".");
    if (box.checked) selected.set(id, version);
    else selected.delete(id);
  }
  if (selected.size === 0) lists = lists.slice(-1);
  whole = false;
  keep();
  show(page);
}

function checkAll(page, checked) {
  for (const box of page.boxes) box.checked = checked;
  update(page);
}

/** Selects all that match the filters, on whatever page. */
async function selectEverything(page) {
  const { form, everything } = page;
  everything.disabled = true;
  try {
    const response = await fetch(everything.dataset.everything, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) throw new Error(response.statusText);
    const { tickets } = await response.json();
    // Other tickets than the page counted: nobody has seen which. Where the page did not count all, there is nothing to compare.
    if (everything.dataset.known === "true" && tickets.length !== Number(everything.dataset.matches)) {
      say(page, "The list has changed: load it again and select then");
      return;
    }
    const all = tickets.map((ticket) => ticket.split("."));
    selected = new Map(lists.length === 1 ? all : [...selected, ...all]);
    whole = true;
    keep();
    show(page);
    form.querySelector("select").focus(); // the button is gone
  } catch {
    say(page, "The tickets could not be loaded: check the connection and try again");
  } finally {
    everything.disabled = false;
  }
}

function listen(page) {
  const { form, boxes, all, everything, clear, unfold } = page;
  let last = -1;
  for (const [index, box] of boxes.entries()) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last >= 0) {
        for (const between of boxes.slice(Math.min(last, index), Math.max(last, index) + 1)) between.checked = box.checked;
      }
      last = index;
    });
    box.addEventListener("change", () => update(page));
  }
  all.addEventListener("change", () => checkAll(page, all.checked));
  clear.hidden = false;
  clear.addEventListener("click", () => {
    selected.clear();
    checkAll(page, false);
    all.focus();
  });
  if (unfolded) unfold.ariaExpanded = "true";
  unfold.addEventListener("click", () => {
    unfolded = unfold.ariaExpanded !== "true";
    unfold.ariaExpanded = String(unfolded);
  });
  everything?.addEventListener("click", () => selectEverything(page));
  // What is selected on other pages goes along.
  form.addEventListener("formdata", ({ formData }) => {
    const shown = new Set(boxes.map((box) => box.value.split(".")[0]));
    const further = [...selected].filter(([id]) => !shown.has(id)).map((ticket) => ticket.join("."));
    if (further.length > 0) formData.append("further", further.join(" "));
  });
}

/** Says of a list without tickets that the selection is still there. */
function tell() {
  const { size } = selected;
  if (size > 0) document.querySelector("#results .empty")?.append(size === 1 ? " 1 selected ticket is not in this list." : ` ${number(size)} selected tickets are not in this list.`);
}

function attach() {
  const page = find();
  if (!page) {
    tell();
    return;
  }
  listen(page);
  takeOver(page.boxes, page.form.dataset.list);
  const early = page.all.checked; // before this script was there
  show(page);
  if (early) checkAll(page, true);
}

// They are changed, and the page tells which were not.
if (document.querySelector("[data-outcome]")) {
  try { sessionStorage.removeItem(STORE); } catch { /* Nothing is kept. */ }
}
// The page comes from the browser's memory, and the selection may have been changed since.
addEventListener("pageshow", ({ persisted }) => { if (persisted) selected = new Map(); });
addEventListener("refreshed", attach);
attach();
