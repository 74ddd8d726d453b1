// Sends a form or some fields, with the token of the page; a refusal stands beside its field.

import { closest, forRow, open, say } from "./dialog.js";
import { refresh } from "./refresh.js";
import { clearFaults, Refusal, showRefusal } from "./refusals.js";

/** A key under which something is done once, however often it is sent. */
export const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** POST fields (a FormData or an object) and give what the server answers; a no is a Refusal. */
export async function send(address, fields, { json = false, multipart = false, id = newId() } = {}) {
  const token = document.querySelector('meta[name="csrf-token"]')?.content;
  const headers = { Accept: "application/json", "Idempotency-Key": id };
  if (token) headers["X-CSRF-Token"] = token;
  if (json) headers["Content-Type"] = "application/json";
  const body = json ? JSON.stringify(fields) : multipart ? fields : fields instanceof FormData ? new URLSearchParams(fields) : new URLSearchParams(Object.entries(fields));
  let answer;
  try {
    answer = await fetch(address, { method: "POST", headers, body });
  } catch {
    throw new Refusal({ detail: "The server does not answer; nothing was saved. Try again." }, 0);
  }
  const told = answer.headers.get("content-type")?.includes("json") ? await answer.json() : {};
  if (!answer.ok) throw new Refusal(told, answer.status);
  return told;
}

function inAddress(name, value) {
  const address = new URL(location);
  address.searchParams.set(name, value);
  history.replaceState(history.state, "", address);
}

/** What follows when something was done from `dialog`, or from the page: the dialog closes, all is
    read again, and what was refused before is over. */
export async function follow(told, dialog) {
  clearFaults(document);
  if (!told.stay) dialog?.close();
  if (told.reload) { location.reload(); return; }
  if (told.go) { location.assign(told.go); return; }
  if (told.say) say(told.say);
  if (told.choose) inAddress("line", told.choose);
  await refresh();
  if (told.choose) document.querySelector(`tr[data-key="${CSS.escape(told.choose)}"] td`)?.focus();
  if (told.then) await open(told.then);
}

const unanswered = new WeakMap(); // the id of a form whose answer was lost: asked for again, not done again

async function onSubmit(event) {
  const form = event.target.closest("form[data-send]");
  if (!form) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  clearFaults(form);
  const dialog = closest(form);
  const id = unanswered.get(form) ?? newId();
  unanswered.set(form, id);
  try {
    const told = await send(form.action, new FormData(form, event.submitter), { id });
    unanswered.delete(form);
    const done = new CustomEvent("done", { bubbles: true, cancelable: true, detail: told });
    if (form.dispatchEvent(done)) await follow(told, dialog);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    if (refusal.status) unanswered.delete(form);
    showRefusal(form, refusal);
  } finally {
    form.ariaBusy = null;
  }
}

/** A button with data-post does one thing at once. */
async function onPress(event) {
  const button = event.target.closest("[data-post]");
  if (!button || button.ariaDisabled === "true") return;
  event.preventDefault();
  const address = forRow(button.dataset.post, button);
  if (!address) return;
  const dialog = closest(button); // asked now: the row it stands in may be gone when the answer comes
  const within = button.closest("form") ?? dialog;
  const fields = button.dataset.fields ? JSON.parse(button.dataset.fields) : {};
  clearFaults(within);
  try {
    await follow(await send(address, fields), dialog);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    showRefusal(within, refusal);
  }
}

export function listen() {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onPress);
}
