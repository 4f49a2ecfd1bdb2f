// The files of a form in its draft: their names, and the tokens of those that are uploaded (see attach.js).
const isText = (...texts) => texts.every((text) => typeof text === "string");

/** The files of a draft; none where it has no such list. */
export const filesIn = (values) => Array.isArray(values.files) ? values.files.filter((file) => isText(file?.name, file.size, file.sizeText, file.upload)) : [];

/** The files of a form as a draft keeps them. The token of what is not uploaded is empty. */
export const filesOf = (form) => [...form.querySelectorAll("[data-attach-file]")].map((row) => ({
  name: row.querySelector("bdi").textContent, size: row.dataset.size, sizeText: row.querySelector(".meta").textContent,
  upload: row.querySelector("[name=upload]")?.value ?? "",
}));

/** Takes the files off a form. The desk deletes them after a day: another tab may have them too. */
export function dropFiles(form) {
  for (const row of form.querySelectorAll("[data-attach-file]")) row.remove();
}

/**
 * Shows the files of a draft again, and asks the desk which of them it has. Of the others it says that they must be attached again.
 * @returns Whether any must.
 */
export async function showFiles(form, files) {
  const box = form.querySelector("[data-attach]");
  if (!box || files.length === 0) return false;
  const rows = files.map((file) => rowOf(file));
  box.querySelector("[data-attach-list]").append(...rows);
  const isUploaded = (row) => row.querySelector("[name=upload]") !== null;
  const uploaded = rows.filter(isUploaded);
  const has = uploaded.length > 0 ? await ask(box, form, uploaded) : [];
  if (form.inert) return false; // it is on its way already, and the answer will say it
  const lost = rows.filter((row) => !isUploaded(row) || has?.[uploaded.indexOf(row)] === false);
  for (const row of lost) lose(row);
  complain(box);
  return lost.length > 0;
}

/** Whether the desk has each of the files; null when it does not say. Then sending the form will show it. */
async function ask(box, form, rows) {
  const body = new URLSearchParams(rows.map((row) => ["upload", row.querySelector("[name=upload]").value]));
  const headers = { RequestVerificationToken: form.elements.__RequestVerificationToken.value };
  try {
    const answer = await fetch(`${box.dataset.attach}/kept`, { method: "POST", headers, body });
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null;
  }
}

function lose(row) {
  row.querySelector("[name=upload]")?.remove();
  row.dataset.attachLost = row.querySelector("bdi").textContent;
  row.dataset.size = 0;
  row.querySelector(".error").textContent = "Attach it again.";
}

function complain(box) {
  const lost = [...box.querySelectorAll("[data-attach-lost]")].map((row) => `“${row.dataset.attachLost}”`);
  if (lost.length === 0) return;
  const error = box.querySelector("[data-attach-error]");
  error.textContent = `Not there any more: ${lost.join(", ")}. Attach ${lost.length === 1 ? "it" : "them"} again.`;
  error.hidden = false;
}

// As ChooseFiles.cshtml and attach.js draw it.
function rowOf({ name, size, sizeText, upload }) {
  const row = document.createElement("li");
  row.dataset.attachFile = "";
  row.dataset.size = size;
  const make = (tag, properties) => Object.assign(document.createElement(tag), properties);
  const remove = make("button", { type: "button", className: "link", textContent: "Remove", ariaLabel: `Remove ${name}` });
  remove.dataset.attachRemove = "";
  row.append(
    make("bdi", { textContent: name }), " ", make("span", { className: "meta", textContent: sizeText }), " ",
    make("span", { className: "error" }), " ", remove);
  if (upload !== "") row.append(make("input", { type: "hidden", name: "upload", value: upload }));
  return row;
}
