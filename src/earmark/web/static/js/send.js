// Sends a form or some fields, with the token of the page; a refusal stands beside its field.

import { closest, forRow, open, say } from "./dialog.js";
import { refresh } from "./refresh.js";

/** A refusal of the server: its sentence, its code, and the field it speaks of. */
export class Refusal extends Error {
  constructor(problem, status) {
    super(problem.detail && typeof problem.detail === "string" ? problem.detail : problem.title || `The server answered ${status}.`);
    this.code = problem.code ?? "";
    this.status = status;
    this.errors = problem.errors ?? (Array.isArray(problem.detail) ? problem.detail : []);
    this.facts = problem.facts ?? {};
  }
}

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

/** Show a refusal where it belongs: beside the field it names, else at the head of `within`. */
export function showRefusal(within, refusal) {
  clearFaults(within);
  const shown = refusal.errors.map((error) => [error.field ?? error.loc?.at(-1), error.detail ?? error.msg]);
  if (!shown.length) {
    const field = within.querySelector(`[data-codes~="${CSS.escape(refusal.code)}"]`);
    shown.push([field?.name, refusal.message]);
  }
  for (const [name, sentence] of shown) {
    const field = name && within.querySelector(`[name="${CSS.escape(name)}"]`);
    const fault = Object.assign(document.createElement("p"), { className: "fault" });
    fault.setAttribute("role", "alert");
    fault.id = `fault-${crypto.randomUUID?.() ?? Math.random()}`;
    fault.append(sentence, " ");
    if (refusal.code) fault.append(Object.assign(document.createElement("code"), { textContent: refusal.code }));
    if (field) {
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", fault.id);
      (field.closest(".field") ?? field.parentElement).append(fault);
    } else {
      fault.classList.add("note", "bad");
      (within.querySelector("[data-faults]") ?? within.querySelector("footer") ?? within).prepend(fault);
    }
  }
  within.querySelector("[aria-invalid=true]")?.focus();
}

export function clearFaults(within) {
  within.querySelectorAll(".fault").forEach((fault) => fault.remove());
  within.querySelectorAll("[aria-invalid]").forEach((field) => {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  });
}

function inAddress(name, value) {
  const address = new URL(location);
  address.searchParams.set(name, value);
  history.replaceState(history.state, "", address);
}

/** What follows when something was done: the dialog closes, the page is read again. */
export async function follow(told, from) {
  const dialog = closest(from);
  if (dialog && !told.stay) dialog.close();
  if (told.reload) { location.reload(); return; }
  if (told.go) { location.assign(told.go); return; }
  if (told.say) say(told.say);
  if (told.choose) inAddress("line", told.choose);
  await refresh();
  if (told.choose) document.querySelector(`tr[data-key="${CSS.escape(told.choose)}"] td`)?.focus();
  if (told.then) await open(told.then);
}

async function onSubmit(event) {
  const form = event.target.closest("form[data-send]");
  if (!form) return;
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  clearFaults(form);
  try {
    form.dataset.once ??= newId(); // an answer that was lost is asked for again, not done again
    const told = await send(form.action, new FormData(form, event.submitter), { id: form.dataset.once });
    delete form.dataset.once;
    const done = new CustomEvent("done", { bubbles: true, cancelable: true, detail: told });
    if (form.dispatchEvent(done)) await follow(told, form);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    if (refusal.status) delete form.dataset.once;
    showRefusal(form, refusal);
  } finally {
    form.ariaBusy = null;
  }
}

/** A button with data-post does one thing at once; its refusal is said at the foot. */
async function onPress(event) {
  const button = event.target.closest("[data-post]");
  if (!button || button.ariaDisabled === "true") return;
  event.preventDefault();
  const form = button.closest("form");
  const fields = button.dataset.fields ? JSON.parse(button.dataset.fields) : {};
  try {
    const address = forRow(button.dataset.post, button);
    if (address) await follow(await send(address, fields), button);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    const dialog = closest(button);
    if (form || dialog) showRefusal(form ?? dialog, refusal);
    else say(refusal.message);
  }
}

export function listen() {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("click", onPress);
}
