// The Item Tracking List: the chosen number says what of it can be had, Space marks several. OK opens
// the window of the one that is marked, or chosen; of several it shows what reserving them does.

const ID = "item-tracking-list";
const boxesOf = (list) => [...list.querySelectorAll("tbody input[type=checkbox]")];
const isShown = (box) => !box.closest("tr").classList.contains("filtered");

/** Let OK be about what is marked, else about the chosen row; and say how many are marked. */
function aim(list) {
  const within = list.closest("dialog");
  const marked = boxesOf(list).filter((box) => box.checked).map((box) => box.closest("tr").dataset.key);
  const ok = within.querySelector("#list-ok");
  const key = marked[0] ?? list.querySelector('tr[aria-selected="true"]')?.dataset.key ?? "";
  const several = marked.length > 1;
  ok.dataset.dialog = several ? ok.dataset.marked + encodeURIComponent(marked.join(",")) : ok.dataset.base + key;
  ok.toggleAttribute("data-instead", !several); // from several one comes back to the list
  const every = list.querySelector("thead input[type=checkbox]");
  if (!every) return;
  within.querySelector("#list-marked").textContent = marked.length ? `${marked.length} marked` : "";
  every.checked = marked.length > 0 && boxesOf(list).filter(isShown).every((box) => box.checked);
  every.indeterminate = marked.length > 0 && !every.checked;
}

function say(list, row) {
  const within = list.closest("dialog");
  within.querySelector("#list-says").textContent = row.dataset.says;
  within.querySelectorAll(".list-bar").forEach((shown) => { shown.hidden = shown.dataset.of !== row.dataset.key; });
}

function mark(row) {
  const box = row?.querySelector("input[type=checkbox]");
  if (box) box.checked = true;
}

function onChange(event) {
  const list = event.target.closest(`#${ID}`);
  if (!list) return;
  if (event.target.closest("thead")) boxesOf(list).filter(isShown).forEach((box) => { box.checked = event.target.checked; });
  else event.target.closest("td").focus();
  aim(list);
}

/** Shift with an arrow marks the row one leaves and the one one comes to. */
function onKey(event) {
  const list = event.target.closest?.(`#${ID}`);
  if (!list || !event.shiftKey || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  mark(event.target.closest("tr"));
  requestAnimationFrame(() => {
    mark(document.activeElement.closest(`#${ID} tr`));
    aim(list);
  });
}

export function listen() {
  document.addEventListener("change", onChange);
  document.addEventListener("keydown", onKey, true);
  document.addEventListener("chosen", (event) => {
    if (event.target.id !== ID) return;
    say(event.target, event.detail.row);
    aim(event.target);
  });
  document.addEventListener("renewed", (event) => event.target.querySelectorAll?.(`#${ID}`).forEach(aim));
  document.addEventListener("done", (event) => {
    const list = document.getElementById(ID);
    if (!list || !event.target.action.endsWith("/reserve-marked")) return;
    boxesOf(list).forEach((box) => { box.checked = false; });
    aim(list);
  });
}
