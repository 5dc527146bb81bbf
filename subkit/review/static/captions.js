// The track over the picture, as a viewer will see it: inside the safe area of 90 % (SMPTE ST 2046-1).

import { byId, el } from "./dom.js";
import { paintedLines } from "./painted.js";
import { store } from "./store.js";

const BACK = 6; // cues before the last that began which may still stand
const SIZE = 0.053; // height of a line of text, of the picture's height

const picture = byId("picture");
let drawn = "";

export function start() {
  new ResizeObserver(fit).observe(byId("stage"));
  byId("video").addEventListener("loadedmetadata", fit);
  store.on("tick", ({ time }) => draw(time));
  store.on("track project", () => { drawn = ""; fit(); });
  if (localStorage.getItem("subkit-guides")) picture.classList.add("guides");
}

/** Lines of the safe areas: action (93 %) and title (90 %). */
export function toggleGuides() {
  const shown = picture.classList.toggle("guides");
  if (shown) localStorage.setItem("subkit-guides", "1");
  else localStorage.removeItem("subkit-guides");
}

/** Lay the safe area over the picture itself, which has black bars where its shape is another. */
function fit() {
  const { clientWidth: wide, clientHeight: high } = byId("stage");
  const video = byId("video");
  const [w, h] = video.videoWidth ? [video.videoWidth, video.videoHeight] : [store.project?.width || 16, store.project?.height || 9];
  const scale = Math.min(wide / w, high / h);
  picture.style.width = `${w * scale}px`;
  picture.style.height = `${h * scale}px`;
  picture.style.fontSize = `${Math.max(9, h * scale * SIZE)}px`;
}

function standing(time) {
  const order = store.order();
  const last = order.indexOf(store.begunAt(time));
  return order.slice(Math.max(0, last - BACK), last + 1).map((id) => store.cue(id)).filter((cue) => cue && cue.from <= time && time < cue.to && cue.lines.length);
}

function draw(time) {
  if (!store.track) return;
  const cues = standing(time + 0.0006); // a seek ends a hair before its frame
  const key = cues.map((cue) => `${cue.id} ${cue.revision}`).join();
  if (key === drawn) return;
  drawn = key;
  const { language, direction } = store.track;
  byId("captions").replaceChildren(...["top", "middle", "bottom"].map((vertical) => el("div", { class: vertical },
    cues.filter((cue) => cue.placement.vertical === vertical).map((cue) =>
      el("div", { class: `caption ${cue.placement.horizontal}${cue.forced ? " forced" : ""}`, lang: cue.language ?? language, dir: direction, "data-cue": cue.id }, paintedLines(cue).map((line) => el("span", { class: "line" }, line)))))));
}
