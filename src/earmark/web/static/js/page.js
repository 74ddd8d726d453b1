// What every page runs: the parts listen to the document, so that what comes later is served too.

import * as dialog from "./dialog.js";
import * as grid from "./grid.js";
import * as keys from "./keys.js";
import * as live from "./live.js";
import * as marks from "./marks.js";
import * as menu from "./menu.js";
import * as palette from "./palette.js";
import { renew } from "./refresh.js";
import { clearFaults } from "./refusals.js";
import * as send from "./send.js";
import "./tracking.js";

menu.listen();
grid.listen();
send.listen();
dialog.listen();
palette.listen();
keys.listen();
marks.listen();
live.listen();

document.addEventListener("opened", (event) => {
  const box = event.target.querySelector("#f-letters");
  if (!box) return;
  box.checked = keys.letters.on;
  box.addEventListener("change", () => { keys.letters.on = box.checked; });
});

// Choosing a row of a table with data-choose="line" puts line= in the address, of the page or of
// the dialog that the table is in, and renews what follows the table.
let reading = null;
document.addEventListener("chosen", (event) => {
  const table = event.target;
  const within = dialog.closest(table);
  if (!table.dataset.choose) return;
  const address = new URL(within ? within.dataset.url : location, location);
  address.searchParams.set(table.dataset.choose, event.detail.row.dataset.key);
  if (within) within.dataset.url = address.pathname + address.search;
  else history.replaceState(history.state, "", address);
  reading?.abort();
  reading = new AbortController();
  const { signal } = reading;
  const root = within ?? document.querySelector("main");
  clearFaults(root);
  setTimeout(() => {
    if (signal.aborted) return;
    const only = within ? "" : `[data-follows="${table.id}"]`;
    const headers = within ? { "X-Fragment": "dialog" } : {};
    renew({ root, only, headers, signal }).catch(() => {});
  }, 60);
});

document.addEventListener("click", async (event) => {
  if (event.target.closest("[data-print]")) window.print();
  if (event.target.closest('[data-command="copy-link"]')) {
    await navigator.clipboard.writeText(location.href);
    dialog.say("The link to this line is copied.");
  }
});
