// The rhythmo band: words stretched to their time run past a line at which they are spoken, once a frame of the screen.

import { byId, tell } from "./dom.js";
import { character, isDubbing, lineOf, loops } from "./dubbing.js";
import { now, playing } from "./player.js";
import { store } from "./store.js";
import { seconds } from "./time.js";

const SPEED = 120; // px a second; as wide bands are read
const READ = 0.3; // where the reading line is, as a share of the width
const LANE = 26; // px of a line of text
const LANES = 3;
const HEAD = 13; // px of loop numbers and shot changes
const JUMP = 0.08; // s by which the picture may differ from our clock before that is set anew
const COLOURS = ["#ffd166", "#8ecbff", "#a6e3a1", "#f5a6c9", "#cdb4ff", "#ffb27d", "#7fe0d4", "#e6e1d6"];
const CLOSED = new Set(["mpb", "in_close", "out_close"]);

const canvas = byId("band");
const pen = canvas.getContext("2d");
let laid = []; // lines with their lanes and words, in order of time
let shown = localStorage.getItem("subkit-band") !== "off";
let clock = null; // {time, at}: the film's time at a time of the screen
let widths = new Map(); // text -> px at its natural width
let drawn = 0; // how many pictures were drawn

export function start() {
  store.on("dubbing cues", lay);
  store.on("track", lay);
  store.on("tick", ({ time }) => { if (!playing()) draw(time); });
  new ResizeObserver(resize).observe(canvas);
  byId("video").addEventListener("play", () => requestAnimationFrame(run));
}

/** The band in place of the captions, or the captions again. */
export function toggleBand() {
  if (!isDubbing()) return tell("Only tracks to be dubbed have a band.");
  shown = !shown;
  localStorage.setItem("subkit-band", shown ? "on" : "off");
  lay();
  tell(shown ? "The rhythmo band." : "Captions in place of the band.");
}

export const state = () => ({ drawn, lanes: laid.map(({ id, lane }) => [id, lane]), speed: SPEED, read: READ });

/** Draw with every frame of the screen while the film plays. */
function run(at) {
  if (!playing()) {
    clock = null;
    return;
  }
  draw(smooth(at / 1000));
  requestAnimationFrame(run);
}

/** The film's time at a frame of the screen: browsers tell it in steps that would be seen as a shiver. */
function smooth(at) {
  const told = now();
  const rate = byId("video").playbackRate;
  const own = clock === null ? told : clock.time + (at - clock.at) * rate;
  const off = told - own;
  const time = clock === null || Math.abs(off) > JUMP ? told : own + 0.05 * off; // towards it, a twentieth a frame
  clock = { time, at };
  return time;
}

/** Give each line a lane in which no other is spoken meanwhile. */
function lay() {
  const visible = isDubbing() && shown;
  canvas.hidden = !visible;
  byId("captions").hidden = visible;
  widths = new Map();
  const ends = Array(LANES).fill(-Infinity);
  laid = !visible ? [] : store.order().flatMap((id) => {
    const cue = store.cue(id);
    const line = lineOf(id);
    if (!line) return [];
    const free = ends.findIndex((end) => end <= cue.from);
    const lane = free < 0 ? ends.indexOf(Math.min(...ends)) : free;
    ends[lane] = cue.to;
    return [{ id, lane, from: cue.from, to: cue.to, words: line.words, signs: line.signs, off: line.on_screen === "off", text: cue.lines.join(" "), colour: colourOf(id) }];
  });
  resize();
}

function colourOf(id) {
  const who = character(id);
  if (/^#[0-9a-f]{6}$/i.test(who?.colour ?? "")) return bright(who.colour);
  const letters = [...(who?.id ?? "")].reduce((sum, one) => (sum * 31 + one.codePointAt(0)) % 9973, 7);
  return COLOURS[who ? letters % COLOURS.length : COLOURS.length - 1];
}

/** A colour that can be read on the dark band: a dark one is mixed with white. */
function bright(colour) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  const light = (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]) / 255;
  const white = Math.max(0, (0.55 - light) / (1 - light));
  return `rgb(${parts.map((one) => Math.round(one + (255 - one) * white)).join(" ")})`;
}

