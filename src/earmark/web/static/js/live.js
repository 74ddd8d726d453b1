// Listens to what others change. A quiet mark says whether it does, and since when not.

import { refresh } from "./refresh.js";

const AT_MOST_EVERY = 1000; // ms between two readings of the page
let waiting = null;
let last = 0;

const hour = (time) => time.toTimeString().slice(0, 5);

function mark(state, words) {
  const shown = document.getElementById("live-mark");
  if (!shown || (shown.dataset.state === state && shown.textContent === words)) return;
  shown.dataset.state = state;
  shown.textContent = words;
}

function soon() {
  if (waiting) return;
  waiting = setTimeout(async () => {
    waiting = null;
    last = Date.now();
    await refresh({ mark: true }).catch(() => mark("off", `not live since ${hour(new Date())}`));
  }, Math.max(80, last + AT_MOST_EVERY - Date.now()));
}

function onChange(event) {
  const told = JSON.parse(event.data || "{}");
  const at = /T(\d\d:\d\d)/.exec(told.at ?? told.time ?? "")?.[1] ?? hour(new Date());
  const by = told.by ?? told.user;
  mark("on", `Live · last change ${at}${by ? ` by ${by}` : ""}`);
  document.dispatchEvent(new CustomEvent("changed-elsewhere", { detail: told }));
  soon();
}

export function listen() {
  const address = document.querySelector('meta[name="live"]')?.content;
  if (!address) return;
  const words = document.getElementById("live-mark")?.dataset.words ?? "Live";
  let since = null;
  const stream = new EventSource(address);
  stream.addEventListener("open", () => {
    mark("on", words);
    if (since) soon(); // what happened meanwhile was not heard
    since = null;
  });
  stream.addEventListener("change", onChange);
  stream.addEventListener("error", () => {
    since ??= new Date();
    mark("off", `not live since ${hour(since)}`);
  });
  addEventListener("pagehide", () => stream.close());
}
