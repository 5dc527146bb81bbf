// Picture and sound; captions.js draws the track over them.

import { get, post } from "./api.js";
import { byId, el } from "./dom.js";
import { store } from "./store.js";

const video = byId("video");
let offset = 0; // seconds that a live conversion begins at
let until = null; // where playing a cue ends
let loop = null; // [from, to] played again and again
let live = null; // address of the live conversion, while the proxy is made

export function start() {
  store.on("proxy", proxied);
  store.on("select", follow);
  video.addEventListener("play", () => naming("Pause"));
  video.addEventListener("pause", () => naming("Play"));
  video.addEventListener("timeupdate", bound);
  requestAnimationFrame(tick);
  controls();
  source();
}

/** The picture goes where the reviewer goes, unless it plays. */
function follow({ moved, by }) {
  if (by === "picture") return;
  if (moved) loop = null;
  const cue = store.cue(store.current);
  if (cue && video.paused && (now() < cue.from || now() >= cue.to)) seek(cue.from + 0.0005);
}

function naming(name) {
  byId("transport").firstElementChild.textContent = name;
}

export const now = () => video.currentTime + offset;
export const playing = () => !video.paused;

/** Whether the film plays on, and not one cue of it. */
export const playsOn = () => playing() && until === null && loop === null;

function tick() {
  bound();
  byId("clock").textContent = store.grid ? store.grid.timecode(now()) : "";
  store.dispatchEvent(new CustomEvent("tick", { detail: { time: now() } }));
  setTimeout(() => requestAnimationFrame(tick), playing() ? 0 : 80);
}

function bound() {
  if (loop && playing() && now() >= loop[1]) return void seek(loop[0]);
  if (until !== null && playing() && now() >= until) { video.pause(); until = null; }
}

export function seek(time) {
  const wanted = Math.max(0, time);
  store.dispatchEvent(new CustomEvent("sought", { detail: { time: wanted } }));
  if (live === null) { video.currentTime = wanted; return; }
  if (wanted >= offset && wanted < offset + (video.buffered.length ? video.buffered.end(0) : 0)) { video.currentTime = wanted - offset; return; }
  offset = wanted; // a live conversion begins where it is asked to
  const going = playing();
  video.src = live.replace(/at=[^&]*/, `at=${wanted.toFixed(3)}`);
  if (going) play();
}

function play() {
  if (!video.currentSrc && !video.src) return note(`There is nothing to play. ${missing()}`);
  video.play().catch(() => note("This does not play here."));
}

export function toggle() {
  until = null;
  if (video.paused) play(); else video.pause();
}

/** Play the current cue from its in-time to its out-time; with `again`, over and over. */
export function playCue(again = false) {
  const cue = store.cue(store.current);
  if (!cue) return;
  loop = again && !loop ? [cue.from, cue.to] : null;
  until = loop ? null : cue.to;
  seek(cue.from);
  play();
}

export function stepFrames(by) {
  video.pause();
  seek(store.grid.time(store.grid.frame(now()) + by) + 0.0005);
}

function full() {
  if (document.fullscreenElement) document.exitFullscreen();
  else byId("stage").requestFullscreen().catch(() => note("This browser shows no picture over the whole screen."));
}

export const currentFrame = () => store.grid.frame(now());

// -- where the picture comes from --------------------------------------------------------------

function note(text) {
  byId("media-note").textContent = text;
}

function missing() {
  const { name } = store.project.media;
  return name ? `${name} is not where the project found it.` : "This project has no film: it was made from a subtitle file.";
}

function source() {
  const { media } = store.project;
  if (!media.there) return note(`${missing()} Cues can be edited all the same.`);
  if (media.playable) { video.src = media.original.url; return; }
  const kind = video.canPlayType('video/mp4; codecs="avc1.42E01E, mp4a.40.2"') ? "mp4" : "webm";
  const proxy = media.proxies[kind] ?? {};
  if (proxy.state === "ready") { video.src = proxy.url; return; }
  live = media.live[kind];
  video.src = live;
  note(`${media.reason} A preview is being made.`);
  if (proxy.state !== "making") post("/api/proxy", { as: kind }).catch((error) => note(`${media.reason} ${error.message}`));
}

async function proxied(data) {
  if (live === null) return;
  if (data.state === "making") note(`A preview is being made: ${Math.round(100 * data.done)} %.`);
  else if (data.state === "failed") note(`No preview could be made: ${data.error}`);
  else if (data.state === "ready") {
    const { media } = await get("/api/project");
    const at = now();
    live = null;
    offset = 0;
    video.src = media.proxies[data.as].url;
    video.currentTime = at;
    note("");
  }
}

function controls() {
  const button = (name, title, act) => el("button", { title, "aria-label": title, onclick: act }, name);
  byId("transport").replaceChildren(
    button("Play", "Play or pause (space)", toggle),
    button("Cue", "Play the cue (p)", () => playCue()),
    button("Loop", "Play the cue again and again (P)", () => playCue(true)),
    button("−1", "One frame back (,)", () => stepFrames(-1)),
    button("+1", "One frame on (.)", () => stepFrames(1)),
    button("Full", "Picture over the whole screen", full),
    el("select", { "aria-label": "Speed", title: "Speed", onchange: (event) => { video.playbackRate = Number(event.target.value); } },
      ["0.5", "0.75", "1", "1.25", "1.5", "2"].map((one) => el("option", { value: one, selected: one === "1" }, `${one}×`))),
    el("input", { type: "range", "aria-label": "Volume", title: "Volume", min: "0", max: "1", step: "0.05", value: "1", class: "volume",
      oninput: (event) => { video.volume = Number(event.target.value); } }),
  );
}
