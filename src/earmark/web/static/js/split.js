// The split screen. What is typed stands in the address; the server draws the page again from it,
// so bars, figures and who will move are those that saving would come to.

import { choose, chosen, edit } from "./grid.js";
import { say } from "./dialog.js";
import { drawBar } from "./keys.js";
import { refresh, turnTo } from "./refresh.js";
import { Refusal, showRefusal } from "./refusals.js";
import { send } from "./send.js";

const supply = () => document.getElementById("supply");
const demand = () => document.getElementById("demand");
const before = []; // addresses to go back to by Ctrl+Z
let beforeEdit = null; // the address before a quantity was begun to be typed

// -- What stands in the address ---------------------------------------------------------------

const asked = () => new URL(location.href);
const keyOf = (text) => text.slice(0, text.indexOf("*"));

/** Draw the page of an address in place. */
async function show(address, { remember = true } = {}) {
  const url = new URL(address, location.href);
  if (remember && url.search !== location.search) before.push(location.pathname + location.search);
  await turnTo(url);
}

function withTake(row, quantity, mode) {
  const url = asked();
  const others = url.searchParams.getAll("take").filter((text) => keyOf(text) !== row.dataset.key);
  url.searchParams.delete("take");
  others.forEach((text) => url.searchParams.append("take", text));
  if (quantity) url.searchParams.append("take", `${row.dataset.key}*${quantity}*${mode}`);
  return url;
}

/** How a quantity is taken: as chosen before, else by number where its holders must move for it. */
function modeFor(row, quantity) {
  if (row.dataset.taken) return row.dataset.taken;
  const needsNumber = Number(quantity) > Number(row.dataset.available) && Number(row.dataset.freeable) > 0;
  return needsNumber ? "specific" : row.dataset.mode;
}

const plainNumber = (text) => text.replace(/[\s\u2009\u202f\u00a0]/g, "").replace(",", ".");

// -- Rows -------------------------------------------------------------------------------------

/** The supply row that is meant: the chosen one, or the one its holder or reason belongs to. */
function current() {
  const row = chosen(supply()) ?? supply().querySelector("tr.main");
  if (!row || row.classList.contains("main")) return row;
  return supply().querySelector(`tr.main[data-key="${CSS.escape(row.dataset.key.split("/")[0])}"]`);
}

function markChosen() {
  const row = current();
  const isChosen = Boolean(chosen(supply()));
  supply().querySelectorAll("tr.of-chosen").forEach((other) => other.classList.remove("of-chosen"));
  if (!row || !isChosen) return;
  row.classList.add("of-chosen");
  for (const other of row.parentElement.rows) {
    if (other.dataset.key?.startsWith(`${row.dataset.key}/`)) other.classList.add("of-chosen");
  }
}

function setOpen(row, isOpen) {
  const url = asked();
  const others = url.searchParams.getAll("open").filter((key) => key !== row.dataset.key);
  url.searchParams.delete("open");
  others.forEach((key) => url.searchParams.append("open", key));
  if (isOpen) url.searchParams.append("open", row.dataset.key);
  return show(url, { remember: false });
}

const isOpen = (row) => row.querySelector(".toggle")?.ariaExpanded === "true";

function taken() {
  return [...supply().querySelectorAll("tr.main[data-take]")].reduce((sum, row) => sum + Number(row.dataset.take), 0);
}

// -- Commands ---------------------------------------------------------------------------------

