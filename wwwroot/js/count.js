// Shows how many characters of data-max a field with data-left has left, once there are few: visible at once, announced when the typing pauses.
const NEAR = 20;
const REST_MS = 1000;

/** The length in code points, as the server counts it. */
const lengthOf = (text) => [...text.trim()].length;

function words(left) {
  const count = `${Math.abs(left)} ${Math.abs(left) === 1 ? "character" : "characters"}`;
  return left < 0 ? `${count} too many` : `${count} left`;
}

/** Shows the counts for the fields of a form. */
export function countLeft(form) {
  for (const shown of form.querySelectorAll("[data-left]")) {
    const field = shown.closest(".field");
    const input = field.querySelector("[data-max]");
    const said = field.querySelector("[data-left-said]");
    let rest;
    const update = () => {
      const left = Number(input.dataset.max) - lengthOf(input.value);
      const text = left <= NEAR ? words(left) : "";
      if (shown.textContent === text) return;
      shown.textContent = text;
      shown.hidden = text === "";
      clearTimeout(rest);
      rest = setTimeout(() => { said.textContent = text; }, REST_MS);
    };
    form.addEventListener("input", update);
    form.addEventListener("change", update);
    update();
  }
}

for (const form of document.querySelectorAll("form:has([data-left])")) countLeft(form);
