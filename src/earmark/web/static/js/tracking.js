// *Item Tracking Lines*: numbers typed, read from one field, scanned, selected or assigned. The
// server judges them; nothing is saved before Save.

import { forgets, icon, figure, wholeOf } from "./figures.js";
import { open, say } from "./dialog.js";
import { Refusal, showRefusal } from "./refusals.js";
import { follow, send } from "./send.js";
import { VirtualGrid } from "./virtual.js";
import { scanner } from "./scanner.js";

const SIGNS = { own: "check", free: "check", movable: "hatch", held: "solid", no: "blocked", unknown: "warning" };
const BAD = new Set(["no", "held", "unknown"]);
const NUMBERS = ["serial_no", "lot_no", "package_no"];
const LABELS = { serial_no: "Serial No.", lot_no: "Lot No.", package_no: "Package No." };
const keyOf = (row) => NUMBERS.map((name) => row[name]).join("\u0000");
const identityOf = (row) => row.serial_no || `\u0000${row.lot_no}\u0000${row.package_no}`;
const isBlank = (row) => NUMBERS.every((name) => !row[name]);

class TrackingDialog {
  constructor(dialog) {
    const { start, dimensions, places, expires, brings } = JSON.parse(dialog.querySelector("#tracking-start").textContent);
    Object.assign(this, { dialog, line: dialog.dataset.line, places, judged: new Map(), undone: [], rows: [] });
    this.find = (id) => dialog.querySelector(`#${id}`);
    const used = NUMBERS.filter((name) => dimensions.includes(name.replace("_no", "")) || start.rows.some((row) => row[name]));
    this.grid = new VirtualGrid({
      scroller: this.find("tracking-scroller"),
      table: this.find("tracking-rows"),
      columns: columnsOf(used.length ? used : NUMBERS, expires, brings),
      count: () => this.rows.length + 1,
      draw: (at) => this.draw(at),
      edited: (at, name, value) => this.edited(at, name, value),
      removed: (at) => this.removed(at),
    });
    this.begin(start);
    this.listen();
    this.grid.go(start.rows.length ? 0 : 0);
  }

  /** What the server has: the rows, and what is to be said of their numbers. */
  begin(start) {
    this.seen = start.seen;
    this.rows = start.rows.map((row) => ({ ...row }));
    start.rows.forEach((row, at) => this.judged.set(keyOf(row), start.judged[at]));
    this.changed({ judge: false });
  }

