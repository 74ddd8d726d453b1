// Sends a file to be imported, and shows how far it is until there is nothing to wait for.

import { clearFaults, Refusal, showRefusal } from "./refusals.js";
import { send } from "./send.js";

const PAUSE_MS = 250;
const form = document.getElementById("import-form");
const shown = document.getElementById("import-state");

/** Read the state again and again, for as long as the server says that there is more to come. */
async function watch(address) {
  let waits = true;
  while (waits) {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    shown.replaceChildren(...new DOMParser().parseFromString(await answer.text(), "text/html").body.childNodes);
    waits = Boolean(shown.querySelector("[data-watch]"));
    if (waits) await new Promise((resolve) => { setTimeout(resolve, PAUSE_MS); });
  }
  shown.querySelector("button")?.focus();
}

async function carryOut(address, fields) {
  clearFaults(form);
  try {
    await watch((await send(address, fields, { multipart: true })).watch);
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    showRefusal(form, refusal);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  carryOut(form.action, new FormData(form));
});
form.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey) form.requestSubmit();
});
form.elements.what.addEventListener("change", () => {
  for (const columns of form.querySelectorAll("[data-columns-of]")) columns.hidden = columns.dataset.columnsOf !== form.elements.what.value;
});
shown.addEventListener("click", (event) => {
  const button = event.target.closest("[data-import]");
  if (button) carryOut(button.dataset.import, new FormData());
});
