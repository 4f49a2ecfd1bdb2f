// The files of a ticket or a comment: chosen, dropped or pasted, each is uploaded at once and named in the form by a hidden field, so that
// sending the form again sends no file again. On its form it dispatches "attach:start" when the first upload begins and "attach:end" when
// none is left. A form that is sent meanwhile waits for its files.
import { show } from "./send.js";

const TOKEN = "__RequestVerificationToken";
const SIGN_IN = "You are not signed in any more. Sign in again in a new tab, then try again.";

const running = new Map(); // the number of uploads of a form
const boxOf = (target) => target.closest?.("form")?.querySelector("[data-attach]");
const sizeText = (bytes) => bytes < 1000 ? `${bytes} ${bytes === 1 ? "byte" : "bytes"}` : bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Shows what only works with this script. The server's answer to a form brings a new one. */
function prepare() {
  for (const box of document.querySelectorAll("[data-attach]:not([data-ready])")) {
    box.dataset.ready = "";
    box.querySelector("[type=file]").removeAttribute("name"); // the files have gone before the form goes
    for (const hidden of box.querySelectorAll("[data-attach-ways], [data-attach-remove]")) hidden.hidden = false;
  }
}

function complain(box, text) {
  const error = box.querySelector("[data-attach-error]");
  error.textContent = text;
  error.hidden = text === "";
}

/** Uploads the files that fit, and says of the others why not: the desk need not be asked. */
function add(box, files) {
  const { max, maxText, maxAll, maxAllText, maxCount } = box.dataset;
  const rows = [...box.querySelectorAll("[data-attach-file]")];
  let [count, size] = [rows.length, rows.reduce((sum, row) => sum + Number(row.dataset.size), 0)];
  const refused = new Map();
  for (const file of files) {
    const reason = file.size > Number(max) ? `too large. A file has at most ${maxText}.`
      : count === Number(maxCount) ? `too many. At most ${maxCount} files are sent at once.`
        : size + file.size > Number(maxAll) ? `too large together with the others. All files have at most ${maxAllText}.` : null;
    if (reason) {
      refused.set(reason, [...refused.get(reason) ?? [], `“${file.name}”`]);
      continue;
    }
    [count, size] = [count + 1, size + file.size];
    upload(box, file);
  }
  complain(box, [...refused].map(([reason, names]) => `${names.join(", ")}: ${reason}`).join(" "));
}

function upload(box, file) {
  const form = box.closest("form");
  const bar = make("progress", { max: 1, value: 0, ariaLabel: `Upload of ${file.name}` });
  const said = make("span", { className: "error" });
  const again = make("button", { type: "button", className: "link", textContent: "Try again", hidden: true });
  const remove = make("button", { type: "button", className: "link", textContent: "Remove", ariaLabel: `Remove ${file.name}` });
  remove.dataset.attachRemove = "";
  const row = make("li", {}, make("bdi", { textContent: file.name }), " ", make("span", { className: "meta", textContent: sizeText(file.size) }), " ", bar, said, " ", again, " ", remove);
  row.dataset.attachFile = "";
  row.dataset.size = file.size;
  for (const lost of box.querySelectorAll("[data-attach-lost]")) if (lost.dataset.attachLost === file.name) lost.remove();
  box.querySelector("[data-attach-list]").append(row);
  tellChange(form);

  async function attempt() {
    [again.hidden, said.textContent, bar.hidden, bar.value] = [true, "", false, 0];
    begin(form);
    const answer = await send(box, form, file, row, (part) => { bar.value = part; });
    bar.hidden = true;
    if (answer.upload) {
      row.append(make("input", { type: "hidden", name: "upload", value: answer.upload }));
      tellChange(form);
      box.querySelector("[data-attach-said]").textContent = `${file.name} is uploaded.`;
    } else if (row.isConnected) {
      said.textContent = answer.message;
      again.hidden = !answer.again;
      complain(box, answer.message);
    }
    end(form, Boolean(answer.upload) || !row.isConnected);
  }
  again.addEventListener("click", () => { complain(box, ""); attempt(); });
  attempt();
}

/** Uploads one file. Where the antiforgery token is too old, gets a new one and tries once more. */
async function send(box, form, file, row, onProgress) {
  let answer = await post(box.dataset.attach, form.elements[TOKEN].value, file, row, onProgress);
  if (answer.status === 400 && await renew(form)) answer = await post(box.dataset.attach, form.elements[TOKEN].value, file, row, onProgress);
  return answer;
}

