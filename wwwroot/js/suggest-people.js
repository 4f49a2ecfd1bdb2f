// Offers known requesters and tags while somebody types: fills the datalists beside the fields. It listens at the document, because pages change their parts.
const PAUSE_MS = 200;
const MIN_LENGTH = 2;

const KINDS = [
  {
    field: 'input[name="requesterEmail"]', list: "known-requesters", address: "/requesters/suggest", typed: (value) => value.trim(),
    options: (rows) => rows.map((row) => ({ value: row.email, label: row.organization ? `${row.name}, ${row.organization}` : row.name })),
  },
  {
    // The filter takes one tag after the other.
    field: "input[data-tag]", list: "known-tags", address: "/tags/suggest", typed: (value) => value.slice(value.lastIndexOf(",") + 1).trim(),
    options: (rows) => rows.map((row) => ({ value: row.name })),
  },
  {
    // Several tags have commas between them: only the last one is still being typed, and the ones before it stay.
    field: "input[data-tags]", list: "known-tags", address: "/tags/suggest", typed: (value) => value.slice(value.lastIndexOf(",") + 1).trim(),
    options: (rows, value) => rows.map((row) => ({ value: value.slice(0, value.lastIndexOf(",") + 1) + row.name, label: row.name })),
  },
];

let pause;
let pending;

document.addEventListener("input", ({ target, isComposing }) => {
  const kind = KINDS.find(({ field }) => target.matches?.(field));
  if (!kind || isComposing) return;
  clearTimeout(pause);
  pending?.abort();
  if (kind.typed(target.value).length >= MIN_LENGTH) pause = setTimeout(() => suggest(kind, target), PAUSE_MS);
});

async function suggest(kind, field) {
  const list = document.getElementById(kind.list);
  if (!list) return;
  const { signal } = pending = new AbortController();
  try {
    const response = await fetch(`${kind.address}?q=${encodeURIComponent(kind.typed(field.value))}`, { headers: { Accept: "application/json" }, signal });
    if (!response.ok || response.redirected) return;
    const rows = await response.json();
    if (signal.aborted) return;
    list.replaceChildren(...kind.options(rows, field.value).map((option) => Object.assign(document.createElement("option"), option)));
  } catch { /* Without an answer nothing is offered, and what is typed counts all the same. */ }
}
