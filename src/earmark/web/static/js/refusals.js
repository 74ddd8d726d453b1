// A refusal: what the server answered, and where it is shown. It stays until the person acts again
// or closes it; a page that is read again for what others do leaves it (see refresh.js).

import { hush, sayRefusal } from "./dialog.js";

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

/** Show a refusal where it belongs: beside the field it names, else at the head of `within`; at the
    foot of the page where that is not there, or was closed or redrawn while the request was on its way. */
export function showRefusal(within, refusal) {
  if (!within?.isConnected) { sayRefusal(refusal.message); return; }
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

/** The person acts again: what was refused within, and what was said of it at the foot, is over. */
export function clearFaults(within) {
  hush();
  if (!within) return;
  within.querySelectorAll(".fault").forEach((fault) => fault.remove());
  within.querySelectorAll("[aria-invalid]").forEach((field) => {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  });
}
