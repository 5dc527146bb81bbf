// Loops over the waveform: where they are, edges to drag, and what keys do with them.

import { tell } from "./dom.js";
import { isDubbing, loopOf, loops } from "./dubbing.js";
import { store } from "./store.js";
import { seconds } from "./time.js";

const HIGH = 14; // px of the strip above the cues
const GRIP = 7; // px around an edge that take hold of it

/** Draw the loops into the strip above the cues; a loop that is dragged follows the pointer. */
export function drawLoops(pen, x, colours, wide, drag) {
  for (const [place, loop] of loops().entries()) {
    const held = drag?.loop === loop.id ? { [drag.edge]: drag.time } : {};
    const { start, end } = { start: seconds(loop.start), end: seconds(loop.end), ...held };
    const [from, to] = [x(start), x(end)];
    if (to < 0 || from > wide) continue;
    pen.fillStyle = colours[loop.members.has(store.current) || place % 2 ? "cue-now" : "cue"];
    pen.fillRect(from, 0, Math.max(2, to - from), HIGH - 1);
    pen.fillStyle = colours[loop.locked ? "good" : "accent"];
    for (const edge of [from, to - 3]) pen.fillRect(edge, 0, 3, HIGH - 1);
    pen.save();
    pen.beginPath();
    pen.rect(from + 4, 0, Math.max(0, to - from - 8), HIGH);
    pen.clip();
    pen.font = "600 11px system-ui, sans-serif";
    pen.direction = "ltr";
    pen.textAlign = "start";
    pen.fillStyle = colours.ink;
    pen.fillText(`loop ${loop.name}${loop.locked ? " · locked" : ""}`, Math.max(from, 0) + 6, HIGH - 4);
    pen.restore();
  }
}

/** The edge of a loop under the pointer; of two that touch, that of the current line's loop. */
export function loopEdgeAt(px, py, x) {
  if (py > HIGH) return null;
  let best = null;
  for (const loop of loops()) {
    for (const edge of ["start", "end"]) {
      const off = Math.abs(x(seconds(loop[edge])) - px) - (loop.members.has(store.current) ? 2 : 0);
      if (off <= GRIP && (!best || off < best.off)) best = { loop: loop.id, edge, off };
    }
  }
  return best;
}

/** An edge was let go at a time: the loop reaches to the line whose middle is the last inside. */
export function dropEdge(id, edge, time) {
  const loop = loops().find((one) => one.id === id);
  const lines = store.order().map((one) => store.cue(one));
  const middle = (cue) => (cue.from + cue.to) / 2;
  const wanted = edge === "start" ? lines.find((cue) => middle(cue) >= time) : lines.findLast((cue) => middle(cue) <= time);
  if (loop && wanted) reach(loop, edge, wanted.id);
}

function reach(loop, edge, cue) {
  const known = edge === "start" ? loop.cues[0] : loop.cues.at(-1);
  if (known === cue) return tell(`Loop ${loop.name} ${edge === "start" ? "begins" : "ends"} with ${cue} already.`);
  send(loop, { edge, to: cue });
}

function send(loop, fields) {
  store.edit("loop", { loop: loop.id, ...fields }, { cue: null }).catch(() => {});
}

/** The loop of the current line, or word of why there is none. */
function here() {
  if (!isDubbing()) return void tell("Only lines to be dubbed are in loops.");
  return loopOf(store.current) ?? void tell(`${store.current} is in no loop.`);
}

/** The current line's loop begins or ends with it; a line in no loop is taken in by the loop on that side. */
export function edgeHere(edge) {
  if (!isDubbing()) return tell("Only lines to be dubbed are in loops.");
  const own = loopOf(store.current);
  if (own) return reach(own, edge, store.current);
  const cue = store.cue(store.current);
  const beside = edge === "start" ? loops().find((one) => seconds(one.start) >= cue.from) : loops().findLast((one) => seconds(one.end) <= cue.to);
  if (!beside) return tell("There is no loop on that side.");
  reach(beside, edge, store.current);
}

/** Lock the loop of the current line, or let it change again. */
export function lockLoop() {
  const loop = here();
  if (loop) send(loop, { locked: !loop.locked });
}
