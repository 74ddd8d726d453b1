// Native dialogs, fetched as fragments. The focus goes back to where it was.

import { drawBar } from "./keys.js";

export const closest = (element) => element?.closest?.("dialog") ?? null;

const back = new WeakMap(); // who had the focus before a dialog was opened

let opening = 0; // while a dialog is fetched, keys are not for the page behind it

/** Fetch a dialog and show it; `instead` is the dialog it takes the place of. */
export async function open(address, { instead = null } = {}) {
  const before = (instead && back.get(instead)) ?? document.activeElement;
  hush();
  opening += 1;
  const fetched = await fetchDialog(address).finally(() => { opening -= 1; });
  if (!fetched) return null;
  instead?.close();
  fetched.dataset.url ??= address;
  return show(fetched, before);
}

async function fetchDialog(address) {
  let answer;
  try {
    answer = await fetch(address, { headers: { "X-Fragment": "dialog", Accept: "text/html, application/problem+json" } });
  } catch {
    sayRefusal("The server does not answer. Try again.");
    return null;
  }
  if (!answer.ok) {
    const isJson = answer.headers.get("content-type")?.includes("json");
    sayRefusal(isJson ? (await answer.json()).detail : `The server answered ${answer.status}.`);
    return null;
  }
  const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
  return document.adoptNode(parsed.querySelector("dialog"));
}

/** Show a dialog that is made already. */
export function show(dialog, before = document.activeElement) {
  back.set(dialog, before);
  document.body.append(dialog);
  dialog.addEventListener("close", onClose);
  dialog.showModal();
  begin(dialog);
  return dialog;
}

/** Let scripts fill it, then put the focus where one begins: in a grid, on its chosen row. */
function begin(dialog) {
  dialog.dispatchEvent(new CustomEvent("opened", { bubbles: true }));
  const first = dialog.querySelector("[data-first-focus]");
  (first?.matches("[role=grid]") ? first.querySelector("[tabindex='0']") ?? dialog : first)?.focus();
  drawBar();
}

function onClose(event) {
  const dialog = event.currentTarget;
  if (event.target !== dialog) return;
  const before = back.get(dialog);
  dialog.remove();
  const place = before?.isConnected ? before : document.querySelector("[role=grid] [tabindex='0']");
  place?.focus();
  drawBar();
}

/** A dialog that came as a page of its own: closing it goes back. */
function adoptPage() {
  const dialog = document.querySelector("[data-dialog-page] > dialog");
  if (!dialog) return;
  dialog.dataset.url = location.pathname + location.search;
  dialog.addEventListener("close", () => location.assign(dialog.dataset.back ?? "/"));
  dialog.showModal();
  begin(dialog);
}

/** An address for the chosen row: `{row}` becomes that row's own, `{line}` what it is called. */
export function forRow(address, element) {
  if (!/\{(row|line)\}/.test(address)) return address;
  const place = element.closest("[data-place]") ?? document;
  const row = place.querySelector('[role=grid] [aria-selected="true"]') ?? document.querySelector('[role=grid] [aria-selected="true"]');
  return row ? address.replaceAll("{row}", row.dataset.href ?? "").replaceAll("{line}", encodeURIComponent(row.dataset.line ?? "")) : "";
}

function onClick(event) {
  if (event.target.closest("[data-close]")) { closest(event.target)?.close(); return; }
  const opener = event.target.closest("[data-dialog]");
  if (opener && !event.ctrlKey && !event.metaKey && opener.ariaDisabled !== "true") {
    event.preventDefault();
    const address = forRow(opener.dataset.dialog, opener);
    if (!address) { say("Choose a line first."); return; }
    open(address, { instead: opener.hasAttribute("data-instead") ? closest(opener) : null });
    return;
  }
  const link = event.target.closest('a[href*="{row}"], a[href*="{line}"]');
  if (link) {
    event.preventDefault();
    const address = forRow(link.getAttribute("href"), link);
    if (address) location.assign(address);
  }
  const refused = event.target.closest("[data-why-not]");
  if (refused) say(refused.dataset.whyNot);
}

function onKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const within = closest(event.target) ?? document.querySelector("dialog[open]") ?? document;
  const form = within.querySelector("form[data-send]");
  if (!form || event.defaultPrevented) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector(".primary"));
}

/** One sentence at the foot of the page, for as long as it takes to read. */
export function say(sentence) {
  const said = atFoot(sentence, "status");
  setTimeout(() => said.remove(), 4000 + sentence.length * 60);
}

/** A refusal at the foot of the page: it stays until the person acts again, or closes it. */
export function sayRefusal(sentence) {
  const said = atFoot(sentence, "alert");
  const close = Object.assign(document.createElement("button"), { className: "link", type: "button", textContent: "Close" });
  close.addEventListener("click", () => said.remove());
  said.append(close);
}

function atFoot(sentence, role) {
  document.querySelectorAll(".said").forEach((said) => said.remove());
  const said = Object.assign(document.createElement("div"), { className: "said", textContent: sentence });
  said.setAttribute("role", role);
  said.popover = "manual";
  document.body.append(said);
  said.showPopover();
  return said;
}

/** A refusal at the foot is over. */
export const hush = () => document.querySelectorAll(".said[role=alert]").forEach((said) => said.remove());

function waits(event) {
  if (!opening || event.key === "Escape") return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

export function listen() {
  addEventListener("keydown", waits, true);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  adoptPage();
}
