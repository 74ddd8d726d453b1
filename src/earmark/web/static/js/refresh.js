// Reads the page and the open dialogs again and changes what differs, in place: the focus, the
// chosen row, what is being typed and what was refused stay. Rows are the same row by their data-key.

import { sayRefusal } from "./dialog.js";
import { clearFaults } from "./refusals.js";

const KEPT = new Set(["aria-selected", "tabindex", "aria-expanded", "aria-sort", "aria-busy", "aria-invalid", "aria-describedby", "data-url", "open"]);

/** Read again what is live. `mark` says that others changed it: differing cells are marked. */
export async function refresh({ mark = false } = {}) {
  const places = [{ root: document.querySelector("main"), headers: {} }];
  document.querySelectorAll("dialog[open][data-url]").forEach((dialog) => {
    places.push({ root: dialog, headers: { "X-Fragment": "dialog" } });
  });
  await Promise.all(places.map((place) => renew(place, mark)));
}

const addressOf = (root) => root.dataset.url ?? location.pathname + location.search;

/** Read the address of `root` and renew, within it, every live element that the answer has too. Who
    has changed how one of them is shown hears `renewing`, and changes the new one likewise. */
export async function renew(place, mark = false) {
  const { root, headers = {}, signal, only = "" } = place;
  const live = [...root.querySelectorAll(`[data-live][id]${only}`)];
  if (!live.length) return;
  const address = addressOf(root);
  const answer = await fetch(address, { headers: { Accept: "text/html", ...headers }, signal });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (address !== addressOf(root)) { await renew(place, mark); return; } // the person has gone on meanwhile
  for (const old of live) {
    const now = fresh.getElementById(old.id);
    if (!now || !old.isConnected || (root === document.querySelector("main") && old.closest("dialog"))) continue;
    old.dispatchEvent(new CustomEvent("renewing", { bubbles: true, detail: { now } }));
    same(old, now, mark);
  }
  root.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
}

let asking = null;

/** Make an address the page's own and draw the page from it in place; whether it came to be drawn.
    An answer that was still under way is not waited for any more. */
export async function turnTo(url) {
  clearFaults(document.querySelector("main"));
  history.replaceState(history.state, "", url);
  asking?.abort();
  asking = new AbortController();
  try {
    await renew({ root: document.querySelector("main"), signal: asking.signal });
  } catch (error) {
    if (error.name !== "AbortError") sayRefusal("The server does not answer; the figures are those of before.");
    return false;
  }
  return true;
}

function same(old, now, mark) {
  if (old.classList.contains("editing") || old.isEqualNode(now)) return;
  const changes = mark && old.matches("td") && old.textContent !== now.textContent;
  attributes(old, now);
  children(old, now, mark);
  if (changes) {
    old.classList.remove("changed");
    requestAnimationFrame(() => old.classList.add("changed"));
  }
}

function attributes(old, now) {
  for (const { name } of [...old.attributes]) if (!now.hasAttribute(name) && !KEPT.has(name)) old.removeAttribute(name);
  for (const { name, value } of now.attributes) {
    if (KEPT.has(name) && old.hasAttribute(name)) continue;
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

const keyOf = (node, at) => node.dataset?.key ? `${node.tagName} ${node.dataset.key}` : node.id ? `#${node.id}` : `${node.nodeName} ${at}`;

function keyed(nodes) {
  const seen = new Map();
  return new Map(nodes.map((node) => {
    const at = seen.get(node.nodeName) ?? 0;
    seen.set(node.nodeName, at + 1);
    return [keyOf(node, at), node];
  }));
}

const isFault = (node) => Boolean(node.classList?.contains("fault"));
const drawnIn = (element) => [...element.childNodes].filter((node) => !isFault(node));
const pastFaults = (node) => { while (node && isFault(node)) node = node.nextSibling; return node; };

/** Take away what the server draws no more. What was refused in it stays where it stood. */
function takeAway(node) {
  (node.closest?.("table") ?? node).before(...(node.querySelectorAll?.(".fault") ?? []));
  node.remove();
}

/** Put what stands before a node at the end, from where each is fetched in its turn. */
function movedOutOfItsWay(node, at) {
  while (at !== node) {
    const next = pastFaults(at.nextSibling);
    node.parentNode.append(at);
    at = next;
  }
  return at;
}

function children(old, now, mark) {
  const had = keyed(drawnIn(old));
  const wanted = keyed(drawnIn(now));
  for (const [key, node] of had) if (!wanted.has(key)) takeAway(node);
  let at = pastFaults(old.firstChild);
  for (const [key, node] of wanted) {
    const known = had.get(key);
    if (!known) { old.insertBefore(document.importNode(node, true), at); continue; }
    if (known.contains(document.activeElement)) at = movedOutOfItsWay(known, at); // moved itself, it would lose the focus
    if (known !== at) old.insertBefore(known, at);
    else at = pastFaults(at.nextSibling);
    if (known.nodeType === Node.TEXT_NODE) { if (known.data !== node.data) known.data = node.data; }
    else if (known.nodeType === Node.ELEMENT_NODE) same(known, node, mark);
  }
}
