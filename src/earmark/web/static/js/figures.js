// Figures and small signs as the server writes them, for what a script draws.

const THIN = "\u2009";
const MINUS = "\u2212";

/** A quantity typed by a person, as a plain number: spaces go, a comma is a point. */
export function wholeOf(text) {
  const plain = text.replace(/[\s\u2009\u202f]/g, "").replace(MINUS, "-");
  return plain.includes(",") && !plain.includes(".") ? plain.replace(",", ".") : plain;
}

/** A quantity as a cell: thin spaces, a real minus, grey where it is nought. */
export function figure(value, places = 0) {
  const number = Number(value);
  if (value === "" || Number.isNaN(number)) return { nodes: [value], text: value, className: "missing" };
  const decimals = Math.max((String(value).replace(/0+$/, "").split(".")[1] ?? "").length, places);
  const [whole, part] = Math.abs(number).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  const text = `${number < 0 ? MINUS : ""}${grouped}${part ? `.${part}` : ""}`;
  return { nodes: [text], text, className: number < 0 ? "missing" : number === 0 ? "nought" : "" };
}

const PATHS = {
  check: ["m3 8.5 3.5 3.5L13 4.5"],
  blocked: ["M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11", "m4.2 4.2 7.6 7.6"],
  warning: ["M8 2.5 14.5 13.5h-13z", "M8 6.5v3.5", "M8 12v.1"],
};
const SWATCHES = { "ours-specific": "", hatch: "nonspecific", solid: "" };
const SVG = "http://www.w3.org/2000/svg";

function drawn(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** A small sign: a stroke, or a swatch of a bar. */
export function icon(name) {
  if (name in SWATCHES) {
    const svg = drawn("svg", { class: "bar", width: 19, height: 13, viewBox: "0 0 19 13", "aria-hidden": "true" });
    const segment = { "ours-specific": "s-ours-specific", hatch: "s-nonspecific", solid: "s-specific" }[name];
    const rect = drawn("rect", { class: segment, x: 0.5, y: 0.5, width: 18, height: 12 });
    if (SWATCHES[name]) rect.setAttribute("fill", `url(#bar-${SWATCHES[name]})`);
    svg.append(rect);
    return svg;
  }
  const svg = drawn("svg", { class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true" });
  svg.append(...(PATHS[name] ?? []).map((d) => drawn("path", { d })));
  return svg;
}

/** A listener that lets go of itself once its element is no longer in the document. */
export function forgets(element, listener) {
  const heard = (event) => {
    if (element.isConnected) listener(event);
    else document.removeEventListener(event.type, heard);
  };
  return heard;
}
