// A ledger table as an ARIA grid: arrows move, Enter edits or opens, a digit starts editing, Space
// ticks, heads sort, a field filters. Filter and sort stand in the address.

import { open } from "./dialog.js";
import { clearFaults, Refusal, showRefusal } from "./refusals.js";
import { follow, send } from "./send.js";

const rowsOf = (table) => [...table.tBodies].flatMap((body) => [...body.rows]).filter((row) => row.dataset.key && row.checkVisibility());

/** Move the focus to a cell; its row becomes the chosen one. */
export function choose(cell) {
  const table = cell.closest("[role=grid]");
  const row = cell.parentElement;
  const before = table.querySelector('tr[aria-selected="true"]');
  table.querySelectorAll('[tabindex="0"]').forEach((other) => { other.tabIndex = -1; });
  cell.tabIndex = 0;
  if (before !== row) {
    if (before) before.ariaSelected = "false";
    row.ariaSelected = "true";
    table.dispatchEvent(new CustomEvent("chosen", { bubbles: true, detail: { row } }));
  }
}

export const chosen = (table) => table.querySelector('tr[aria-selected="true"]');

function moved(event, cell, rows) {
  const row = cell.parentElement;
  const at = rows.indexOf(row);
  const many = Math.max(1, Math.floor((table(cell).closest(".scroller, main")?.clientHeight ?? 400) / row.offsetHeight) - 2);
  const last = rows.length - 1;
  const to = {
    ArrowDown: [at + 1, cell.cellIndex], ArrowUp: [at - 1, cell.cellIndex],
    PageDown: [Math.min(at + many, last), cell.cellIndex], PageUp: [Math.max(at - many, 0), cell.cellIndex],
    ArrowRight: [at, cell.cellIndex + 1], ArrowLeft: [at, cell.cellIndex - 1],
    Home: [event.ctrlKey ? 0 : at, 0], End: [event.ctrlKey ? last : at, row.cells.length - 1],
  }[event.key];
  return to ? rows[to[0]]?.cells[to[1]] ?? null : undefined;
}

const table = (cell) => cell.closest("[role=grid]");

function onKey(event) {
  const cell = event.target.closest?.("td, th");
  const grid = cell && table(cell);
  if (!grid || "ownKeys" in grid.dataset || event.target.closest(".editing") || event.defaultPrevented || event.altKey) return;
  if (event.target !== cell && event.target.matches("input, select, textarea")) return;
  const to = moved(event, cell, rowsOf(grid));
  if (to !== undefined) { event.preventDefault(); to?.focus(); to?.scrollIntoView({ block: "nearest", inline: "nearest" }); return; }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "Enter" || event.key === "F2") { if (opens(cell, event)) event.preventDefault(); }
  else if (/^[0-9]$/.test(event.key)) { const target = figureCell(cell); if (target) { event.preventDefault(); edit(target, event.key); } }
  else if (event.key === " ") {
    const box = cell.parentElement.querySelector("input[type=checkbox]");
    if (box) { event.preventDefault(); box.click(); }
  }
}

const editableOf = (cell) => (cell.dataset.edit ? cell : cell.parentElement.querySelector("[data-edit]"));
const figureCell = (cell) => (cell.dataset.edit && cell.dataset.type !== "date" ? cell : cell.parentElement.querySelector('[data-edit][data-type="number"]'));

function opens(cell, event) {
  if (event.target !== cell) return false;
  const inside = cell.querySelector("a[href], button");
  if (inside) { inside.click(); return true; }
  const { open: address, openDialog } = cell.parentElement.dataset;
  if (openDialog && event.key === "Enter") { open(openDialog); return true; }
  if (address && event.key === "Enter" && !cell.dataset.edit) { location.assign(address); return true; }
  const target = editableOf(cell);
  if (target) edit(target);
  return Boolean(target);
}

/** Edit a cell in place; leaving it with Enter or Tab sends it, Esc leaves it as it was. */
export function edit(cell, typed = null) {
  const was = [...cell.childNodes];
  const input = document.createElement("input");
  input.type = cell.dataset.type === "date" ? "date" : "text";
  if (cell.dataset.type === "number") input.inputMode = "decimal";
  input.value = typed ?? cell.dataset.value ?? cell.textContent.trim();
  input.setAttribute("aria-label", cell.dataset.label ?? cell.dataset.edit);
  const width = cell.clientWidth;
  cell.classList.add("editing");
  cell.replaceChildren(input);
  input.style.width = `${Math.max(width - 4, 60)}px`;
  input.focus();
  if (typed === null && input.type === "text") input.select();
  let isOver = false;
  const leave = (focus) => {
    if (isOver) return;
    isOver = true;
    cell.classList.remove("editing");
    cell.replaceChildren(...was);
    (focus ?? cell).focus();
  };
  input.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") { event.preventDefault(); leave(); }
    if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      const value = input.value.trim();
      leave(event.key === "Tab" ? nextEditable(cell, event.shiftKey) : null);
      if (value !== (cell.dataset.value ?? "")) changed(cell, value);
    }
  });
  input.addEventListener("blur", () => { if (cell.isConnected) leave(document.activeElement); });
}

function nextEditable(cell, back) {
  const every = [...table(cell).querySelectorAll("td[data-edit]")];
  return every[every.indexOf(cell) + (back ? -1 : 1)] ?? cell;
}

async function changed(cell, value) {
  const row = cell.parentElement;
  const event = new CustomEvent("edited", { bubbles: true, cancelable: true, detail: { row, cell, field: cell.dataset.edit, value } });
  if (!cell.dispatchEvent(event)) return;
  const dialog = cell.closest("dialog");
  clearFaults(dialog);
  try {
    const fields = row.dataset.fields ? JSON.parse(row.dataset.fields) : {};
    await follow(await send(row.dataset.href, { ...fields, [cell.dataset.edit]: value }), dialog);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    showRefusal(dialog, refusal);
  }
}

