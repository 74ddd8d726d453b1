// The charts of an item: as table, another number of weeks, day by day, lot by lot.

const TABLE = "as-table";
let at = -1; // the row of the table whose day the cursor stands on

const tables = () => document.getElementById(TABLE);
const ribbons = () => [...document.querySelectorAll(".chart a.ribbon")];

const isTable = () => new URL(location).searchParams.get("as") === "table";

/** What fits, and the element itself if it does. */
const within = (root, fitting) => [...(root.matches?.(fitting) ? [root] : []), ...root.querySelectorAll(fitting)];

/** Show the figures instead of the drawing, or the drawing, in all of an element. */
function draw(root, wanted) {
  within(root, `#${TABLE}`).forEach((figures) => { figures.hidden = !wanted; });
  within(root, "[data-drawn]").forEach((drawn) => { drawn.hidden = wanted; });
  within(root, "[data-table]").forEach((button) => button.setAttribute("aria-pressed", String(wanted)));
}

/** Show the figures instead of the drawing, and say so in the address. */
function asTable(wanted) {
  draw(document, wanted);
  const address = new URL(location);
  if (wanted) address.searchParams.set("as", "table");
  else address.searchParams.delete("as");
  history.replaceState(history.state, "", address);
}

const steps = () => [...(tables()?.querySelector("table")?.tBodies[0].rows ?? [])];

function placeOf(day) {
  const [start, split, end] = document.getElementById("time-line").dataset.days.split(" ").map((text) => Date.parse(text));
  const when = Date.parse(day);
  const left = 115, right = 1056, bend = left + (right - left) * 0.61;
  return when <= split ? left + ((when - start) / (split - start)) * (bend - left) : bend + Math.min((when - split) / (end - split), 1) * (right - bend);
}

/** Move the cursor to the next day on which something happens, and say what stands then. */
function move(by) {
  const rows = steps();
  if (!rows.length) return;
  at = Math.min(Math.max(at + by, 0), rows.length - 1);
  const drawing = document.getElementById("time-line");
  let cursor = drawing.querySelector(".c-cursor");
  if (!cursor) {
    cursor = document.createElementNS("http://www.w3.org/2000/svg", "path");
    cursor.setAttribute("class", "c-cursor");
    drawing.append(cursor);
  }
  const [day, what, supply, demand, reserved] = [...rows[at].cells].map((cell) => cell.textContent.trim().replace(/\s+/g, " "));
  cursor.setAttribute("d", `M${placeOf(day).toFixed(1)} 0V272`);
  let said = document.querySelector(".day-said");
  if (!said) {
    said = Object.assign(document.createElement("p"), { className: "day-said" });
    said.setAttribute("role", "status");
    drawing.after(said);
  }
  said.textContent = `${day}: ${what ? `${what}. ` : ""}Supply ${supply}, demand ${demand}, reserved ${reserved}.`;
}

function onKey(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!event.target.closest(".item-charts, main") || event.target.closest("dialog, table, input, select, [role=menu]")) return;
  const lots = ribbons();
  const here = lots.indexOf(document.activeElement);
  if (event.key === "ArrowRight") move(1);
  else if (event.key === "ArrowLeft") move(-1);
  else if (event.key === "ArrowDown" && lots.length) lots[Math.min(here + 1, lots.length - 1)].focus();
  else if (event.key === "ArrowUp" && here > 0) lots[here - 1].focus();
  else if (event.key === "+" || event.key === "-") zoom(event.key === "+" ? -1 : 1);
  else return;
  event.preventDefault();
}

function zoom(by) {
  const tabs = [...document.querySelectorAll("[data-zoom]")];
  const now = tabs.findIndex((tab) => tab.ariaCurrent === "true" || tab.getAttribute("aria-current") === "true");
  tabs[now + by]?.click();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-table]")) asTable(tables().hidden);
});
document.addEventListener("keydown", onKey);
document.addEventListener("renewing", (event) => draw(event.detail.now, isTable()));
if (isTable()) draw(document, true);