const commands = {
  rest() {
    const row = current();
    if (!row) return;
    if (!row.querySelector("[data-edit]")) { say(`${row.dataset.name}: filter for one of them to take it.`); return; }
    const open = Number(document.getElementById("take-form").dataset.open) + Number(row.dataset.take ?? 0);
    const has = Number(row.dataset.available) + Number(row.dataset.freeable);
    const rest = Math.min(open, has);
    if (rest <= 0) { say(open <= 0 ? "Nothing is open any more." : `${row.dataset.name} has nothing for this line; the reason stands in the row.`); return; }
    show(withTake(row, String(+rest.toFixed(5)), modeFor(row, rest)));
  },
  mode() {
    const row = current();
    if (!row?.dataset.take) { say("Type a quantity first."); return; }
    show(withTake(row, row.dataset.take, row.dataset.taken === "specific" ? "any" : "specific"));
  },
  open() {
    const row = current();
    if (row?.querySelector("button.toggle")) setOpen(row, !isOpen(row));
    else say("Nobody holds anything of it.");
  },
  all() {
    const url = asked();
    const { proposal, rows } = document.getElementById("take-form").dataset;
    const wanted = proposal.split(" ").filter(Boolean);
    if (!wanted.length && Number(rows)) { say(`${rows} rows would be taken, too many to show one by one. W says what it would do, and does it.`); return; }
    if (!wanted.length) { say("Nothing more can be had as things are. W says why."); return; }
    url.searchParams.delete("take");
    wanted.forEach((text) => url.searchParams.append("take", text));
    show(url);
  },
  why() { location.assign(document.querySelector(".split").dataset.why); },
  undo() {
    const back = before.pop();
    if (back) show(back, { remember: false });
    else say("There is nothing to undo.");
  },
  async reserve() {
    const form = document.getElementById("take-form");
    if (form.ariaBusy === "true") return;
    if (!taken()) { say("Nothing is taken yet. Type a quantity in a row, or take all usable with A."); return; }
    form.ariaBusy = "true";
    try {
      const told = await send(form.action, new FormData(form));
      before.length = 0;
      const url = asked();
      url.searchParams.delete("take");
      await show(url, { remember: false });
      if (told.say) say(told.say);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      await show(location.href, { remember: false });
      showRefusal(document.querySelector("#take-form .outcome"), refusal);
    } finally {
      document.getElementById("take-form").ariaBusy = null;
    }
  },
};

function onClick(event) {
  const command = event.target.closest("[data-command]")?.dataset.command;
  if (command && commands[command]) { event.preventDefault(); commands[command](); return; }
  const row = event.target.closest("#supply tr.main");
  if (row && event.target.closest("button.toggle")) { setOpen(row, !isOpen(row)); return; }
  if (row && event.target.closest("button.mode")) { choose(row.querySelector("td.mode")); commands.mode(); return; }
  const link = event.target.closest("#supply-tabs a, .demand-side .tabs a");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    const url = asked(); // what was typed since the link was drawn is kept
    const [name, value] = link.dataset.set.split("=");
    if (value) url.searchParams.set(name, value);
    else url.searchParams.delete(name);
    show(url, { remember: false });
    return;
  }
  const telling = event.target.closest("[data-tell]");
  if (telling) tell(telling);
}

/** Say it here when a hold's time is over. */
function tell(button) {
  const at = new Date(button.dataset.tell);
  const now = new Date(document.getElementById("looked").dataset.at);
  const waits = at - now - (performance.now() - opened);
  if (tells.has(endOf(button))) return;
  tells.add(endOf(button));
  button.ariaPressed = "true";
  setTimeout(() => { say(`The hold has ended: ${button.dataset.about.replace(/^Wait for the hold on /, "")}.`); refresh(); }, Math.max(waits, 0));
  say(`You are told here at ${button.dataset.tell.slice(11, 16)}, while this page is open.`);
}

/** The button of a hold that is told stays pressed where its row is drawn anew. */
function onRenewing(event) {
  for (const button of event.detail.now.querySelectorAll("[data-tell]")) button.ariaPressed = String(tells.has(endOf(button)));
}

const opened = performance.now();
const tells = new Set(); // ends of holds that are told here
const endOf = (button) => `${button.dataset.tell} ${button.dataset.about}`;

// -- Typing and keys --------------------------------------------------------------------------

let soon = null;

function onInput(event) {
  const cell = event.target.closest?.("#supply td.editing");
  if (!cell) return;
  beforeEdit ??= location.pathname + location.search;
  clearTimeout(soon);
  soon = setTimeout(() => typed(cell.parentElement, event.target.value), 120);
}

