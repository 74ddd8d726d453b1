// Ctrl K: do what the page can do, go to a place or a record, or find who holds a scanned number.

import { open, show } from "./dialog.js";

const SEARCH = "/go";
const AFTER = 60; // ms of rest before the server is asked
const ICONS = {
  check: "m3 8.5 3.5 3.5L13 4.5",
  warning: "M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 12v.1",
  clock: "M8 2.5a5.5 5.5 0 1 0 .01 0M8 5v3.2l2 1.3",
  scan: "M2 5V2h3M11 2h3v3M14 11v3h-3M5 14H2v-3M5 5v6M8 5v6M11 5v6",
  right: "m6 4 4 4-4 4",
};
let asking = null;

function doable() {
  const seen = new Set();
  return [...document.querySelectorAll("main [role=menuitem], main .head .button, main [data-cap].button")]
    .filter((element) => element.ariaDisabled !== "true" && element.getAttribute("aria-disabled") !== "true" && !element.ariaHasPopup)
    .map((element) => ({
      group: "Do",
      icon: "check",
      label: element.getAttribute("aria-label") || (element.querySelector("span") ?? element).firstChild?.textContent.trim() || element.textContent.trim(),
      key: element.dataset.cap?.replaceAll("+", " ") ?? "",
      run: () => element.click(),
    }))
    .filter(({ label }) => label && !seen.has(label) && seen.add(label));
}

const places = () => [...document.querySelectorAll("[data-go]")].map((link) => ({
  group: "Go to", icon: "right", label: link.textContent.trim(), key: `G ${link.dataset.go}`, href: link.href, run: () => link.click(),
}));

async function found(words) {
  if (!words || !document.querySelector('meta[name="search"]')) return { entries: [], found: 0, milliseconds: 0 };
  asking?.abort();
  asking = new AbortController();
  const answer = await fetch(`${SEARCH}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" }, signal: asking.signal });
  if (!answer.ok) return { entries: [], found: 0, milliseconds: 0 };
  const told = await answer.json();
  told.entries = told.entries.map((entry) => ({ ...entry, run: () => (entry.dialog ? open(entry.dialog) : location.assign(entry.href)) }));
  return told;
}

const wordsOf = (text) => text.toLowerCase().split(/\s+/).filter(Boolean);
const fits = (text) => ({ label }) => wordsOf(text).every((word) => label.toLowerCase().includes(word));

/** The label with what was typed marked in it. */
function marked(label, text) {
  const shown = document.createElement("span");
  let rest = label;
  const typed = wordsOf(text).sort((one, other) => other.length - one.length);
  while (rest) {
    const places = typed.map((word) => [rest.toLowerCase().indexOf(word), word]).filter(([at]) => at >= 0).sort(([one], [other]) => one - other);
    if (!places.length) { shown.append(rest); break; }
    const [at, word] = places[0];
    shown.append(rest.slice(0, at), Object.assign(document.createElement("mark"), { textContent: rest.slice(at, at + word.length) }));
    rest = rest.slice(at + word.length);
  }
  return shown;
}

function drawing(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  svg.firstChild.setAttribute("d", path);
  return svg;
}

function option(entry, at, text) {
  const shown = document.createElement("div");
  shown.id = `palette-${at}`;
  shown.setAttribute("role", "option");
  const words = document.createElement("span");
  words.append(marked(entry.label, text));
  if (entry.detail) words.append(" ", Object.assign(document.createElement("span"), { className: "small quiet", textContent: entry.detail }));
  shown.append(drawing(ICONS[entry.icon] ?? ICONS.right), words);
  if (entry.key) shown.append(Object.assign(document.createElement("kbd"), { textContent: entry.key }));
  return shown;
}

/** The options under the names of their groups. */
function grouped(entries, text) {
  const shown = [];
  for (const name of ["Do", "Go to"]) {
    const of = entries.filter((entry) => entry.group === name);
    if (!of.length) continue;
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name);
    group.append(Object.assign(document.createElement("p"), { className: "group-name", textContent: name, ariaHidden: "true" }));
    group.append(...of.map((entry) => option(entry, entries.indexOf(entry), text)));
    shown.push(group);
  }
  return shown;
}

const FRAME = `<div class="dialog"><div class="query"><svg class="icon" viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.2"/><path d="M10.2 10.2 14 14"/></svg>
  <input type="text" role="combobox" aria-label="Go to or do" aria-expanded="true" aria-controls="palette-list" autocomplete="off" spellcheck="false" placeholder="Go to or do…"><kbd>Esc</kbd></div>
  <div class="body flush" role="listbox" id="palette-list" aria-label="Found"></div><p class="scan-here">Scan or paste a number here to find who holds it</p>
  <footer class="palette-keys"><span><kbd>↑</kbd> <kbd>↓</kbd> choose</span><span><kbd>Enter</kbd> do</span><span><kbd>Ctrl Enter</kbd> in a new tab</span><span class="right" role="status"></span></footer></div>`;

export function openPalette() {
  const dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", "Go to or do");
  dialog.innerHTML = FRAME;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[role=status]");
  const can = [...doable(), ...places()];
  let entries = [];
  let at = 0;
  let waiting = null;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const choose = (to) => {
    at = (to + entries.length) % Math.max(entries.length, 1);
    options().forEach((shown) => { shown.ariaSelected = String(shown.id === `palette-${at}`); });
    const chosen = list.querySelector(`#palette-${at}`);
    if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
    else input.removeAttribute("aria-activedescendant");
    chosen?.scrollIntoView({ block: "nearest" });
  };
  const draw = (told = null) => {
    const text = input.value.trim();
    const own = can.filter(fits(text));
    const all = [...own, ...(told?.entries ?? [])];
    entries = [...all.filter(({ group }) => group === "Do"), ...all.filter(({ group }) => group !== "Do")].slice(0, 40);
    list.replaceChildren(...grouped(entries, text));
    const count = own.length + (told?.found ?? 0);
    status.textContent = told?.milliseconds !== undefined && text ? `${entries.length} of ${count}, ${told.milliseconds} ms` : `${entries.length}`;
    if (!entries.length && text && told) status.textContent = `nothing found for ${text}`;
    choose(0);
  };
  const ask = () => found(input.value.trim()).then((told) => { if (dialog.open) draw(told); return told; }).catch(() => null);
  const run = (place, event) => {
    const entry = entries[place];
    if (!entry) return;
    if (event?.ctrlKey && entry.href) { window.open(entry.href, "_blank", "noopener"); return; }
    dialog.close();
    entry.run();
  };
  input.addEventListener("input", () => {
    draw();
    clearTimeout(waiting);
    waiting = setTimeout(() => { waiting = null; ask(); }, AFTER);
  });
  input.addEventListener("keydown", async (event) => {
    if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowUp") choose(at - 1);
    else if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      // A scanner types faster than anybody and ends with Enter: what it means is asked first.
      if (waiting) { clearTimeout(waiting); waiting = null; await ask(); }
      run(at, event);
      return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("click", (event) => {
    const shown = event.target.closest("[role=option]");
    if (shown) run(Number(shown.id.slice("palette-".length)), event);
  });
  show(dialog);
  draw();
  input.focus();
}

export function listen() {
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette]")) openPalette(); });
}