  listen() {
    const { dialog } = this;
    dialog.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.do(button.dataset.do);
      if (event.target.closest("[data-remove]")) this.removed(Number(event.target.closest("tr").dataset.at));
    });
    dialog.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !event.target.matches("input, textarea")) {
        event.preventDefault();
        this.undo();
      }
    });
    dialog.addEventListener("paste", (event) => {
      if (event.target.matches("input, textarea")) return;
      event.preventDefault();
      this.hush();
      this.field.value = event.clipboardData.getData("text");
      this.field.focus();
      this.read();
    });
    this.field = this.find("add-many");
    this.field.addEventListener("input", () => { this.hush(); clearTimeout(this.reading); this.reading = setTimeout(() => this.read(), 120); });
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      event.stopPropagation();
      this.enterMany();
    });
    this.find("customised").addEventListener("submit", (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(event.target));
      this.save("customised", { first_no: fields.first_no, step: Number(fields.step) || 1, count: fields.count });
    });
    document.addEventListener("changed-elsewhere", forgets(dialog, () => this.judge({ again: true })));
    scanner(dialog, (code) => this.scanned(code));
  }

  // -- Rows --------------------------------------------------------------------------------------

  draw(at) {
    const row = this.rows[at];
    if (!row) {
      return {
        values: { quantity: "1" },
        className: "greyed",
        cells: { at: at + 1, [this.grid?.columns[1].name ?? "serial_no"]: "new", words: "type, pick with F4, paste or scan" },
      };
    }
    const judged = this.judged.get(keyOf(row));
    const double = this.doubles.get(at);
    const word = double === undefined ? judged : { state: "no", words: `Same ${row.serial_no ? "serial" : "lot"} as row ${double + 1}; not counted`, reservation: "" };
    return {
      values: row,
      className: double !== undefined ? "faulty" : row.scanned ? "just-scanned" : "",
      cells: {
        at: { nodes: [String(at + 1)], className: "quiet" },
        ...Object.fromEntries(NUMBERS.map((name) => [name, { nodes: [row[name]], className: double !== undefined && name === "serial_no" ? "fault-under" : "" }])),
        expiration_date: row.expiration_date || judged?.expiration_date || "",
        quantity: figure(row.quantity, this.places),
        to_handle: double !== undefined ? figure("0") : figure(row.to_handle ?? row.quantity, this.places),
        handled: figure(row.handled ?? "0", this.places),
        words: words(word, double !== undefined),
        reservation: this.reservation(row, word, double),
      },
    };
  }

  reservation(row, word, double) {
    if (double !== undefined) {
      const remove = Object.assign(document.createElement("button"), { className: "link", type: "button", textContent: "Remove" });
      remove.dataset.remove = "";
      remove.tabIndex = -1;
      return { nodes: [remove, " ", Object.assign(document.createElement("kbd"), { textContent: "Del" })] };
    }
    if (row.scanned) return { nodes: [`scanned ${row.scanned}`], className: "ours decides" };
    if (word?.state === "own") return { nodes: [icon("ours-specific"), ` ${word.reservation}`], className: "ours" };
    return { nodes: [word?.reservation ?? ""], className: "second small" };
  }

  edited(at, name, value) {
    const row = this.rows[at] ?? { serial_no: "", lot_no: "", package_no: "", quantity: "1", to_handle: null, handled: "0", expiration_date: "" };
    const isNew = !this.rows[at];
    if (isNew ? !value : (row[name] ?? "") === value) return;
    const figures = name === "quantity" || name === "to_handle";
    const changed = { ...row, [name]: figures ? wholeOf(value) : value, scanned: "" };
    if (name === "quantity") changed.to_handle = null;
    if (!isNew && isBlank(changed) && NUMBERS.includes(name)) { this.removed(at); return; }
    this.keep();
    this.rows = isNew ? [...this.rows, changed] : this.rows.with(at, changed);
    this.changed();
  }

  removed(at) {
    if (!this.rows[at]) return;
    this.keep();
    this.rows = this.rows.toSpliced(at, 1);
    this.changed();
    this.grid.go(Math.min(at, this.rows.length));
  }

  /** The person acts again: what was refused before is over. */
  hush() { this.find("tracking-refusal").replaceChildren(); }

  /** Remember the rows as they are, for Ctrl+Z. */
  keep() {
    this.hush();
    this.undone.push(this.rows);
    if (this.undone.length > 200) this.undone.shift();
  }

  undo() {
    this.hush();
    const before = this.undone.pop();
    if (!before) { say("There is nothing to undo."); return; }
    this.rows = before;
    this.changed();
    this.grid.go(Math.min(this.grid.at, this.rows.length));
  }

  add(rows) {
    if (!rows.length) return;
    this.keep();
    this.rows = [...this.rows, ...rows];
    this.changed();
    this.grid.go(this.rows.length - 1, this.grid.column, { focus: false });
  }

  /** After any change: duplicates, totals, what the server says of new numbers. */
  changed({ judge = true } = {}) {
    const seen = new Map();
    this.doubles = new Map();
    this.rows.forEach((row, at) => {
      const identity = identityOf(row);
      if (seen.has(identity)) this.doubles.set(at, seen.get(identity));
      else seen.set(identity, at);
    });
    this.total();
    this.find("tracking-faults").textContent = this.doubles.size
      ? `${[...this.doubles.keys()].slice(0, 5).map((at) => `Row ${at + 1}`).join(", ")} ${this.doubles.size === 1 ? "is a duplicate" : "are duplicates"} and will not be saved.` : "";
    this.grid.render();
    if (judge) { clearTimeout(this.judging); this.judging = setTimeout(() => this.judge(), 120); }
  }

  counted() { return this.rows.filter((row, at) => !this.doubles.has(at) && !isBlank(row)); }

  total() {
    const sum = (rows, of) => rows.reduce((total, row) => total + Number(of(row) || 0), 0);
    const counted = this.counted();
    const source = Number(this.find("source-quantity").dataset.value);
    const handle = Number(this.find("source-handle").dataset.value);
    const tracked = sum(counted, (row) => row.quantity);
    const handled = sum(counted, (row) => row.to_handle ?? row.quantity);
    this.undefined_ = round(source - tracked);
    const put = (id, value, isLeft) => {
      const shown = figure(String(round(value)), this.places);
      const cell = this.find(id);
      cell.classList.toggle("missing", Boolean(isLeft && value));
      cell.replaceChildren(...shown.nodes);
    };
    put("tracked-quantity", tracked);
    put("tracked-handle", handled);
    put("undefined-quantity", source - tracked, true);
    put("undefined-handle", handle - handled, true);
    const blocked = this.rows.filter((row) => this.judged.get(keyOf(row))?.state === "no").length;
    const said = [`${this.rows.length} row${this.rows.length === 1 ? "" : "s"}`, `${counted.length} counted`];
    if (blocked) said.push(`${blocked} unusable`);
    if (this.doubles.size) said.push(`${this.doubles.size} duplicate${this.doubles.size === 1 ? "" : "s"}`);
    this.find("tracking-count").textContent = said.join(" · ");
    this.offer();
  }

  async judge({ again = false } = {}) {
    const wanted = this.rows.filter((row) => !isBlank(row) && (again || !this.judged.has(keyOf(row))));
    if (!wanted.length) return;
    const numbers = wanted.map((row) => NUMBERS.map((name) => row[name]));
    const answer = await this.asks("numbers", { numbers });
    if (!answer) return;
    const { judged } = answer;
    const found = new Map(wanted.map((row, at) => [row, judged[at]]));
    this.rows = this.rows.map((row) => {
      const one = found.get(row);
      if (!one) return row;
      const completed = { ...row, serial_no: one.serial_no, lot_no: one.lot_no, package_no: one.package_no };
      this.judged.set(keyOf(row), one);
      this.judged.set(keyOf(completed), one);
      return completed;
    });
    this.changed({ judge: false });
  }

  // -- Add many ----------------------------------------------------------------------------------

  async read() {
    const text = this.field.value;
    if (!text.trim()) { this.found = null; this.offer(); return; }
    const numbers = this.rows.map((row) => NUMBERS.map((name) => row[name]));
    this.asked = (this.asked ?? 0) + 1;
    const { asked } = this;
    const answer = await this.asks("numbers/read", { text, numbers });
    if (!answer || this.asked > asked) return;
    this.found = answer.rows;
    this.offer();
  }

  /** Ask the server about numbers; a refusal stands at the foot of the dialog. One that stands there
      already is of something the person did: what is only asked again for what others do, leaves it. */
  async asks(path, fields) {
    try {
      return await send(`${this.line}/${path}`, fields, { json: true });
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      const told = this.find("tracking-refusal");
      if (!told.hasChildNodes()) told.textContent = refusal.message;
      return null;
    }
  }

  /** Say how the field is read, and offer to add what can be had. */
  offer() {
    const shown = this.find("read-as");
    const buttons = this.find("add-buttons");
    if (!this.found) { shown.replaceChildren(); buttons.replaceChildren(); return; }
    const faulty = this.found.filter((row) => row.error);
    const good = this.found.filter((row) => !row.error);
    const usable = good.filter((row) => !BAD.has(row.judged.state) || row.judged.state === "held");
    const unknown = good.filter((row) => row.judged.state === "unknown");
    const unusable = good.filter((row) => row.judged.state === "no");
    const ends = (rows) => (rows.length > 3 ? "" : ` (${rows.map((row) => (row.serial_no || row.lot_no).slice(-4)).join(", ")})`);
    const lots = [...new Set(usable.map((row) => row.lot_no).filter(Boolean))];
    const part = (rows, words, className = "") => (rows.length ? [Object.assign(document.createElement("span"), { className, textContent: `${rows.length} ${words}` })] : []);
    shown.replaceChildren(
      Object.assign(document.createElement("b"), { textContent: this.found.length === 1 && this.found[0].words ? `Read as ${this.found[0].words}` : `Read as ${this.found.length} number${this.found.length === 1 ? "" : "s"}` }),
      ...part(usable, `available${lots.length === 1 ? ` in ${lots[0]}` : ""}`),
      ...part(unusable, `unusable${ends(unusable)}`, "alarm"),
      ...part(unknown, `unknown${ends(unknown)}`, "alarm"),
      ...part(faulty, faulty[0]?.error ?? "", "alarm"),
    );
    const room = Math.max(0, this.undefined_);
    let fits = 0;
    let taken = 0;
    for (const row of usable) { if (taken + Number(row.quantity) > room) break; taken += Number(row.quantity); fits += 1; }
    const total = round(usable.reduce((sum, row) => sum + Number(row.quantity), 0));
    const offers = [];
    if (usable.length && fits === usable.length) offers.push([`Add ${usable.length}`, usable]);
    else if (usable.length) {
      if (fits) offers.push([`Add first ${fits}`, usable.slice(0, fits)]);
      offers.push([`Add all ${usable.length}, exceed by ${round(total - room)}`, usable]);
    }
    const others = [...unknown, ...unusable];
    if (others.length) offers.push([usable.length ? `Add the other ${others.length} too` : `Add ${others.length} all the same`, [...usable, ...others]]);
    this.offers = offers;
    buttons.replaceChildren(...offers.map(([label, rows], at) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: `button in-row${at ? "" : " primary"}`, textContent: label });
      if (!at) button.append(Object.assign(document.createElement("kbd"), { textContent: "Enter" }));
      button.addEventListener("click", () => this.take(rows));
      return button;
    }), Object.assign(document.createElement("span"), { className: "small quiet", textContent: `Undefined is ${figure(String(this.undefined_), this.places).text}` }));
  }

  /** Enter in the field adds the first offer; if it is not read yet, as soon as it is. */
  enterMany() {
    this.hush();
    clearTimeout(this.reading);
    if (this.found && this.readText === this.field.value && this.offers?.length) { this.take(this.offers[0][1]); return; }
    this.readText = this.field.value;
    this.read().then(() => { if (this.offers?.length && this.found) this.take(this.offers[0][1]); });
  }

  take(rows) {
    for (const row of rows) this.judged.set(keyOf(row), row.judged);
    this.add(rows.map(({ serial_no, lot_no, package_no, quantity, expiration_date }) => (
      { serial_no, lot_no, package_no, quantity, expiration_date, to_handle: null, handled: "0" })));
    this.field.value = "";
    this.found = null;
    this.offer();
    this.field.focus();
  }

  async scanned(code) {
    this.hush();
    this.find("last-scan").textContent = code.replaceAll("\u001d", " ");
    const said = this.find("scan-said");
    const numbers = this.rows.map((row) => NUMBERS.map((name) => row[name]));
    const rows = (await this.asks("numbers/read", { text: code, numbers }))?.rows ?? [];
    const wrong = rows.find((row) => row.error);
    if (wrong || !rows.length) { said.className = "small alarm"; said.textContent = wrong?.error ?? "Nothing was read."; return; }
    const now = new Date().toTimeString().slice(0, 8);
    for (const row of rows) this.judged.set(keyOf(row), row.judged);
    this.add(rows.map(({ serial_no, lot_no, package_no, quantity, expiration_date }) => (
      { serial_no, lot_no, package_no, quantity, expiration_date, to_handle: null, handled: "0", scanned: now })));
    said.className = "small second";
    said.replaceChildren(icon("check"), " ", Object.assign(document.createElement("b"), { className: "ours", textContent: `Row ${this.rows.length} added` }), ` ${rows[0].words || rows[0].judged.words}`);
    navigator.vibrate?.(30);
  }

  // -- Saving ------------------------------------------------------------------------------------

  do(what) {
    if (what === "undo") { this.undo(); return; }
    if (what === "check") { this.hush(); this.judge({ again: true }); return; }
    if (what === "customised") {
      const form = this.find("customised");
      form.hidden = !form.hidden;
      form.querySelector("input").focus();
      return;
    }
    this.save(what === "save" ? "" : what);
  }

  async save(then, more = {}) {
    if (this.saving) return;
    this.saving = true;
    const rows = this.counted().map((row) => ({ ...row, expiration_date: row.expiration_date || null, to_handle: row.to_handle ?? null }));
    const faults = this.find("tracking-refusal");
    this.hush();
    try {
      const told = await send(`${this.line}/item-tracking-lines`, { rows, seen: this.seen, then, ...more }, { json: true });
      if (told.start) { this.keep(); this.begin(told.start); if (told.say) faults.textContent = told.say; }
      else await follow(told, this.dialog);
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      if (!this.dialog.isConnected) { showRefusal(this.dialog, refusal); return; }
      faults.replaceChildren(refusal.message, " ", Object.assign(document.createElement("code"), { className: "quiet", textContent: refusal.code }));
      if (refusal.code === "conflict") await this.again(faults);
    } finally {
      this.saving = false;
    }
  }

  /** Others changed these lines meanwhile: offer theirs; what is typed here stays for Ctrl+Z. */
  async again(faults) {
    const button = Object.assign(document.createElement("button"), { className: "link", type: "button", textContent: "Show theirs" });
    button.addEventListener("click", async () => {
      const address = this.dialog.dataset.url;
      await open(address, { instead: this.dialog });
    });
    faults.append(" ", button);
  }
}