function typed(row, text) {
  const quantity = plainNumber(text);
  if (quantity && !/^\d+(\.\d{0,5})?$/.test(quantity)) return Promise.resolve();
  return show(withTake(row, Number(quantity) ? quantity : "", modeFor(row, quantity)), { remember: false });
}

function onEdited(event) {
  if (event.detail.field !== "take") return;
  event.preventDefault();
  commit(event.detail.row, event.detail.value);
}

function commit(row, text) {
  clearTimeout(soon);
  const from = beforeEdit ?? location.pathname + location.search;
  beforeEdit = null;
  if (text.trim() === "=") { commands.rest(); return Promise.resolve(); }
  const quantity = plainNumber(text);
  if (quantity && !/^\d+(\.\d{0,5})?$/.test(quantity)) { say(`${text} is not a quantity.`); return show(from, { remember: false }); }
  before.push(from);
  return typed(row, text);
}

/** Keys of the grids that go before those that every grid has. */
function onKey(event) {
  const editing = event.target.closest?.("#supply td.editing");
  if (editing) { onKeyEditing(event, editing); return; }
  const cell = event.target.closest?.("td");
  if (!cell || event.ctrlKey || event.metaKey || event.altKey) return;
  if (supply().contains(cell)) {
    const row = current();
    const inFirst = cell.parentElement === row && cell.cellIndex === 0 && row.querySelector("button.toggle");
    if (event.key === "ArrowRight" && inFirst && !isOpen(row)) setOpen(row, true);
    else if (event.key === "ArrowLeft" && inFirst && isOpen(row)) setOpen(row, false);
    else if (event.key === "Tab" && event.shiftKey) focusOn(demand());
    else if (event.key === "Enter" && cell.parentElement === row && cell.cellIndex === 0) edit(row.querySelector("td.take"));
    else if (event.key === "Enter" && event.target === cell && cell.querySelectorAll(".button").length > 1) cell.querySelector(".button").focus();
    else if (event.target.matches(".ways .button") && goesAmongWays(event, cell)) { /* there */ }
    else return;
  } else if (demand().contains(cell)) {
    if (event.key === "Tab" && !event.shiftKey) focusOn(supply());
    else if (event.key === "Enter") focusOn(supply());
    else return;
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

/** Several ways out stand in one cell: the arrows go among them, Esc back to the cell. */
function goesAmongWays(event, cell) {
  const ways = [...cell.querySelectorAll(".button")];
  const to = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (to) (ways[ways.indexOf(event.target) + to] ?? event.target).focus();
  else if (event.key === "Escape") cell.focus();
  else return false;
  return true;
}

function onKeyEditing(event, cell) {
  if (event.key === "Escape") {
    clearTimeout(soon);
    const from = beforeEdit;
    beforeEdit = null;
    if (from) queueMicrotask(() => show(from, { remember: false }));
  } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    event.stopPropagation();
    const row = cell.parentElement;
    const value = cell.querySelector("input").value;
    cell.focus();
    commit(row, value).then(commands.reserve);
  } else if (event.key === "=") {
    event.preventDefault();
    event.stopPropagation();
    cell.focus();
    commands.rest();
  }
}

function focusOn(table) {
  const row = chosen(table);
  const cell = row?.querySelector("[tabindex='0']") ?? row?.cells[0] ?? table.querySelector("tbody [tabindex='0']") ?? table.querySelector("tr[data-key] td");
  cell?.focus();
}

// -- Another line -----------------------------------------------------------------------------

let going = null;

function onChosen(event) {
  if (event.target === supply()) { markChosen(); return; }
  if (event.target !== demand()) return;
  const row = event.detail.row;
  if (row.dataset.key === document.querySelector(".split").dataset.line) return;
  clearTimeout(going);
  going = setTimeout(() => goTo(row), 90);
}

/** Show the supply of another line; what was typed for this one is kept until one comes back. */
async function goTo(row) {
  const split = document.querySelector(".split");
  keep(split.dataset.line);
  before.length = 0;
  notes.clear();
  const url = asked();
  url.pathname = new URL(row.dataset.href, location.href).pathname;
  for (const name of ["take", "open", "line"]) url.searchParams.delete(name);
  kept(row.dataset.key).forEach((text) => url.searchParams.append("take", text));
  await show(url, { remember: false });
  split.dataset.line = row.dataset.key;
  document.title = document.title.replace(/^\S+/, row.dataset.key);
}

const drawer = (line) => `earmark-takes ${line}`;
const keep = (line) => sessionStorage.setItem(drawer(line), JSON.stringify(asked().searchParams.getAll("take")));
const kept = (line) => JSON.parse(sessionStorage.getItem(drawer(line)) ?? "[]");

// -- While you looked -------------------------------------------------------------------------

const notes = new Map(); // row key: what changed about it
let was = new Map(); // row key: what was available when the page was last drawn
let news = null;

const past = { reserve: "reserved", cancel: "cancelled", change: "changed", hold: "put on hold", delete: "deleted", edit: "changed", enter: "entered",
  track: "entered numbers on", split: "split", number: "changed", adjust: "adjusted", ship: "shipped", receive: "received", "add lines": "added to", "way out": "solved",
  ask: "asked for units for", give: "gave units to", keep: "kept what was asked for", withdraw: "withdrew what was asked for" };

const hour = (text) => /T(\d\d:\d\d)/.exec(text ?? "")?.[1] ?? "";

function onChangedElsewhere(event) {
  const told = event.detail;
  const item = document.querySelector(".split").dataset.item;
  if (told.items?.length && !told.items.includes(item)) return;
  news = { ...told, at: hour(told.at), what: `${told.by || "Somebody"} ${past[told.verb] ?? told.verb} ${told.reference}` };
  was = availables();
  look(news.at, `${news.what}${told.summary ? `: ${told.summary}` : ""}`);
}

const availables = () => new Map([...supply().querySelectorAll("tr.main")].map((row) => [row.dataset.key, [row.dataset.available, row.dataset.name]]));

function onRenewed() {
  const now = availables();
  if (news) {
    const differing = [];
    for (const [key, [available, name]] of now) {
      const old = was.get(key)?.[0];
      if (old === undefined || Number(old) === Number(available)) continue;
      notes.set(key, `${+available}, was ${+old}: ${news.what} at ${news.at}`);
      differing.push(`${name}: ${+available} free`);
    }
    if (differing.length) {
      document.querySelector("#looked li span")?.append(` · ${differing.join(", ")}`);
      news = null;
    }
  }
  for (const [key, note] of notes) {
    const place = supply().querySelector(`[data-stale="${CSS.escape(key)}"]`);
    if (place) place.textContent = note;
  }
  markChosen();
  drawBar();
}

function look(at, words) {
  const entry = document.createElement("li");
  entry.append(Object.assign(document.createElement("time"), { textContent: at }), Object.assign(document.createElement("span"), { textContent: words }));
  document.getElementById("looked").prepend(entry);
}

// -- Listening --------------------------------------------------------------------------------

document.addEventListener("click", onClick);
document.addEventListener("input", onInput);
document.addEventListener("edited", onEdited);
document.addEventListener("keydown", onKey, true);
document.addEventListener("chosen", onChosen);
document.addEventListener("renewing", onRenewing);
document.addEventListener("renewed", onRenewed);
document.addEventListener("changed-elsewhere", onChangedElsewhere);
document.addEventListener("focusout", (event) => {
  // A quantity that was left without Enter stays as it was typed.
  if (event.target.closest?.("#supply td.editing") && beforeEdit) {
    before.push(beforeEdit);
    beforeEdit = null;
    setTimeout(refresh, 150);
  }
});
document.addEventListener("change", (event) => {
  if (event.target.id !== "sort") return;
  const url = asked();
  if (event.target.value) url.searchParams.set("sort", event.target.value);
  else url.searchParams.delete("sort");
  show(url, { remember: false });
});
addEventListener("pagehide", () => keep(document.querySelector(".split").dataset.line));
look(document.getElementById("looked").dataset.now, "You opened this page");
markChosen();
