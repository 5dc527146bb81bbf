// The waveform: what is heard, where the cues stand, and edges to drag.

import { getPeaks } from "./api.js";
import { byId, tell } from "./dom.js";
import { drawLoops, dropEdge, loopEdgeAt } from "./loops.js";
import { now, playing, seek } from "./player.js";
import { store } from "./store.js";
import { drawSpectrum } from "./spectrum.js";
import { seconds } from "./time.js";

const PIECE = 600; // points asked for at once
const GRIP = 6; // px around an edge that take hold of it

const canvas = byId("peaks");
/** @type {CanvasRenderingContext2D & {lang?: string}} */
const pen = canvas.getContext("2d");
let zoom = 60; // px a second
let left = 0; // seconds at the left edge
let known = Infinity;
let drag = null; // {id, edge: "from"|"to", frame}, or {loop, edge, time}
let spectral = false; // whether the spectrogram is shown
let stale = true;
const pieces = new Map(); // "zoom place" -> bytes, or null while they come
const colours = {};

export function start() {
  new ResizeObserver(() => { resize(); redraw(); }).observe(canvas);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", recolour);
  canvas.addEventListener("pointerdown", press);
  canvas.addEventListener("pointermove", move);
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", () => { drag = null; redraw(); });
  canvas.addEventListener("wheel", wheel, { passive: false });
  store.on("cues track risk dubbing", redraw);
  byId("video").addEventListener("seeked", redraw);
  store.on("peaks", ({ done }) => { known = done === null ? Infinity : Number(done); pieces.clear(); redraw(); });
  store.on("select", () => { const cue = store.cue(store.current); if (cue) show(cue.from, cue.to); });
  store.on("tick", ({ time }) => { if (playing()) { show(time, time + 0.5); redraw(); } draw(); });
  recolour();
}

export function recolour() {
  const style = getComputedStyle(document.documentElement);
  for (const name of ["wave", "cue", "cue-now", "shot", "ink", "soft", "accent", "veil", "good", "sunken"]) colours[name] = style.getPropertyValue(`--${name}`);
  redraw();
}

export function zoomBy(factor) {
  const middle = left + canvas.clientWidth / zoom / 2;
  zoom = Math.min(400, Math.max(5, zoom * factor));
  left = Math.max(0, middle - canvas.clientWidth / zoom / 2);
  redraw();
}

/** The spectrogram in place of the waveform, or the other way round. */
export function toggleSpectrogram() {
  if (!store.project.media.has_audio) return tell("The film has no sound.");
  spectral = !spectral;
  redraw();
}

function redraw() { stale = true; }

function resize() {
  const scale = devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(canvas.clientHeight * scale);
  pen.setTransform(scale, 0, 0, scale, 0, 0);
}

/** Scroll so that a stretch is in sight, no further than needed. */
function show(from, to) {
  const wide = canvas.clientWidth / zoom;
  if (from < left + 0.05 * wide || to > left + 0.95 * wide) { left = Math.max(0, from - 0.2 * wide); redraw(); }
}

const x = (time) => (time - left) * zoom;

function visibleCues() {
  const end = left + canvas.clientWidth / zoom;
  return store.order().map((id) => store.cue(id)).filter((cue) => cue.to >= left && cue.from <= end);
}

function draw() {
  if (!stale || !store.track || !canvas.clientWidth) return;
  stale = false;
  const { clientWidth: wide, clientHeight: high } = canvas;
  pen.clearRect(0, 0, wide, high);
  if (spectral) drawSpectrum(wide, high, left, zoom, redraw);
  else drawPeaks(wide, high);
  pen.fillStyle = colours.shot;
  for (const shot of store.shots) if (x(shot) >= 0 && x(shot) <= wide) pen.fillRect(Math.round(x(shot)), 0, 1, high);
  for (const cue of visibleCues()) drawCue(cue, high);
  drawLoops(pen, x, colours, wide, drag);
  drawScale(wide, high);
  pen.fillStyle = colours.ink;
  pen.fillRect(Math.round(x(now())), 0, 1.5, high);
}

