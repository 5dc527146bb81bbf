// How text looks: drawn in the list and on the picture, and changed with what is selected.

import { byId, el, tell } from "./dom.js";
import { open } from "./dialogs.js";
import { list } from "./list.js";
import { COLORS, holds } from "./marks.js";
import { store } from "./store.js";

/** The stretch that a command is about: what is selected while typing, else the whole cue. */
function stretch() {
  return list.selection() ?? { start: 0, end: (store.cue(store.current)?.lines ?? []).join("\n").length };
}

/** Mark what is selected, or take the mark off where all of it has it. */
export async function toggle(feature, value = "", chosen = stretch()) {
  const id = store.current;
  if (id === null || !(await list.save())) return;
  const cue = store.cue(id);
  if (!cue) return;
  const end = Math.min(chosen.end, cue.lines.join("\n").length);
  if (chosen.start >= end) return tell("There are no letters to mark.", "bad");
  const off = holds(cue.marks, feature, chosen.start, end, value);
  await store.edit(off ? "unmark" : "mark", { feature, start: chosen.start, end, ...(off ? {} : { value }) }, { cue: id }).catch(() => {});
  list.stand();
}

/** Choose a colour for what is selected. */
export function colors() {
  if (store.current === null) return;
  const chosen = stretch();
  const cue = store.cue(store.current);
  if (cue.locked) return tell(`Cue ${cue.id} is locked; l unlocks it.`, "bad");
  const swatch = (name) => {
    const sample = el("span", { class: "swatch", "aria-hidden": "true" });
    sample.style.backgroundColor = COLORS[name];
    return el("button", { class: "color", onclick: () => { byId("dialog").close(); toggle("color", COLORS[name], chosen); } }, sample, name);
  };
  const without = () => store.edit("unmark", { feature: "color", start: chosen.start, end: chosen.end }).then(() => list.stand(), () => {});
  open("Colour", [el("p", { class: "colors" }, Object.keys(COLORS).map(swatch))], [["No colour", without], ["Cancel", () => {}]]);
}

/** Shown even where subtitles are off, or not. */
export function force() {
  const cue = store.cue(store.current);
  if (cue) store.edit("force", { forced: !cue.forced }).catch(() => {});
}
