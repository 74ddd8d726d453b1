// Keys are said in the markup: data-cap on a button or link lets that key press it while its place
// has the focus. Letters act only where nothing is typed, and can be switched off.

const SWITCH = "earmark-letters";
const TYPED = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
let going = 0; // when G was pressed: the next letter goes to a page

export const letters = {
  get on() { return localStorage.getItem(SWITCH) !== "off"; },
  set on(wanted) { localStorage.setItem(SWITCH, wanted ? "on" : "off"); },
};

export const isTyping = (element) => Boolean(element?.matches?.(TYPED));

/** What a key is called: `T`, `Shift+R`, `Ctrl+Enter`, `F4`, `?`. */
export function nameOf(event) {
  const isSign = event.key.length === 1;
  const isLetter = /^\p{L}$/u.test(event.key);
  const name = event.key === "Delete" ? "Del" : event.key === " " ? "Space" : isSign ? event.key.toUpperCase() : event.key;
  const parts = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && (isLetter || !isSign)) parts.push("Shift");
  return [...parts, name].join("+");
}

/** The dialog on top, or the page. */
export const scope = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;

const placeOf = (element) =>
  element.dataset.placeOf ? document.getElementById(element.dataset.placeOf) : element.closest("[data-place]");

const isShown = (element) => element.closest("[data-menu]") || element.checkVisibility();

function pressable(name) {
  const root = scope();
  const focus = document.activeElement;
  const fitting = [...root.querySelectorAll("[data-cap]")].filter(
    (element) => element.dataset.cap === name && isShown(element) && (root !== document.body || !element.closest("dialog")),
  );
  const here = fitting.filter((element) => placeOf(element)?.contains(focus));
  const anywhere = fitting.filter((element) => !placeOf(element));
  const only = root.querySelectorAll("[data-place]").length <= 1 ? fitting : [];
  return here[0] ?? anywhere[0] ?? only[0];
}

function takesLetters(target) {
  if (!letters.on || isTyping(target)) return false;
  return target === document.body || target.matches("main, dialog") || Boolean(target.closest("[role=grid], dialog, [data-place]"));
}

function onKey(event) {
  if (event.defaultPrevented || event.isComposing) return;
  const name = nameOf(event);
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const isSign = isPlain && event.key.length === 1;
  if (isSign && !takesLetters(event.target)) return;
  if (isPlain && !isSign && isTyping(event.target) && !/^F\d/.test(event.key)) return;
  if (isSign && goes(event)) return;
  const found = name === "?" ? showAll : name === "/" ? filterField() : pressable(name);
  if (!found) return;
  event.preventDefault();
  if (typeof found === "function") found();
  else if (found.matches("input")) found.select();
  else found.click();
}

function goes(event) {
  const wasG = going > 0 && performance.now() - going < 1500;
  going = 0;
  if (wasG) {
    const link = document.querySelector(`[data-go="${CSS.escape(event.key.toUpperCase())}"]`);
    link?.click();
    return Boolean(link);
  }
  if (event.key.toUpperCase() !== "G" || event.shiftKey || pressable("G")) return false;
  going = performance.now();
  return true;
}

function filterField() {
  const place = document.activeElement.closest("[data-place]") ?? scope();
  return place.querySelector("[data-filter]") ?? scope().querySelector("[data-filter]");
}

/** The keys of the place with the focus: its own hints, then what its buttons say. */
function keysHere(all) {
  const root = scope();
  const focus = document.activeElement;
  const place = focus?.closest?.("[data-place]") ?? root.querySelector("[data-place]") ?? root;
  const own = (place.dataset.hints ?? root.dataset.hints ?? "").split("|").filter(Boolean).map((hint) => {
    const cut = hint.lastIndexOf(":");
    return { caps: hint.slice(0, cut).split(","), words: hint.slice(cut + 1) };
  });
  const pressed = [...root.querySelectorAll(all ? "[data-cap]" : "[data-cap][data-hint]")]
    .filter((element) => isShown(element) && (!placeOf(element) || placeOf(element) === place))
    .map((element) => ({ caps: [element.dataset.cap.replaceAll("+", " ")], words: element.dataset.hint || wordsOf(element) }));
  if (filterField()) pressed.push({ caps: ["/"], words: "filter" });
  return [...own, ...pressed];
}

function wordsOf(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("kbd, svg, .visually-hidden").forEach((part) => part.remove());
  return copy.textContent.trim() || element.getAttribute("aria-label") || "";
}

function listed({ caps, words }) {
  const entry = document.createElement("li");
  const drawn = (cap) => (cap === "…" ? cap : Object.assign(document.createElement("kbd"), { textContent: cap }));
  entry.append(...caps.flatMap((cap) => [drawn(cap), " "]), words);
  return entry;
}

function drawBar() {
  const bar = document.getElementById("keybar");
  const shown = [...keysHere(false), ...(letters.on ? [{ caps: ["?"], words: "all keys" }] : [])];
  bar?.replaceChildren(...shown.map(listed));
}

function showAll() {
  const shown = document.createElement("dialog");
  shown.className = "narrow";
  shown.setAttribute("aria-label", "All keys");
  const list = document.createElement("ul");
  list.className = "key-list";
  const going = [...document.querySelectorAll("[data-go]")].map((link) => ({ caps: ["G", link.dataset.go], words: link.textContent.trim() }));
  const seen = new Set();
  const every = [...keysHere(true), ...going].filter(({ caps, words }) => !seen.has(caps + words) && seen.add(caps + words));
  list.append(...every.map(listed));
  const head = document.createElement("header");
  head.append(Object.assign(document.createElement("h1"), { textContent: "All keys" }));
  const body = Object.assign(document.createElement("div"), { className: "body" });
  body.append(list);
  shown.append(head, body);
  const before = document.activeElement;
  shown.addEventListener("close", () => { shown.remove(); before?.focus(); });
  document.body.append(shown);
  shown.showModal();
}

export function listen() {
  document.addEventListener("keydown", onKey);
  document.addEventListener("focusin", drawBar);
  drawBar();
}
export { drawBar };
