// What the quality check says of the track, and the way from one finding to the next.

import { get } from "./api.js";
import { tell } from "./dom.js";
import { seek } from "./player.js";
import { store } from "./store.js";
import { seconds } from "./time.js";

let findings = []; // in order of time
let at = -1; // the one that was shown last

export const all = () => findings;

export function start() {
  store.on("track risk", () => load().catch(() => {}));
}

async function load() {
  const { track } = store;
  const found = await get("/api/findings", { track: track.id });
  if (track.id !== store.track.id) return;
  const nearest = (one) => (store.cue(one.cue) ? one.cue : store.begunAt(seconds(one.start)) ?? store.order()[0]); // speech may have no cue
  const shown = findings[at];
  findings = found.findings.map((one) => ({ ...one, near: nearest(one) })).filter((one) => store.cue(one.near));
  // Checked again after an edit, the one that was shown last is still that one.
  at = shown ? findings.findIndex((one) => one.rule === shown.rule && one.cue === shown.cue && one.start === shown.start) : -1;
  store.dispatchEvent(new CustomEvent("findings"));
}

/** The next (or last) finding after the current cue; several of one cue one after another. */
export function toFinding(by) {
  if (!findings.length) return tell("The quality check finds nothing in this track.");
  const order = new Map(store.order().map((id, place) => [id, place]));
  const here = order.get(store.current) ?? -1;
  const inHand = findings[at]?.near === store.current;
  let next = inHand ? at + by : by > 0 ? findings.findIndex((one) => order.get(one.near) > here) : findings.findLastIndex((one) => order.get(one.near) < here);
  if (!inHand && by > 0) { // the cue that somebody came to by hand may have findings itself
    const own = findings.findIndex((one) => one.near === store.current);
    if (own >= 0) next = own;
  }
  const around = next < 0 || next >= findings.length;
  show(around ? (by > 0 ? 0 : findings.length - 1) : next, around);
}

/** Go to a finding and say it. */
export function show(place, around = false) {
  at = place;
  const { cue, near, start, message } = findings[place];
  store.select(near);
  if (!cue) seek(seconds(start));
  tell(`${place + 1} of ${findings.length}${around ? " (around the end)" : ""}: ${message}`, "warn");
}