function drawPeaks(wide, high) {
  const span = PIECE / zoom;
  pen.fillStyle = colours.wave;
  for (let place = Math.floor(left / span); place * span < left + wide / zoom; place++) {
    const bytes = piece(place, span);
    if (!bytes) continue;
    for (let i = 0; i < bytes.length / 2; i++) {
      const low = bytes[2 * i] / 128;
      const top = bytes[2 * i + 1] / 128;
      pen.fillRect(x(place * span) + i, (high / 2) * (1 - top) , 1, Math.max(1, (high / 2) * (top - low)));
    }
  }
}

function piece(place, span) {
  const key = `${zoom} ${place}`;
  if (pieces.has(key)) return pieces.get(key);
  const total = seconds(store.project.duration);
  const start = place * span;
  if (start >= total || start > known || !store.project.media.has_audio) return null;
  pieces.set(key, null);
  if (pieces.size > 400) pieces.delete(pieces.keys().next().value);
  getPeaks(start.toFixed(3), (start + span).toFixed(3), PIECE)
    .then((found) => { pieces.set(key, found.bytes); if (found.known !== Infinity) known = found.known; redraw(); })
    .catch(() => {});
  return null;
}

function drawCue(cue, high) {
  const held = drag?.id === cue.id ? { [drag.edge]: store.grid.time(drag.frame) } : {};
  const { from, to } = { from: cue.from, to: cue.to, ...held };
  const now = cue.id === store.current;
  pen.fillStyle = colours[now ? "cue-now" : "cue"];
  pen.fillRect(x(from), 14, Math.max(1, x(to) - x(from)), high - 28);
  pen.fillStyle = colours.accent;
  pen.fillRect(x(from), 14, now ? 2 : 1, high - 28);
  pen.fillRect(x(to) - (now ? 2 : 1), 14, now ? 2 : 1, high - 28);
  pen.save();
  pen.beginPath();
  pen.rect(x(from) + 3, 14, Math.max(0, x(to) - x(from) - 6), high - 28);
  pen.clip();
  drawText(cue.lines, x(from), x(to));
  pen.restore();
}

/** The words of a cue from the side where its language begins, on a veil that the waveform shines through. */
function drawText(lines, start, end) {
  const { direction, language } = store.track;
  pen.font = getComputedStyle(document.body).font.replace(/^.*?px(\/\S+)?/, "11.5px");
  pen.lang = language;
  pen.direction = direction;
  pen.textAlign = "start";
  const rtl = direction === "rtl";
  const place = rtl ? Math.min(end, canvas.clientWidth) - 5 : Math.max(start, 0) + 5;
  lines.forEach((line, i) => {
    const long = pen.measureText(line).width;
    pen.fillStyle = colours.veil;
    pen.fillRect(rtl ? place - long - 2 : place - 2, 17 + 14 * i, long + 4, 14);
    pen.fillStyle = colours.ink;
    pen.fillText(line, place, 28 + 14 * i);
  });
}

function drawScale(wide, high) {
  const { grid } = store; // at whole seconds of timecode, which 23.976 and 29.97 put between those of the clock
  const second = Math.max(1, Math.round(grid.rate));
  const every = second * ([1, 2, 5, 10, 30, 60].find((one) => one * zoom >= 110) ?? 60);
  pen.fillStyle = colours.soft;
  pen.font = "10.5px ui-monospace, monospace";
  pen.direction = "ltr";
  pen.textAlign = "start";
  for (let frame = Math.ceil((grid.frame(left) + grid.offset) / every) * every - grid.offset; x(grid.time(frame)) < wide; frame += every) {
    const place = x(grid.time(frame));
    pen.fillRect(place, high - 12, 1, 4);
    pen.fillText(grid.timecode(grid.time(frame)), place + 3, high - 3);
  }
}

// -- dragging ----------------------------------------------------------------------------------

