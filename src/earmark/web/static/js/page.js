// What every page runs: the parts listen to the document, so that what comes later is served too.

import * as dialog from "./dialog.js";
import * as grid from "./grid.js";
import * as keys from "./keys.js";
import * as live from "./live.js";
import * as menu from "./menu.js";
import * as palette from "./palette.js";
import * as send from "./send.js";

menu.listen();
grid.listen();
send.listen();
dialog.listen();
palette.listen();
keys.listen();
live.listen();

document.addEventListener("opened", (event) => {
  const box = event.target.querySelector("#f-letters");
  if (!box) return;
  box.checked = keys.letters.on;
  box.addEventListener("change", () => { keys.letters.on = box.checked; });
});
