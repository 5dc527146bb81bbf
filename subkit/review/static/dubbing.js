// What a dubbing track says beside its cues: how its lines fit, who speaks them, its loops, how far the recording is.

import { get } from "./api.js";
import { el, tell } from "./dom.js";
import { store } from "./store.js";

const SOON = 250; // ms after the last change at which the fits are asked for again
const TAKES = ["open", "recorded", "retake"];
const NAMES = { green: "fits", amber: "nearly fits", red: "does not fit" };

let known = { track: null, dubbing: false, characters: [], loops: [], lines: {} };
let due; // the timer of the next load

export function start() {
  store.on("track", () => { if (known.track !== store.track.id) clear(); load(); });
  store.on("cues project", soon);
}

function clear() {
  known = { track: store.track.id, dubbing: store.track.purpose === "dubbing", characters: [], loops: [], lines: {} };
}

function soon() {
  if (!isDubbing()) return;
  clearTimeout(due);
  due = setTimeout(load, SOON);
}

async function load() {
  const { track } = store;
  if (track?.purpose !== "dubbing") return void store.dispatchEvent(new CustomEvent("dubbing"));
  try {
    const found = await get("/api/dubbing", { track: track.id });
    if (track.id !== store.track.id) return;
    known = found;
    known.characterOf = new Map(known.characters.map((one) => [one.id, one]));
    known.loops = known.loops.map((one) => ({ ...one, members: new Set(one.cues) }));
    store.dispatchEvent(new CustomEvent("dubbing"));
  } catch (error) { tell(error.message, "bad"); }
}

/** Whether the track on the page is to be dubbed. */
export const isDubbing = () => store.track?.purpose === "dubbing";

export const lineOf = (id) => (isDubbing() ? known.lines[id] : undefined);
export const bandOf = (id) => lineOf(id)?.fit?.band;
export const characters = () => known.characters;
export const loops = () => (isDubbing() ? known.loops : []);
export const loopOf = (id) => loops().find((one) => one.members.has(id));
export const character = (id) => known.characterOf?.get(lineOf(id)?.character);

/** Who speaks a line, as the list names them; `null` where it is no line, or nobody knows. */
export function characterOf(cue) {
  const found = character(cue.id);
  if (!found) return null;
  const line = lineOf(cue.id);
  const off = line.on_screen === "on" ? "" : ` (${line.on_screen})`;
  return el("span", { class: "who", dir: "auto", title: `${found.name}${off}` }, colour(found), found.name, off);
}

/** A dot in the colour of a character. */
function colour({ colour: given }) {
  const dot = el("i", { class: "dot", "aria-hidden": "true" });
  if (/^#[0-9a-f]{6}$/i.test(given)) dot.style.background = given;
  return dot;
}

/** How a line fits: its light, and the seconds that it is too long or too short. `old`: the text has changed since. */
export function light(fit, old = false) {
  if (!fit) return el("span", { class: "light none" }, "no words");
  const far = Math.abs(fit.excess);
  const seconds = far < 0.05 ? "on time" : `${far.toFixed(1)} s ${fit.excess > 0 ? "too long" : "too short"}`;
  const title = `${NAMES[fit.band]}: ${fit.seconds.toFixed(1)} s of words in ${fit.source_seconds.toFixed(1)} s (r ${fit.ratio.toFixed(2)})${fit.estimated ? ", estimated" : ""}`;
  return el("span", { class: `light ${fit.band}${old ? " old" : ""}`, title }, el("i", { "aria-hidden": "true" }),
    el("b", {}, fit.band), old ? " while saving…" : ` ${seconds}`);
}

/** The part of the panel about the dubbing of a line. */
export function dubbingSection(cue) {
  const line = lineOf(cue.id);
  if (!line) return null;
  const loop = loopOf(cue.id);
  return [el("h2", {}, "Dubbing"), el("p", { class: "dub" }, light(line.fit), ` · ${character(cue.id)?.name ?? "nobody knows who speaks"}`,
    line.on_screen === "on" ? "" : ` · ${line.on_screen} screen`, line.kind === "dialogue" ? "" : ` · ${line.kind}`,
    loop ? ` · loop ${loop.name}${loop.locked ? ", locked" : ""}` : " · in no loop"),
  line.note ? el("p", { class: "soft", dir: "auto" }, line.note) : null,
  el("div", { class: "takes", role: "group", "aria-label": "Recording" }, TAKES.map((one) =>
    el("button", { "aria-pressed": String(line.take === one), title: "Open, recorded, retake (d)", onclick: () => setTake(cue.id, one) }, one)))].filter(Boolean);
}

function setTake(cue, status) {
  const line = lineOf(cue);
  if (!line || line.take === status) return;
  store.edit("take", { status }, { cue }).catch(() => {});
}

/** The next state of the recording of the current line. */
export function nextTake() {
  const line = lineOf(store.current);
  if (!line) return tell("Only lines to be dubbed are recorded.");
  setTake(store.current, TAKES[(TAKES.indexOf(line.take) + 1) % TAKES.length]);
}