// -- Filter and sort ---------------------------------------------------------------------------

function inAddress(name, value) {
  const address = new URL(location);
  if (value) address.searchParams.set(name, value);
  else address.searchParams.delete(name);
  history.replaceState(history.state, "", address);
}

export function filter(field) {
  const grid = document.getElementById(field.dataset.filter);
  if (!grid) return;
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of [...grid.tBodies].flatMap((body) => [...body.rows])) {
    if (!row.dataset.key) continue;
    const text = `${row.textContent} ${row.dataset.words ?? ""}`.toLowerCase();
    const fits = words.every((word) => text.includes(word));
    row.classList.toggle("filtered", !fits);
    shown += fits;
  }
  document.querySelectorAll(`[data-count-of="${grid.id}"]`).forEach((count) => { count.textContent = shown; });
}

function onInput(event) {
  if (!event.target.dataset?.filter) return;
  filter(event.target);
  if (!event.target.closest("dialog")) inAddress("filter", event.target.value);
}

const valueOf = (row, at, kind) => {
  const cell = row.cells[at];
  const text = cell.dataset.value ?? cell.textContent.trim();
  return kind === "number" ? Number(text.replace(/[\u2009\s]/g, "").replace("\u2212", "-")) || 0 : text;
};

/** Put the rows of a table in the order of the column under a head. */
function arrange(head, descending) {
  const at = [...head.parentElement.cells].slice(0, head.cellIndex).reduce((sum, cell) => sum + cell.colSpan, 0);
  const kind = head.querySelector("[data-sort]").dataset.sort;
  const order = descending ? -1 : 1;
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  for (const body of head.closest("table").tBodies) {
    const rows = [...body.rows].filter((row) => row.dataset.key);
    rows.sort((a, b) => {
      const [x, y] = [valueOf(a, at, kind), valueOf(b, at, kind)];
      return order * (kind === "number" ? x - y : compare(x, y));
    });
    const others = [...body.rows].filter((row) => !row.dataset.key);
    body.append(...rows, ...others);
  }
}

export function sort(button, descending) {
  const head = button.closest("th");
  const grid = head.closest("table");
  arrange(head, descending);
  grid.querySelectorAll("th[aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
  head.ariaSort = descending ? "descending" : "ascending";
  if (!grid.closest("dialog")) inAddress("sort", `${descending ? "-" : ""}${button.textContent.trim()}`);
}

/** What is drawn anew of a table that was sorted comes sorted. */
function onRenewing({ target, detail: { now } }) {
  const head = target.matches("table") ? target.querySelector("th[aria-sort]") : null;
  const fresh = head && now.rows[head.parentElement.rowIndex]?.cells[head.cellIndex];
  if (fresh?.querySelector("[data-sort]")) arrange(fresh, head.ariaSort === "descending");
}

function onClick(event) {
  const change = event.target.closest('[data-command="change"]');
  if (change) { edit(change.closest("tr").querySelector("[data-edit]")); return; }
  const button = event.target.closest("[data-sort]");
  if (button) { sort(button, button.closest("th").ariaSort === "ascending"); return; }
  const cell = event.target.closest("[role=grid]:not([data-own-keys]) tbody td");
  if (cell && !event.target.closest("a, button, input, select, label")) cell.focus();
}

function onDoubleClick(event) {
  const cell = event.target.closest("[role=grid]:not([data-own-keys]) tbody td");
  if (!cell || event.target.closest("a, button, input")) return;
  if (cell.dataset.edit) edit(cell);
  else if (cell.parentElement.dataset.openDialog) open(cell.parentElement.dataset.openDialog);
  else if (cell.parentElement.dataset.open) location.assign(cell.parentElement.dataset.open);
}

/** Make every cell of the grids within `root` reachable, and one of each by Tab. */
export function prepare(root) {
  for (const grid of root.querySelectorAll("table[role=grid]:not([data-own-keys])")) {
    grid.querySelectorAll("tbody td").forEach((cell) => { if (!cell.hasAttribute("tabindex")) cell.tabIndex = -1; });
    const row = chosen(grid) ?? rowsOf(grid)[0];
    if (row && !grid.querySelector('tbody [tabindex="0"]')) row.cells[0].tabIndex = 0;
  }
}

function fromAddress() {
  const asked = new URLSearchParams(location.search);
  const field = document.querySelector("main [data-filter]");
  if (field && asked.get("filter")) { field.value = asked.get("filter"); filter(field); }
  const column = asked.get("sort");
  const button = column && [...document.querySelectorAll("main [data-sort]")].find((b) => b.textContent.trim() === column.replace(/^-/, ""));
  if (button) sort(button, column.startsWith("-"));
}

export function listen() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusin", (event) => {
    const cell = event.target.closest?.("[role=grid] tbody td");
    if (cell?.parentElement.dataset.key && event.target === cell) choose(cell);
  });
  document.addEventListener("click", onClick);
  document.addEventListener("dblclick", onDoubleClick);
  document.addEventListener("input", onInput);
  document.addEventListener("opened", (event) => prepare(event.target));
  document.addEventListener("renewing", onRenewing);
  document.addEventListener("renewed", (event) => {
    prepare(event.target);
    event.target.querySelectorAll("[data-filter]").forEach((field) => field.value && filter(field));
  });
  prepare(document);
  fromAddress();
  document.querySelector("main [data-first-focus] [tabindex='0'], main [data-first-focus][tabindex='0']")?.focus({ preventScroll: true });
}
