// Why: choosing a change shows its preview in place; the address says which.

import { say } from "./dialog.js";
import { turnTo } from "./refresh.js";

let soon = null;

async function show(address) {
  const url = new URL(address, location.href);
  if (await turnTo(url)) select(url.searchParams.get("way"));
}

/** The row of the change that is shown; without the focus moving. */
function select(way) {
  for (const row of document.querySelectorAll("#ways tr[data-key]")) row.ariaSelected = String(row.dataset.key === way);
}

/** What the page says, as lines that can stand in a message. */
function asText() {
  const words = (element) => element.textContent.replace(/\s+/g, " ").trim();
  const lines = [words(document.querySelector("#why-head h1")), ""];
  const rows = [...document.querySelectorAll("#counted tbody tr")];
  for (const row of rows) {
    const cells = [...row.children].map(words).filter(Boolean);
    lines.push(row.classList.contains("detail") ? `    ${cells[0]}` : cells.slice(0, 3).join("  "));
  }
  lines.push("", "What would help, the smallest change first:");
  for (const row of document.querySelectorAll("#ways tbody tr")) lines.push([...row.cells].map(words).join("  "));
  return lines.join("\n");
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-way]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    show(link.href);
    return;
  }
  if (event.target.closest("[data-command=copy]")) {
    await navigator.clipboard.writeText(asText());
    say("Copied as text.");
  }
});

document.addEventListener("chosen", (event) => {
  if (event.target.id !== "ways") return;
  const row = event.detail.row;
  if (row.dataset.key === new URL(location.href).searchParams.get("way")) return;
  clearTimeout(soon);
  soon = setTimeout(() => show(row.dataset.href), 90);
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], [aria-haspopup][aria-expanded=true]")) return;
  document.querySelector("[data-back]").click();
});