/** The edge under the pointer; of two that touch, the current cue's. */
function edgeAt(px) {
  let best = null;
  for (const cue of visibleCues()) {
    for (const edge of ["from", "to"]) {
      const off = Math.abs(x(cue[edge]) - px) - (cue.id === store.current ? 2 : 0);
      if (off <= GRIP && (!best || off < best.off)) best = { id: cue.id, edge, off };
    }
  }
  return best;
}

function press(event) {
  if (event.button !== 0) return;
  const time = left + event.offsetX / zoom;
  const loop = loopEdgeAt(event.offsetX, event.offsetY, x);
  if (loop) {
    drag = { ...loop, time };
    canvas.setPointerCapture(event.pointerId);
    return;
  }
  const found = edgeAt(event.offsetX);
  if (found && !store.cue(found.id).locked) {
    store.select(found.id);
    drag = { id: found.id, edge: found.edge, frame: store.grid.frame(store.cue(found.id)[found.edge]) };
    canvas.setPointerCapture(event.pointerId);
    return;
  }
  const under = visibleCues().find((cue) => time >= cue.from && time < cue.to);
  if (under) store.select(under.id);
  seek(time);
  redraw();
}

function move(event) {
  if (!drag) { canvas.style.cursor = edgeAt(event.offsetX) || loopEdgeAt(event.offsetX, event.offsetY, x) ? "ew-resize" : "default"; return; }
  if (drag.loop) { drag.time = left + event.offsetX / zoom; return redraw(); }
  drag.frame = allowed(drag.id, drag.edge, snapped(store.grid.frame(left + event.offsetX / zoom), drag.edge));
  redraw();
}

function release() {
  if (!drag) return;
  const { id, edge, frame, loop, time } = drag;
  drag = null;
  redraw();
  if (loop) return dropEdge(loop, edge, time);
  retime(id, edge, frame);
}

/** Near a shot change: its first frame for an in-time, the profile's gap before it for an out-time. */
function snapped(frame, edge) {
  const reach = Math.max(1, Math.round((5 / zoom) * store.grid.rate));
  const gap = edge === "to" ? store.track.profile.min_gap_frames : 0;
  const near = store.shots.map((shot) => store.grid.frame(shot) - gap).filter((one) => Math.abs(one - frame) <= reach);
  return near.length ? near.reduce((a, b) => (Math.abs(a - frame) <= Math.abs(b - frame) ? a : b)) : frame;
}

/** Never past the other edge, nor nearer to a neighbour than the profile's gap. */
function allowed(id, edge, frame) {
  const order = store.order();
  const place = order.indexOf(id);
  const cue = store.cue(id);
  const gap = store.track.profile.min_gap_frames;
  const before = store.cue(order[place - 1]);
  const after = store.cue(order[place + 1]);
  if (edge === "from") {
    const least = before ? store.grid.frame(before.to) + gap : 0;
    return Math.max(Math.min(frame, store.grid.frame(cue.to) - 1), Math.min(least, store.grid.frame(cue.from)), 0);
  }
  const most = after ? store.grid.frame(after.from) - gap : Infinity;
  return Math.min(Math.max(frame, store.grid.frame(cue.from) + 1), Math.max(most, store.grid.frame(cue.to)));
}

function retime(id, edge, frame) {
  const cue = store.cue(id);
  if (!cue || frame === store.grid.frame(cue[edge])) return;
  store.edit("retime", { [edge === "from" ? "start" : "end"]: store.grid.text(frame) }, { cue: id }).catch(() => {});
}

/** Move an edge of the current cue by frames, or to a frame; what keys do instead of dragging. */
export function nudge(edge, by, to = null) {
  const cue = store.cue(store.current);
  if (!cue) return;
  retime(cue.id, edge, allowed(cue.id, edge, to ?? store.grid.frame(cue[edge]) + by));
}

function wheel(event) {
  event.preventDefault();
  if (event.ctrlKey) return zoomBy(event.deltaY < 0 ? 1.2 : 1 / 1.2);
  left = Math.max(0, left + (event.deltaX || event.deltaY) / zoom);
  redraw();
}

export const state = () => ({ zoom, left, known, dragging: drag !== null });
