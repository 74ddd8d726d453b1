// A grid of very many rows: only those in view stand in the document, the arrows reach all.

const SPARE = 12; // rows drawn above and below what is seen

/** Draws `count()` rows of `table` within `scroller`; `draw(at)` gives the cells of one. */
export class VirtualGrid {
  constructor({ scroller, table, columns, count, draw, edited, removed }) {
    Object.assign(this, { scroller, table, columns, count, draw, edited, removed });
    this.body = table.tBodies[0];
    this.at = 0;
    this.column = columns.findIndex((column) => column.edit);
    this.height = 27;
    this.first = 0;
    const head = table.tHead.rows[0];
    head.replaceChildren(...columns.map(({ name, label, isFigure }) => {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.className = `c-${name}${isFigure ? " num" : ""}`;
      cell.textContent = label;
      return cell;
    }));
    table.setAttribute("aria-colcount", columns.length);
    scroller.addEventListener("scroll", () => this.render(), { passive: true });
    table.addEventListener("keydown", (event) => this.onKey(event));
    table.addEventListener("click", (event) => this.onClick(event));
    table.addEventListener("dblclick", (event) => { if (this.cellOf(event)) this.edit(); });
    new ResizeObserver(() => this.render()).observe(scroller);
  }

  /** Draw what is in view anew. */
  render() {
    if (this.editing) return;
    const total = this.count();
    const room = Math.ceil(this.scroller.clientHeight / this.height) + 2 * SPARE;
    this.first = Math.max(0, Math.min(Math.floor(this.scroller.scrollTop / this.height) - SPARE, total - room));
    const last = Math.min(total, this.first + room);
    const hadFocus = this.body.contains(document.activeElement);
    const rows = [];
    for (let at = this.first; at < last; at += 1) rows.push(this.row(at));
    const wide = this.columns.length;
    this.body.replaceChildren(spacer(this.first * this.height, wide), ...rows, spacer((total - last) * this.height, wide));
    this.table.setAttribute("aria-rowcount", total + 1);
    const drawn = rows[0]?.offsetHeight;
    if (drawn && Math.abs(drawn - this.height) > 0.5) { this.height = drawn; }
    if (hadFocus) this.current()?.focus({ preventScroll: true });
  }

  row(at) {
    const { cells, className = "" } = this.draw(at);
    const row = document.createElement("tr");
    row.className = className;
    row.setAttribute("aria-rowindex", at + 2);
    row.ariaSelected = String(at === this.at);
    row.dataset.at = at;
    row.append(...this.columns.map((column, place) => {
      const cell = document.createElement("td");
      cell.tabIndex = at === this.at && place === this.column ? 0 : -1;
      cell.className = `c-${column.name}${column.isFigure ? " num" : ""}${column.isNumber ? " no" : ""}`;
      const content = cells[column.name];
      if (content?.className) cell.classList.add(...content.className.split(" "));
      cell.append(...(content?.nodes ?? [content ?? ""]));
      return cell;
    }));
    return row;
  }

  current() {
    return this.body.querySelector(`tr[data-at="${this.at}"]`)?.cells[this.column] ?? null;
  }

  /** Go to a cell and show it. */
  go(at, column = this.column, { focus = true } = {}) {
    this.at = Math.max(0, Math.min(at, this.count() - 1));
    this.column = Math.max(0, Math.min(column, this.columns.length - 1));
    const top = this.at * this.height;
    const room = this.scroller.clientHeight - this.table.tHead.offsetHeight;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    else if (top + this.height > this.scroller.scrollTop + room) this.scroller.scrollTop = top + this.height - room;
    this.render();
    if (focus) this.current()?.focus({ preventScroll: true });
  }

  cellOf(event) {
    const cell = event.target.closest("tbody td");
    return cell?.parentElement.dataset.at === undefined ? null : cell;
  }

  onClick(event) {
    const cell = this.cellOf(event);
    if (!cell || event.target.closest("input, a, button")) return;
    this.go(Number(cell.parentElement.dataset.at), cell.cellIndex);
  }

  onKey(event) {
    if (event.target.matches("input") || event.altKey || event.defaultPrevented) return;
    const page = Math.max(1, Math.floor(this.scroller.clientHeight / this.height) - 2);
    const to = {
      ArrowDown: [this.at + 1, this.column], ArrowUp: [this.at - 1, this.column],
      ArrowRight: [this.at, this.column + 1], ArrowLeft: [this.at, this.column - 1],
      PageDown: [this.at + page, this.column], PageUp: [this.at - page, this.column],
      Home: event.ctrlKey ? [0, this.column] : [this.at, 0], End: event.ctrlKey ? [this.count() - 1, this.column] : [this.at, this.columns.length - 1],
    }[event.key];
    if (to) this.go(...to);
    else if (event.ctrlKey || event.metaKey) return;
    else if (event.key === "Enter" || event.key === "F2") this.edit();
    else if (event.key === "Delete") this.removed(this.at);
    else if (event.key.length === 1 && event.key !== " " && event.key !== "?") this.edit(event.key);
    else return;
    event.preventDefault();
  }

  /** Edit the current cell, or the first of its row that can be edited. */
  edit(typed = null) {
    if (!this.columns[this.column].edit) this.column = this.columns.findIndex((column) => column.edit);
    this.go(this.at);
    const cell = this.current();
    const column = this.columns[this.column];
    const input = document.createElement("input");
    input.type = column.edit === "date" ? "date" : "text";
    if (column.isFigure) input.inputMode = "decimal";
    input.autocomplete = "off";
    input.setAttribute("aria-label", `${column.label}, row ${this.at + 1}`);
    input.value = typed !== null && column.edit !== "date" ? typed : this.draw(this.at).values[column.name];
    this.editing = true;
    cell.classList.add("editing");
    cell.replaceChildren(input);
    input.focus();
    if (typed === null && input.type === "text") input.select();
    const leave = (save, row, place) => {
      if (!this.editing) return;
      this.editing = false;
      if (save) this.edited(this.at, column.name, input.value.trim());
      this.go(row, place);
    };
    input.addEventListener("keydown", (event) => {
      const isCombined = event.ctrlKey || event.metaKey;
      if (event.key === "Escape") { event.stopPropagation(); event.preventDefault(); leave(false, this.at, this.column); }
      else if (event.key === "Enter" && isCombined) leave(true, this.at, this.column);
      else if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); leave(true, this.at + 1, this.column); }
      else if (event.key === "Tab") { event.preventDefault(); this.tab(event.shiftKey, leave); }
    });
    input.addEventListener("blur", () => {
      if (!this.editing) return;
      this.editing = false;
      this.edited(this.at, column.name, input.value.trim());
      this.render();
    });
  }

  tab(back, leave) {
    const editable = this.columns.flatMap((column, place) => (column.edit ? [place] : []));
    const next = editable[editable.indexOf(this.column) + (back ? -1 : 1)];
    if (next === undefined) leave(true, this.at + (back ? -1 : 1), back ? editable.at(-1) : editable[0]);
    else leave(true, this.at, next);
    this.edit();
  }
}

function spacer(height, wide) {
  const row = document.createElement("tr");
  row.className = "spacer";
  row.ariaHidden = "true";
  const cell = document.createElement("td");
  cell.colSpan = wide;
  cell.style.height = `${height}px`;
  row.append(cell);
  return row;
}
