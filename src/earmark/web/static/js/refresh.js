// Reads the page and the open dialogs again and changes what differs, in place: the focus, the
// chosen row and what is being typed stay. Rows are the same row by their data-key.

import { say } from "./dialog.js";

const KEPT = new Set(["aria-selected", "tabindex", "aria-expanded", "aria-sort", "data-url", "open"]);

/** Read again what is live. `mark` says that others changed it: differing cells are marked. */
export async function refresh({ mark = false } = {}) {
  const places = [{ root: document.querySelector("main"), address: location.pathname + location.search, headers: {} }];
  document.querySelectorAll("dialog[open][data-url]").forEach((dialog) => {
    places.push({ root: dialog, address: dialog.dataset.url, headers: { "X-Fragment": "dialog" } });
  });
  await Promise.all(places.map((place) => renew(place, mark)));
}

/** Read one address and renew, within `root`, every live element that the answer has too. */
export async function renew({ root, address, headers = {}, signal, only = "" }, mark = false) {
  const live = [...root.querySelectorAll(`[data-live][id]${only}`)];
  if (!live.length) return;
  const answer = await fetch(address, { headers: { Accept: "text/html", ...headers }, signal });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of live) {
    const now = fresh.getElementById(old.id);
    if (now && old.isConnected && (root !== document.querySelector("main") || !old.closest("dialog"))) same(old, now, mark);
  }
  root.dispatchEvent(new CustomEvent("renewed", { bubbles: true }));
}

let asking = null;

/** Make an address the page's own and draw the page from it in place; whether it came to be drawn.
    An answer that was still under way is not waited for any more. */
export async function turnTo(url) {
  history.replaceState(history.state, "", url);
  asking?.abort();
  asking = new AbortController();
  try {
    await renew({ root: document.querySelector("main"), address: url.pathname + url.search, signal: asking.signal });
  } catch (error) {
    if (error.name !== "AbortError") say("The server does not answer; the figures are those of before.");
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
  return new Map([...nodes].map((node) => {
    const at = seen.get(node.nodeName) ?? 0;
    seen.set(node.nodeName, at + 1);
    return [keyOf(node, at), node];
  }));
}

function children(old, now, mark) {
  const had = keyed(old.childNodes);
  const wanted = keyed(now.childNodes);
  for (const [key, node] of had) if (!wanted.has(key)) node.remove();
  let at = old.firstChild;
  for (const [key, node] of wanted) {
    const known = had.get(key);
    if (!known) { old.insertBefore(document.importNode(node, true), at); continue; }
    if (known !== at) old.insertBefore(known, at);
    else at = at.nextSibling;
    if (known.nodeType === Node.TEXT_NODE) { if (known.data !== node.data) known.data = node.data; }
    else if (known.nodeType === Node.ELEMENT_NODE) same(known, node, mark);
  }
}
