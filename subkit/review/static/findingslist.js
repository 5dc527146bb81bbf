// The findings of the track by rule, and words that the dictionary lacks; beside the picture, where the cue's details are.

import { get, post } from "./api.js";
import { byId, el, tell } from "./dom.js";
import * as findings from "./findings.js";
import { finder, replaced } from "./find.js";
import { linesOf, store } from "./store.js";

const place = byId("findings");
let spelling = { missing: "", findings: [] };
let wanted = 0;

export function start() {
  const tabs = /** @type {HTMLButtonElement[]} */ ([...byId("tabs").querySelectorAll("button")]);
  for (const tab of tabs) tab.addEventListener("click", () => open(tab.dataset.shows));
  store.on("findings", () => { draw(); if (!place.hidden) check(); });
  store.on("track", () => { spelling = { missing: "", findings: [] }; });
  store.on("select", mark);
}

/** Show the findings, or the current cue. */
export function open(name = place.hidden ? "findings" : "panel") {
  for (const id of ["panel", "findings"]) byId(id).hidden = id !== name;
  for (const tab of byId("tabs").querySelectorAll("button")) tab.setAttribute("aria-selected", String(tab.dataset.shows === name));
  if (name === "findings") check();
}

/** Ask for the spelling of the track, once somebody looks. */
async function check() {
  const mine = ++wanted;
  const { track } = store;
  try {
    const found = await get("/api/spelling", { track: track.id });
    if (mine === wanted && track.id === store.track.id) { spelling = found; draw(); }
  } catch (error) { if (mine === wanted) tell(error.message, "bad"); }
}

function draw() {
  if (!store.track) return;
  const found = findings.all();
  byId("count").textContent = found.length ? ` (${found.length})` : "";
  const rules = new Map();
  found.forEach((one, at) => { rules.set(one.rule, [...(rules.get(one.rule) ?? []), { ...one, at }]); });
  const closed = new Set([...place.querySelectorAll("details:not([open])")].map((one) => one.getAttribute("data-rule")));
  const scroll = place.scrollTop;
  const group = (rule, title, rows) => el("details", { open: !closed.has(rule), "data-rule": rule }, el("summary", {}, title), el("ul", {}, rows));
  place.replaceChildren(
    ...[...rules].sort(([a], [b]) => a.localeCompare(b)).map(([rule, rows]) => group(rule, `${rule.replaceAll("-", " ")} (${rows.length})`,
      rows.map((one) => el("li", { "data-cue": one.near }, el("button", { class: `quiet ${one.severity}`, onclick: () => findings.show(one.at) }, one.message))))),
    ...(found.length ? [] : [el("p", { class: "soft" }, "The quality check finds nothing in this track.")]),
    spelling.missing ? el("p", { class: "soft", id: "no-dictionary" }, spelling.missing)
      : group("spelling", `spelling (${spelling.findings.length})`, spelling.findings.map(misspelled)),
  );
  place.scrollTop = scroll;
  mark();
}

function misspelled({ cue, measured: word }) {
  const near = el("span", {});
  const suggest = async () => {
    const { suggestions } = await get("/api/suggestions", { track: store.track.id, word }).catch((error) => { tell(error.message, "bad"); return { suggestions: null }; });
    if (!suggestions) return;
    near.replaceChildren(...(suggestions.length ? suggestions.map((one) => el("button", { title: `Write ${one} instead`, onclick: () => write(cue, word, one) }, one)) : ["no suggestion"]));
  };
  return el("li", { "data-cue": cue, class: "word-row" },
    el("button", { class: "quiet", title: `Go to ${cue}`, onclick: () => store.select(cue) }, el("b", { dir: "auto" }, word), " ", el("span", { class: "soft" }, cue)), " ",
    el("button", { title: "Show what may be meant", onclick: suggest }, "?"),
    el("button", { title: `${word} is right in this project`, onclick: () => allow(word) }, "Right"), " ", near);
}

function allow(word) {
  post("/api/words", { add: [word] }).then(() => { tell(`${word} is a word of this project.`, "good"); check(); }).catch((error) => tell(error.message, "bad"));
}

function write(id, word, other) {
  const cue = store.cue(id);
  if (!cue) return;
  const { text } = replaced(cue.lines.join("\n"), finder(word, { cased: true, whole: true }), other);
  store.edit("retext", { lines: linesOf(text) }, { cue: id }).then(check).catch(() => {});
}

function mark() {
  for (const row of place.querySelectorAll("[data-cue]")) row.classList.toggle("here", row.getAttribute("data-cue") === store.current);
}