const round = (value) => Math.round(value * 1e5) / 1e5;

function columnsOf(used, expires, brings) {
  return [
    { name: "at", label: "Row" },
    ...used.map((name) => ({ name, label: LABELS[name], edit: "text", isNumber: true })),
    ...(expires ? [{ name: "expiration_date", label: "Expiration Date", edit: brings ? "date" : "" }] : []),
    { name: "quantity", label: "Quantity", edit: "text", isFigure: true },
    { name: "to_handle", label: "Qty. to Handle", edit: "text", isFigure: true },
    { name: "handled", label: "Handled", isFigure: true },
    { name: "words", label: "Availability" },
    { name: "reservation", label: "Reservation" },
  ];
}

function words(word, isDouble) {
  if (!word?.words) return { nodes: ["…"], className: "quiet" };
  const sign = document.createElement("span");
  sign.className = "sign";
  sign.append(icon(isDouble ? "warning" : SIGNS[word.state] ?? ""));
  const isBad = isDouble || word.state === "no";
  return { nodes: [sign, word.words], className: `${isBad ? "alarm" : ""}${isDouble ? " decides" : ""}`.trim() };
}

document.addEventListener("opened", (event) => {
  if (event.target.dataset.mount === "tracking") event.target.tracking = new TrackingDialog(event.target);
});
