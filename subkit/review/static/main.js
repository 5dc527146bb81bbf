// The page: load the project, start the views, follow the server.

import { follow, post } from "./api.js";
import { byId, el, tell } from "./dom.js";
import * as dialogs from "./dialogs.js";
import * as keys from "./keys.js";
import { list } from "./list.js";
import * as panel from "./panel.js";
import * as player from "./player.js";
import * as queue from "./queue.js";
import { store } from "./store.js";
import * as wave from "./wave.js";

const SEEN_AFTER = 1500; // ms on screen until a cue counts as seen
const TELL_EVERY = 4000; // ms between reports of what was seen and played

function header() {
  const { project } = store;
  document.title = `${project.title} · subkit review`;
  byId("title").textContent = project.title;
  byId("title").title = project.file;
  byId("reviewer").textContent = `${project.reviewer.name} · ${project.reviewer.role}`;
  const select = byId("track");
  const chosen = store.track?.id;
  select.replaceChildren(...project.tracks.map((one) => el("option", { value: one.id }, `${one.id} ${one.purpose === "subtitle" ? "" : one.purpose}`)));
  if (chosen) select.value = chosen;
  people();
}

function people() {
  const others = store.project.reviewers.filter((one) => one.name !== store.project.reviewer.name);
  byId("people").textContent = others.length ? `with ${others.map((one) => one.name).join(", ")}` : "";
}

/** Count cues that stay on screen as seen, and those that play from in-time to out-time as played. */
function witness() {
  const since = new Map();
  const begun = new Set();
  let seen = new Set();
  let played = new Set();
  let last = null;
  setInterval(() => {
    if (document.visibilityState !== "visible" || !store.track) return since.clear();
    const now = performance.now();
    const visible = new Set(list.visible());
    for (const id of since.keys()) if (!visible.has(id)) since.delete(id);
    for (const id of visible) {
      if (!since.has(id)) since.set(id, now);
      else if (now - since.get(id) >= SEEN_AFTER && !store.cue(id)?.review.seen) seen.add(id);
    }
  }, 500);
  store.on("tick", ({ time }) => {
    if (!player.playing() || last === null || time < last || time - last > 1) begun.clear();
    if (player.playing()) {
      for (const id of list.visible()) {
        const cue = store.cue(id);
        if (!cue || cue.review.played) continue;
        if (last !== null && last <= cue.from + 0.05 && time >= cue.from) begun.add(id);
        if (begun.has(id) && time >= cue.to - 0.05) { begun.delete(id); played.add(id); }
      }
    }
    last = time;
  });
  const report = (closing = false) => {
    if (!store.track || (!seen.size && !played.size)) return;
    const body = { track: store.track.id, seen: [...seen], played: [...played] };
    seen = new Set();
    played = new Set();
    post("/api/seen", body, { last: closing }).catch(() => {});
  };
  setInterval(report, TELL_EVERY);
  store.on("track", () => { seen.clear(); played.clear(); since.clear(); });
  addEventListener("pagehide", () => report(true));
}

function theme() {
  const root = document.documentElement;
  const kept = localStorage.getItem("subkit-theme");
  if (kept) root.dataset.theme = kept;
  byId("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    localStorage.setItem("subkit-theme", root.dataset.theme);
    wave.recolour();
  });
}

async function begin() {
  theme();
  store.on("project track", header);
  store.on("people", people);
  store.on("refused", ({ message }) => tell(message, "bad"));
  store.on("stop", () => tell("The server has stopped. What you type is kept here until it is back.", "bad"));
  await store.loadProject();
  queue.start();
  list.start();
  panel.start();
  player.start();
  wave.start();
  dialogs.start();
  keys.start();
  witness();
  byId("track").addEventListener("change", (event) => { list.leave(); store.openTrack(event.target.value); event.target.blur(); });
  byId("help").addEventListener("click", dialogs.help);
  byId("sign").addEventListener("click", dialogs.signOff);
  byId("account").addEventListener("click", dialogs.account);
  byId("reviewer").addEventListener("click", dialogs.reviewer);
  await store.load();
  let lost = false;
  follow((kind, data) => store.heard(kind, data),
    () => { if (!lost) tell("The server does not answer. What you type is kept here.", "bad"); lost = true; },
    () => {
      if (lost) { tell("The server is back.", "good"); store.openTrack(store.track.id); }
      lost = false;
    });
  document.body.dataset.ready = "true";
}

begin().catch((error) => tell(`${error.message} ${error.remedy ?? ""}`, "bad"));
