// Sends a form until the server has answered. Each attempt sends the same data with the same key, so the ticket is never created twice.
const PAUSES_S = [2, 4, 8, 15, 30, 60];
const PATIENCE_MS = 60_000;
const NOT_NOW = [408, 429, 502, 503, 504];

const parse = (html) => new DOMParser().parseFromString(html, "text/html");

/** Makes one attempt and gives its result. */
async function attempt(url, body, signal) {
  try {
    const response = await fetch(url, {
      method: "POST", headers: { Accept: "application/json" }, body, signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    if (response.redirected) return { kind: "signedOut" };
    if (response.ok) return { kind: "sent", place: (await response.json()).place };
    if (NOT_NOW.includes(response.status)) return { kind: "later", seconds: Number(response.headers.get("Retry-After")) || 0 };
    return { kind: "page", status: response.status, page: parse(await response.text()) };
  } catch {
    return { kind: signal.aborted ? "stopped" : "lost" }; // also an answer that is not the desk's, such as that of a hotel's network
  }
}

/** Fetches the form again for a new antiforgery token, because a token ends with its session. False when the person of the form is no longer signed in. */
export async function renew(form, body, signal, selector, page) {
  const response = await fetch(page, { signal });
  const fresh = parse(await response.text()).querySelector(selector);
  if (response.redirected || fresh?.dataset.owner !== form.dataset.owner) return false;
  const name = "__RequestVerificationToken";
  form.elements[name].value = fresh.elements[name].value;
  body.set(name, fresh.elements[name].value);
  return true;
}

/** Waits for a button, for the connection, or for some seconds. */
function wait(panel, seconds, signal) {
  return new Promise((resolve) => {
    const done = new AbortController();
    const end = () => { done.abort(); clearTimeout(timer); resolve(); };
    const timer = seconds === Infinity ? 0 : setTimeout(end, seconds * 1000);
    panel.querySelector("[data-try]").addEventListener("click", end, { signal: done.signal });
    addEventListener("online", end, { signal: done.signal });
    signal.addEventListener("abort", end, { signal: done.signal });
  });
}

/** Tells how the sending of a form goes, with what can be done about it. */
export function show(panel, text, { waits = false, signsIn = false, stops = true } = {}) {
  panel.querySelector("[data-sending-text]").textContent = text;
  panel.querySelector("[data-try]").hidden = !waits;
  panel.querySelector("[data-stop]").hidden = !stops;
  panel.querySelector("[data-sign-in]").hidden = !signsIn;
  panel.hidden = false;
}

const lostText = (seconds) => navigator.onLine
  ? `The connection was lost. Your text is kept, and is sent again in ${seconds} seconds.`
  : "There is no connection. Your text is kept, and is sent again as soon as the connection is back.";

/**
 * Sends a form.
 * @param {HTMLFormElement} form Cannot be changed meanwhile.
 * @param {HTMLElement} panel Tells how it goes.
 * @param {object} options What sends it: the button, whose name and value go with it; how to find the form in a page of the desk;
 *   the address of the page that has it; and what is sent, for the words.
 * @returns What it ended with: sent, with the place to go to; rejected, with the page that says what is wrong; or null, and the form can be sent again.
 */
export async function send(form, panel, { submitter = null, selector = "[data-new-ticket]", page = form.action, what = "ticket" } = {}) {
  const body = new URLSearchParams(new FormData(form, submitter));
  const stop = new AbortController();
  const { signal } = stop;
  panel.querySelector("[data-stop]").addEventListener("click", () => stop.abort(), { signal });
  form.inert = true;
  const outcome = await persist(form, body, panel, signal, selector, page, what);
  form.inert = outcome?.kind === "sent";
  return outcome;
}

async function persist(form, body, panel, signal, selector, page, what) {
  let [tries, renewed] = [0, false];
  for (;;) {
    show(panel, "Sending…");
    if (tries === 0) panel.focus();
    let answer = await attempt(form.action, body, signal);
    const fault = answer.page?.querySelector(".fault");
    if (answer.status === 400 && fault && !renewed) {
      renewed = true;
      const ours = await renew(form, body, signal, selector, page).catch(() => null);
      if (ours) continue;
      answer = { kind: ours === false ? "signedOut" : signal.aborted ? "stopped" : "lost" };
    }
    const seconds = Math.max(answer.seconds ?? 0, PAUSES_S[Math.min(tries, PAUSES_S.length - 1)]);
    tries++;
    switch (answer.kind) {
      case "sent":
        show(panel, "Sent.", { stops: false });
        return answer;
      case "page":
        if (answer.page.querySelector(selector)) return { kind: "rejected", page: answer.page };
        show(panel, fault?.querySelector("[data-message]").textContent ?? "The desk gave an answer that makes no sense. Try again.", { stops: false });
        return null;
      case "lost":
        show(panel, lostText(seconds), { waits: true });
        await wait(panel, seconds, signal);
        break;
      case "later":
        show(panel, `The desk cannot take it right now. Your text is kept, and is sent again in ${seconds} seconds.`, { waits: true });
        await wait(panel, seconds, signal);
        break;
      case "signedOut":
        show(panel, "You are not signed in any more, so nothing was sent. Your text is kept: sign in again in a new tab, then try again here.", { waits: true, signsIn: true });
        renewed = false;
        await wait(panel, Infinity, signal);
        break;
    }
    if (signal.aborted) {
      show(panel, `Stopped. If the desk has it already, sending the same text again creates no second ${what}.`, { stops: false });
      return null;
    }
  }
}
