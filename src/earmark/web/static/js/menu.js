// Menus: arrows move, Enter does, Esc gives the focus back to whoever had it.

let before = null;

const itemsOf = (menu) => [...menu.querySelectorAll("[role=menuitem]")];

function openMenu(menu) {
  before = document.activeElement === menu.firstElementChild ? before : document.activeElement;
  document.querySelectorAll("[data-menu]").forEach((other) => other !== menu && closeMenu(other, false));
  menu.firstElementChild.ariaExpanded = "true";
  menu.querySelector("[role=menu]").hidden = false;
  itemsOf(menu)[0]?.focus();
}

function closeMenu(menu, giveBack = true) {
  if (menu.firstElementChild.ariaExpanded !== "true") return;
  menu.firstElementChild.ariaExpanded = "false";
  menu.querySelector("[role=menu]").hidden = true;
  if (giveBack) (before?.isConnected && !menu.contains(before) ? before : menu.firstElementChild).focus();
}

function onClick(event) {
  const menu = event.target.closest("[data-menu]");
  document.querySelectorAll("[data-menu]").forEach((other) => other !== menu && closeMenu(other, false));
  if (!menu) return;
  if (event.target.closest("[aria-haspopup]")) {
    if (menu.firstElementChild.ariaExpanded === "true") closeMenu(menu);
    else openMenu(menu);
  } else if (event.target.closest("[role=menuitem]")) {
    closeMenu(menu);
  }
}

function onKey(event) {
  const menu = event.target.closest?.("[data-menu]");
  if (!menu || menu.firstElementChild.ariaExpanded !== "true") return;
  const items = itemsOf(menu);
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + items.length, Home: 0, End: items.length - 1 }[event.key];
  if (to !== undefined) items[to % items.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu(menu);
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const menus = [...document.querySelectorAll("[data-menu]")];
    const next = menus[(menus.indexOf(menu) + (event.key === "ArrowRight" ? 1 : menus.length - 1)) % menus.length];
    openMenu(next);
  } else return;
  event.preventDefault();
}

/** A menu that is open stays so where its place is drawn anew. */
function onRenewing({ target, detail: { now } }) {
  for (const open of target.querySelectorAll("[role=menu]:not([hidden])")) {
    const fresh = now.querySelector(`[role=menu][aria-labelledby="${CSS.escape(open.getAttribute("aria-labelledby"))}"]`);
    if (fresh) fresh.hidden = false;
  }
}

export function listen() {
  document.addEventListener("renewing", onRenewing);
  document.addEventListener("pointerdown", () => { before = document.activeElement; }, true);
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey, true);
}
