// Ctrl K: go to a place or a document, do what the page can do.

import { show } from "./dialog.js";

const SEARCH = "/go";
let asking = null;

function doable() {
  return [...document.querySelectorAll("main [role=menuitem], main .head .button, main [data-cap].button")]
    .filter((element) => element.ariaDisabled !== "true" && !element.ariaHasPopup)
    .map((element) => ({
      label: (element.querySelector("span") ?? element).firstChild?.textContent.trim() || element.textContent.trim(),
      key: element.dataset.cap?.replaceAll("+", " ") ?? "",
      run: () => element.click(),
    }));
}

const places = () => [...document.querySelectorAll("[data-go]")].map((link) => ({
  label: link.textContent.trim(), key: `G ${link.dataset.go}`, run: () => link.click(),
}));

async function found(words) {
  if (!words || !document.querySelector('meta[name="search"]')) return [];
  asking?.abort();
  asking = new AbortController();
  const answer = await fetch(`${SEARCH}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" }, signal: asking.signal });
  return answer.ok ? (await answer.json()).map((hit) => ({ ...hit, run: () => location.assign(hit.href) })) : [];
}

const fits = (words) => ({ label }) => words.toLowerCase().split(/\s+/).every((word) => label.toLowerCase().includes(word));

function option(entry, at) {
  const shown = document.createElement("div");
  shown.id = `palette-${at}`;
  shown.setAttribute("role", "option");
  const words = document.createElement("span");
  words.append(entry.label);
  if (entry.detail) words.append(" ", Object.assign(document.createElement("span"), { className: "small quiet", textContent: entry.detail }));
  shown.append(words);
  if (entry.key) shown.append(Object.assign(document.createElement("kbd"), { textContent: entry.key }));
  return shown;
}

export function openPalette() {
  const dialog = document.createElement("dialog");
  dialog.className = "palette";
  dialog.setAttribute("aria-label", "Go to or do");
  dialog.innerHTML = `<div class="dialog"><div class="query"><input type="text" role="combobox" aria-label="Go to or do" aria-expanded="true"
    aria-controls="palette-list" autocomplete="off" placeholder="Go to or do…"><kbd>Esc</kbd></div><div class="body flush" role="listbox" id="palette-list" aria-label="Found"></div></div>`;
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("[role=listbox]");
  const can = doable();
  let entries = [];
  let at = 0;
  const choose = (to) => {
    at = (to + entries.length) % Math.max(entries.length, 1);
    list.querySelectorAll("[role=option]").forEach((shown, place) => { shown.ariaSelected = String(place === at); });
    input.setAttribute("aria-activedescendant", `palette-${at}`);
    list.querySelectorAll("[role=option]")[at]?.scrollIntoView({ block: "nearest" });
  };
  const draw = (hits) => {
    const words = input.value.trim();
    entries = [...can.filter(fits(words)), ...places().filter(fits(words)), ...hits].slice(0, 40);
    list.replaceChildren(...entries.map(option));
    choose(0);
  };
  const run = (place) => { const entry = entries[place]; dialog.close(); entry?.run(); };
  input.addEventListener("input", () => { draw([]); found(input.value.trim()).then(draw).catch(() => {}); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "ArrowUp") choose(at - 1);
    else if (event.key === "Enter") run(at);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  list.addEventListener("click", (event) => {
    const shown = event.target.closest("[role=option]");
    if (shown) run([...list.children].indexOf(shown));
  });
  show(dialog);
  draw([]);
  input.focus();
}

export function listen() {
  document.addEventListener("click", (event) => { if (event.target.closest("[data-palette]")) openPalette(); });
}