function resize() {
  const scale = devicePixelRatio || 1;
  const wide = canvas.clientWidth;
  const lanes = Math.max(1, ...laid.map(({ lane }) => lane + 1));
  canvas.style.height = `${HEAD + LANE * lanes + 6}px`;
  const [w, h] = [Math.round(wide * scale), Math.round((HEAD + LANE * lanes + 6) * scale)];
  if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  draw(now());
}

/** The place of the first line that ends after a time; lines are in order of their begin. */
function firstAfter(time) {
  let place = 0;
  let high = laid.length;
  while (place < high) {
    const middle = (place + high) >> 1;
    if (laid[middle].from < time - 60) place = middle + 1; else high = middle;
  }
  return place;
}

function draw(time) {
  const wide = canvas.clientWidth;
  if (canvas.hidden || !wide) return;
  const high = canvas.height / (devicePixelRatio || 1);
  const reading = Math.round(READ * wide);
  const x = (at) => reading + (at - time) * SPEED;
  const [from, to] = [time - reading / SPEED, time + (wide - reading) / SPEED];
  pen.clearRect(0, 0, wide, high);
  pen.fillStyle = "rgb(14 15 17 / 84%)";
  pen.fillRect(0, 0, wide, high);
  marks(x, from, to, high);
  for (let place = firstAfter(from); place < laid.length && laid[place].from <= to; place++) {
    if (laid[place].to >= from) drawLine(laid[place], x, from, to);
  }
  pen.fillStyle = "#ff5a4f";
  pen.fillRect(reading - 1, 0, 2, high);
  drawn += 1;
}

/** Shot changes and the begins of loops. */
function marks(x, from, to, high) {
  pen.fillStyle = "rgb(255 255 255 / 28%)";
  for (const shot of store.shots ?? []) if (shot >= from && shot <= to) pen.fillRect(Math.round(x(shot)), 0, 1, high);
  pen.font = "600 10px system-ui, sans-serif";
  pen.textAlign = "left";
  pen.direction = "ltr";
  for (const loop of loops()) {
    const start = seconds(loop.start);
    if (start < from - 1 || start > to) continue;
    pen.fillStyle = "#fff";
    pen.fillRect(x(start), 0, 2, high);
    pen.fillText(loop.name, x(start) + 5, 10);
  }
}

function drawLine(line, x, from, to) {
  const base = HEAD + LANE * line.lane;
  pen.font = `${line.off ? "italic " : ""}600 18px system-ui, "Noto Sans", "Noto Sans CJK KR", "Noto Sans CJK JP", "Noto Naskh Arabic", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Thai", sans-serif`;
  pen.textAlign = "left";
  pen.direction = store.track.direction;
  pen.fillStyle = line.colour;
  pen.globalAlpha = line.id === store.current ? 0.34 : 0.16;
  pen.fillRect(x(line.from), base + 1, (line.to - line.from) * SPEED, LANE - 2);
  pen.globalAlpha = 1;
  for (const [text, start, end] of line.words) if (end >= from && start <= to) stretched(text, x(start), (end - start) * SPEED, base + LANE - 8, line.off);
  if (!line.words.length && line.text) stretched(line.text, x(line.from), (line.to - line.from) * SPEED, base + LANE - 8, true);
  for (const [kind, at] of line.signs) if (CLOSED.has(kind) && at >= from && at <= to) {
    pen.fillRect(x(at) - 3, base + LANE - 4, 6, 2); // the lips are closed here
  }
}

/** A word as wide as it is long. */
function stretched(text, left, wide, base, off) {
  const key = `${off} ${text}`;
  let natural = widths.get(key);
  if (natural === undefined) {
    natural = Math.max(1, pen.measureText(text).width);
    widths.set(key, natural);
  }
  pen.save();
  pen.translate(left, base);
  pen.scale(Math.max(0.02, (wide - 2) / natural), 1);
  if (pen.direction === "rtl") pen.textAlign = "left";
  pen.fillText(text, 0, 0);
  pen.restore();
}
