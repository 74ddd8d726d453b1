// A scanner types very fast and ends with Enter. What comes so, outside a field, is a code.

const FASTEST_FINGERS = 35; // ms between keys; no person types so
const SHORTEST = 6;

/** Calls `heard(code)` for every code that is scanned while `within` has the focus. */
export function scanner(within, heard) {
  let code = "";
  let last = 0;
  within.addEventListener("keydown", (event) => {
    if (event.target.matches("input, textarea") && !event.target.closest("td")) return;
    const now = event.timeStamp; // when it was pressed, however busy the page is
    if (now - last > FASTEST_FINGERS) code = "";
    last = now;
    if (event.key === "Enter" && code.length >= SHORTEST) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const whole = code;
      code = "";
      cancelTyping(event.target);
      heard(whole);
    } else if (event.key.length === 1) {
      code += event.key;
    } else if (event.key === "F8") {
      code += "\u001d"; // many scanners send the group separator so
    } else if (event.key !== "Shift") {
      code = "";
    }
  }, true);
}

/** The first keys may have begun to edit a cell: leave it as it was. */
function cancelTyping(target) {
  if (target.matches("td input")) target.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
}
