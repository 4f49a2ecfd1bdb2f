// The list: a selection with all of a page, a range by Shift, a count that is announced, and the bar that appears with it.
let refresh = () => {};

function attach() {
  const form = document.querySelector("[data-selection]");
  refresh = () => {};
  if (!form) return;
  const boxes = [...document.querySelectorAll('.tickets [name="ticket"]')];
  const label = document.querySelector("[data-all]");
  const all = label.querySelector("input");
  const count = form.querySelector("[data-count]");
  const clear = form.querySelector("[data-clear]");
  clear.hidden = false;

  const update = () => {
    const checked = boxes.filter((box) => box.checked).length;
    all.checked = checked === boxes.length;
    all.indeterminate = checked > 0 && checked < boxes.length;
    form.dataset.idle = String(checked === 0);
    // Written only when the text changes, because it is announced.
    const text = checked === 0 ? "Nothing selected" : `${checked} selected`;
    if (count.textContent !== text) count.textContent = text;
    for (const box of boxes) box.closest("tr").classList.toggle("selected", box.checked);
  };
  const checkAll = (checked) => {
    for (const box of boxes) box.checked = checked;
    update();
  };

  let last = -1;
  for (const [index, box] of boxes.entries()) {
    box.addEventListener("click", (event) => {
      if (event.shiftKey && last >= 0) {
        for (const between of boxes.slice(Math.min(last, index), Math.max(last, index) + 1)) between.checked = box.checked;
      }
      last = index;
    });
    box.addEventListener("change", update);
  }
  all.addEventListener("change", () => checkAll(all.checked));
  clear.addEventListener("click", () => {
    checkAll(false);
    all.focus();
  });
  refresh = update;
  update();
}

addEventListener("pageshow", () => refresh());
addEventListener("refreshed", attach);
attach();
