// Shows what the text of the box would look like, or why that cannot be shown.
import { renew } from "./send.js";

const KEPT = "Your text is kept.";

/**
 * Shows a preview above the buttons of the box.
 * @param {HTMLFormElement} box The form.
 * @param {HTMLButtonElement} button What asks for it.
 */
export async function preview(box, button) {
  button.ariaBusy = "true";
  const shown = await ask(box, button);
  button.ariaBusy = null;
  box.querySelector("[data-preview]")?.remove();
  button.closest(".actions").before(shown);
  shown.focus();
}

async function ask(box, button) {
  const body = new URLSearchParams(new FormData(box));
  try {
    let { response, page } = await post(button.formAction, body);
    // A token ends with its session.
    if (response.status === 400 && page.querySelector(".fault")) {
      if (!await renew(box, body, undefined, "[data-comment]", location.pathname + location.search)) return signedOut(box);
      ({ response, page } = await post(button.formAction, body));
    }
    if (response.redirected) return signedOut(box);
    const shown = page.querySelector("[data-preview]");
    const why = page.querySelector(".fault [data-message], .write [data-errors] p")?.textContent ?? "The desk gave no preview. Try again.";
    return shown ? document.adoptNode(shown) : problem(`${why} ${KEPT}`);
  } catch {
    return problem(navigator.onLine
      ? `The connection was lost, so there is no preview. ${KEPT} Press Preview again.`
      : `There is no connection, so there is no preview. ${KEPT} Press Preview when it is back.`);
  }
}

async function post(address, body) {
  const response = await fetch(address, { method: "POST", body });
  return { response, page: new DOMParser().parseFromString(await response.text(), "text/html") };
}

function signedOut(box) {
  const link = box.parentElement.querySelector("[data-sending] [data-sign-in]").cloneNode(true);
  link.hidden = false;
  return problem(`You are not signed in any more, so there is no preview. ${KEPT} Sign in again in a new tab, then press Preview again here.`, link);
}

function problem(text, ...more) {
  const shown = Object.assign(document.createElement("div"), { className: "preview-box", role: "region", ariaLabel: "Preview", tabIndex: -1 });
  shown.dataset.preview = "";
  shown.append(Object.assign(document.createElement("p"), { className: "error", role: "alert", textContent: text }), ...more);
  return shown;
}
