// What the reviewer has had on the screen, and has played: the ledger's answer to "was it looked at?".

import { post } from "./api.js";
import { list } from "./list.js";
import { playing } from "./player.js";
import { store } from "./store.js";

const SEEN_AFTER = 1500; // ms on screen until a cue counts as seen
const LOOK_EVERY = 250; // ms between two looks at what is on screen
const TELL_EVERY = 4000; // ms between reports to the server
const NEAR = 0.05; // s of a cue's ends that may be missed

const since = new Map(); // cue id -> when it came on screen
const begun = new Set(); // cues that play since their in-time
let seen = new Set();
let played = new Set();
let track = null; // whose cues these are
let last = null; // the time heard at the last tick, if it played then

export function start() {
  setInterval(look, LOOK_EVERY);
  setInterval(report, TELL_EVERY);
  store.on("sought", ({ time }) => { begun.clear(); last = time; });
  store.on("tick", ({ time }) => listen(time));
  store.on("track", () => {
    report();
    since.clear();
    begun.clear();
    track = store.track.id;
  });
  addEventListener("pagehide", () => report(true));
}

/** Cues that stay wholly on screen are seen; those that scroll past are not. */
function look() {
  if (document.visibilityState !== "visible" || !store.track) return since.clear();
  const now = performance.now();
  const visible = new Set(list.visible());
  for (const id of since.keys()) if (!visible.has(id)) since.delete(id);
  for (const id of visible) {
    if (!since.has(id)) since.set(id, now);
    else if (now - since.get(id) >= SEEN_AFTER && !store.cue(id)?.review.seen) seen.add(id);
  }
}

/** Cues that play without a jump from in-time to out-time, on screen all the while, are played. */
function listen(time) {
  if (last !== null && time >= last && time - last < 1) {
    const visible = new Set(list.visible());
    for (const id of begun) if (!visible.has(id)) begun.delete(id);
    for (const id of visible) {
      const cue = store.cue(id);
      if (!cue || cue.review.played) continue;
      if (last <= cue.from + NEAR && time >= cue.from) begun.add(id);
      if (begun.has(id) && time >= cue.to - NEAR) { begun.delete(id); played.add(id); seen.add(id); }
    }
  } else begun.clear();
  last = playing() ? time : null;
}

function report(closing = false) {
  if (track === null || (!seen.size && !played.size)) return;
  const told = { track, seen: [...seen], played: [...played] };
  seen = new Set();
  played = new Set();
  post("/api/seen", told, { last: closing }).catch(() => { // once the server is back
    if (told.track !== track) return;
    for (const id of told.seen) seen.add(id);
    for (const id of told.played) played.add(id);
  });
}
