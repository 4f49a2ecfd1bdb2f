// What every page has: times in the reader's zone, the theme switch, tidy addresses, forms that are sent once.
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

function showLocalTimes() {
  for (const time of document.querySelectorAll("time[data-local]")) {
    const text = full.format(new Date(time.dateTime));
    time.title = text;
    if (time.dataset.local === "text") time.textContent = text;
  }
}
showLocalTimes();
addEventListener("refreshed", showLocalTimes); // parts of the page came anew

const root = document.documentElement;
const themeSwitch = document.querySelector("[data-theme-switch]");
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const isDark = () => (root.dataset.theme ?? (systemDark.matches ? "dark" : "light")) === "dark";
const nameSwitch = () => { themeSwitch.textContent = isDark() ? "Light" : "Dark"; themeSwitch.ariaLabel = isDark() ? "Light theme" : "Dark theme"; };
themeSwitch.classList.add("ready");
nameSwitch();
systemDark.addEventListener("change", nameSwitch);
themeSwitch.addEventListener("click", () => {
  root.dataset.theme = isDark() ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* It holds for this page. */ }
  nameSwitch();
});

// The document listens, because a search adds forms later.
document.addEventListener("formdata", ({ target, formData }) => {
  if (target.method === "get") for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
});

// A second press right after the first is an accident. Later it is not: the person has stopped the page and sends again on purpose.
const SLIP_MS = 10_000;
const DOWNLOAD_SLIP_MS = 1_000; // a file leaves the page as it is, and can be wanted again
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (Date.now() - Number(form.dataset.sent ?? 0) < (form.matches("[data-export]") ? DOWNLOAD_SLIP_MS : SLIP_MS)) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = Date.now();
  if (form.matches('[action$="/sign-out"], [data-everywhere]')) forgetDrafts();
});
const mayBeSentAgain = () => { for (const form of document.forms) delete form.dataset.sent; };
addEventListener("pageshow", mayBeSentAgain); // it came back from the browser's history
addEventListener("keydown", (event) => { if (event.key === "Escape") mayBeSentAgain(); }); // that stops a page on its way

/** Deletes drafts and the selection of the list, so that the next person at this browser does not see them. */
function forgetDrafts() {
  try {
    sessionStorage.removeItem("selection");
    for (const name of Object.keys(localStorage)) if (name.startsWith("draft ")) localStorage.removeItem(name);
  } catch { /* There are none. */ }
}

document.querySelector("[data-errors], [data-outcome]")?.focus();
