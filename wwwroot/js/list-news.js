// Says above the list how many tickets came in since it was made, and leaves the list itself as it is until somebody asks for them: newest first, because in another order or on another page they may be anywhere. The dashboard's stream tells when to look.
const PAUSE_MS = 5_000;

let stream;
let due;
let last = -PAUSE_MS;

function lookSoon() {
  due ??= setTimeout(() => {
    due = undefined;
    last = performance.now();
    look();
  }, Math.max(0, last + PAUSE_MS - performance.now()));
}

async function look() {
  const place = document.querySelector("[data-news]");
  if (!place) return;
  try {
    const response = await fetch(place.dataset.news, { headers: { Accept: "application/json" } });
    if (!response.ok || response.redirected) return;
    const { count } = await response.json();
    if (count === 0) return;
    const link = Object.assign(document.createElement("a"), { href: place.dataset.first, textContent: `${count < 100 ? count : "99+"} new · ${place.dataset.show}` });
    if (place.textContent !== link.textContent) place.replaceChildren(link);
  } catch { /* The next change tries again. */ }
}

function disconnect() {
  clearTimeout(due);
  due = undefined;
  stream?.close();
  stream = undefined;
}

// A page that nobody sees asks for nothing. Where the desk refuses the stream, the list is as it would be without script.
function connect() {
  disconnect();
  if (document.hidden) return;
  stream = new EventSource("/dashboard/changes");
  stream.addEventListener("ready", look); // what came between the page and the stream
  stream.addEventListener("changed", lookSoon);
}

document.addEventListener("visibilitychange", connect);
addEventListener("pagehide", disconnect);
addEventListener("pageshow", connect);
