// The page: load the project, start the views, follow the server.

import { listen } from "./api.js";
import { byId, el, tell } from "./dom.js";
import * as band from "./band.js";
import * as captions from "./captions.js";
import * as dialogs from "./dialogs.js";
import * as dubbing from "./dubbing.js";
import * as findings from "./findings.js";
import * as findingslist from "./findingslist.js";
import * as follow from "./follow.js";
import * as keys from "./keys.js";
import { list } from "./list.js";
import * as panel from "./panel.js";
import * as panes from "./panes.js";
import * as player from "./player.js";
import * as queue from "./queue.js";
import { store } from "./store.js";
import * as tools from "./tools.js";
import * as wave from "./wave.js";
import * as witness from "./witness.js";

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

/** The server answers again: hear what happened meanwhile, and save what was typed. */
async function back() {
  tell("The server is back.", "good");
  list.leave();
  await list.save(); // before anything is read again: an older answer must not come after the newer
  await store.loadProject();
  if (store.track) await store.openTrack(store.track.id);
}

async function begin() {
  theme();
  store.on("project track", header);
  store.on("people", people);
  store.on("refused", ({ message }) => tell(message, "bad"));
  store.on("stop", () => tell("The server has stopped. What you type is kept here until it is back.", "bad"));
  await store.loadProject();
  dubbing.start();
  queue.start();
  list.start();
  panel.start();
  panes.start();
  player.start();
  captions.start();
  band.start();
  wave.start();
  follow.start();
  findings.start();
  findingslist.start();
  tools.start();
  dialogs.start();
  keys.start();
  witness.start();
  const track = byId("track");
  track.addEventListener("change", () => { list.leave(); store.openTrack(track.value); track.blur(); });
  byId("help").addEventListener("click", dialogs.help);
  byId("sign").addEventListener("click", dialogs.signOff);
  byId("reviewer").addEventListener("click", dialogs.reviewer);
  await store.load();
  if (!store.track) tell("This project has no tracks yet: subkit run or subkit import makes one.");
  let lost = false;
  listen((kind, data) => store.heard(kind, data),
    () => { if (!lost) tell("The server does not answer. What you type is kept here.", "bad"); lost = true; },
    () => {
      if (lost) back().catch((error) => tell(error.message, "bad"));
      lost = false;
    });
  document.body.dataset.ready = "true";
}

begin().catch((error) => tell(`${error.message} ${error.remedy ?? ""}`, "bad"));
