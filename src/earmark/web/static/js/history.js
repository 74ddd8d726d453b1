// The slider of history: the whole page stands at the moment it is moved to.

import { refresh } from "./refresh.js";

const two = (number) => String(number).padStart(2, "0");

function momentAt(slider) {
  const start = new Date(`${slider.dataset.start}:00Z`);
  const at = new Date(start.getTime() + Number(slider.value) * 60000);
  return `${at.getUTCFullYear()}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}T${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
}

function places() {
  document.querySelectorAll(".hours li").forEach((hour) => { hour.style.left = `${hour.dataset.at}%`; });
}

let waiting = null;

document.addEventListener("input", (event) => {
  const slider = event.target.closest("#moment");
  if (!slider) return;
  const isNow = Number(slider.value) >= Number(slider.dataset.now);
  slider.setAttribute("aria-valuetext", isNow ? "now" : momentAt(slider).replace("T", " "));
  const address = new URL(location);
  if (isNow) address.searchParams.delete("at");
  else address.searchParams.set("at", momentAt(slider));
  address.searchParams.delete("before");
  history.replaceState(history.state, "", address);
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    await refresh();
    const moved = document.getElementById("moment");
    moved.value = slider.value;
    document.title = document.title.replace(/( as of .*)? · Earmark$/, `${isNow ? "" : ` as of ${momentAt(slider).replace("T", " ")}`} · Earmark`);
    places();
  }, 90);
});

document.addEventListener("renewed", places);
places();