function post(url, token, file, row, onProgress) {
  const request = new XMLHttpRequest(); // fetch does not tell how far an upload is
  return new Promise((resolve) => {
    const fail = () => resolve({ message: "The connection was lost.", again: true });
    request.open("POST", `${url}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("RequestVerificationToken", token);
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) onProgress(event.loaded / event.total); });
    request.addEventListener("error", fail);
    request.addEventListener("abort", fail);
    request.addEventListener("load", () => resolve(read(request, url)));
    row.addEventListener("attach:cancel", () => request.abort());
    request.send(file);
  });
}

function read(request, url) {
  if (new URL(request.responseURL).pathname !== url) return { message: SIGN_IN, again: true };
  const known = { 400: SIGN_IN, 403: "You may not add files to this ticket.", 413: "The file is too large." };
  try {
    return { status: request.status, again: request.status >= 500 || request.status === 429, ...JSON.parse(request.responseText) };
  } catch {
    return { status: request.status, message: known[request.status] ?? "The desk cannot take the file right now.", again: request.status !== 413 };
  }
}

/** Whether the person of the form is still signed in; the form then has a new token. */
async function renew(form) {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
    const fresh = page.querySelector("[data-attach]")?.closest("form");
    if (!fresh || fresh.dataset.owner !== form.dataset.owner) return false;
    form.elements[TOKEN].value = fresh.elements[TOKEN].value;
    return true;
  } catch {
    return false;
  }
}

/** The files of a draft are others. */
const tellChange = (form) => form.dispatchEvent(new Event("attach:changed"));

function begin(form) {
  const count = (running.get(form) ?? 0) + 1;
  running.set(form, count);
  if (count === 1) form.dispatchEvent(new CustomEvent("attach:start", { bubbles: true }));
}

function end(form, went) {
  const count = running.get(form) - 1;
  running.set(form, count);
  // It must not go without the file.
  if (!went) giveUp(form, "A file was not uploaded, so nothing was sent. Try it again or remove it, then send.");
  if (count > 0) return;
  running.delete(form);
  form.dispatchEvent(new CustomEvent("attach:end", { bubbles: true }));
  const { waiting } = form;
  if (stopWaiting(form)) form.requestSubmit(waiting?.isConnected ? waiting : undefined);
}

const panelOf = (form) => form.parentElement.querySelector("[data-sending]");

/** Lets the form be changed again, and tells whether it waited for its files. */
function stopWaiting(form) {
  if (form.waiting === undefined) return false;
  form.waiting = undefined;
  form.inert = false;
  return true;
}

/** Says why a form that waited is not sent. */
function giveUp(form, why) {
  if (!stopWaiting(form)) return;
  show(panelOf(form), why, { stops: false });
  form.querySelector("textarea")?.focus();
}

document.addEventListener("change", ({ target }) => {
  const box = target.type === "file" ? target.closest("[data-attach]") : null;
  if (!box) return;
  add(box, [...target.files]);
  target.value = "";
});

document.addEventListener("click", ({ target }) => {
  const row = target.closest?.("[data-attach-remove]")?.closest("[data-attach-file]");
  if (!row) return;
  const box = row.closest("[data-attach]");
  const token = row.querySelector("[name=upload]")?.value;
  row.remove();
  complain(box, "");
  row.dispatchEvent(new Event("attach:cancel"));
  tellChange(box.closest("form"));
  box.querySelector("[type=file]").focus();
  if (!token) return;
  const headers = { RequestVerificationToken: box.closest("form").elements[TOKEN].value };
  fetch(`${box.dataset.attach}?upload=${encodeURIComponent(token)}`, { method: "DELETE", headers }).catch(() => { /* The desk deletes it later. */ });
});

const bringsFiles = (event) => event.dataTransfer?.types.includes("Files");

document.addEventListener("dragover", (event) => {
  const box = bringsFiles(event) && boxOf(event.target);
  if (!box) return;
  event.preventDefault();
  box.dataset.over = "";
});

document.addEventListener("dragleave", ({ target, relatedTarget }) => {
  const box = boxOf(target);
  if (box && !target.closest("form").contains(relatedTarget)) delete box.dataset.over;
});

document.addEventListener("drop", (event) => {
  const box = bringsFiles(event) && boxOf(event.target);
  if (!box) return;
  event.preventDefault();
  delete box.dataset.over;
  const isFile = (item) => item.kind === "file" && !item.webkitGetAsEntry()?.isDirectory;
  add(box, [...event.dataTransfer.items].filter(isFile).map((item) => item.getAsFile()));
});

document.addEventListener("paste", (event) => {
  const box = boxOf(event.target);
  const files = [...event.clipboardData.files];
  // What is copied from a table or a document is an image too, but its text is meant.
  if (!box || files.length === 0 || event.clipboardData.types.includes("text/plain")) return;
  event.preventDefault();
  const at = new Date().toISOString().slice(0, 19).replace("T", " ").replaceAll(":", ".");
  add(box, files.map((file) => file.name === "image.png" ? new File([file], `Screenshot ${at}.png`, { type: file.type }) : file));
});

document.addEventListener("click", ({ target }) => {
  const form = target.closest?.("[data-stop]")?.closest("[data-sending]").parentElement.querySelector("form");
  if (form) giveUp(form, "Stopped. Nothing was sent.");
});

// Before anybody else hears of it: the form is not complete yet.
addEventListener("submit", (event) => {
  const form = event.target;
  if (!running.has(form) || event.submitter?.hasAttribute("formaction")) return; // a preview needs no files
  event.preventDefault();
  event.stopImmediatePropagation();
  form.waiting = event.submitter; // null when no button sent it
  form.inert = true; // what is sent is what stands there now
  show(panelOf(form), "It is sent as soon as the files are uploaded.");
  panelOf(form).focus();
}, { capture: true });

prepare();
new MutationObserver(prepare).observe(document.getElementById("main"), { childList: true, subtree: true });
