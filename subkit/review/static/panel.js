// Everything about the current cue: why to look, what else it could say, who said what of it.

import { get } from "./api.js";
import { byId, diffView, el, tell } from "./dom.js";
import { dubbingSection, isDubbing, light } from "./dubbing.js";
import { splitPlace } from "./find.js";
import { open as openTab } from "./findingslist.js";
import { described } from "./history.js";
import { spelled } from "./keynames.js";
import { list, speakerName } from "./list.js";
import { colors, force, toggle } from "./looks.js";
import { holds, toldMarks } from "./marks.js";
import { currentFrame } from "./player.js";
import { store } from "./store.js";
import { seconds } from "./time.js";

const panel = byId("panel");
let details = null; // the answer of /api/cue for the current cue
let history = null; // its entries, once asked for
let read = false; // whether the reviewer has moved on from the top of the history
let words = false; // whether word confidences are shown
let asked = 0;
let loading; // the timer of the next load

export function start() {
  store.on("select", ({ moved }) => { if (moved) { history = null; words = false; panel.scrollTop = 0; } draw(); load(); });
  store.on("saved", () => { if (history) showHistory(); else load(); });
  for (const kind of ["wheel", "pointerdown", "focusin"]) panel.addEventListener(kind, () => { read = true; });
  store.on("filter dubbing", () => { draw(); load(); });
}

function load() {
  clearTimeout(loading);
  const mine = ++asked;
  loading = setTimeout(async () => {
    const { current, track } = store;
    if (!track || current === null) return;
    try {
      const found = await get("/api/cue", { track: track.id, cue: current });
      if (mine === asked) { details = found; draw(); }
    } catch { /* gone meanwhile; the list says so */ }
  }, 120);
}

function draw() {
  const cue = store.cue(store.current);
  if (!cue) return void panel.replaceChildren(el("p", { class: "empty" }, "This track has no cues."));
  const more = details?.id === cue.id ? details : null;
  const writing = panel.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
  if (writing) return;
  const scroll = panel.scrollTop;
  panel.replaceChildren(...[
    actions(cue), isDubbing() ? dubbingSection(cue) : looks(cue), reasons(cue, more), alternatives(cue, more), terms(more), heard(more), voices(cue, more), comments(cue), origin(more), past(),
  ].flat().filter(Boolean));
  panel.scrollTop = history && !read ? /** @type {HTMLElement} */ (byId("history").previousElementSibling).offsetTop - panel.offsetTop : scroll;
}

const section = (title, ...content) => [el("h2", {}, title), ...content];

function actions(cue) {
  const button = (name, key, act, off = false) => el("button", { title: `${name} (${key})`, onclick: act, disabled: off }, name);
  const approved = cue.review.state === "approved";
  return el("div", { class: "actions" },
    button(approved ? "Take approval back" : "Approve", "a", () => approve(), false),
    button(cue.locked ? "Unlock" : "Lock", "l", () => lock()),
    button("Merge", "m: with the next cue", () => merge(), cue.locked),
    button("Delete", "Delete", () => remove(), cue.locked),
    button("Re-translate", "t", () => redo("/api/retranslate"), !store.project.can.retranslate || !store.track.source || cue.locked),
    button("Re-align", "r", () => redo("/api/realign"), !store.project.can.realign || cue.locked),
  );
}

/** Buttons for how the text looks; they leave the selection in the text where it is. */
function looks(cue) {
  const button = (name, key, feature, title) => el("button", {
    class: `look ${feature}`, title: `${title} (${spelled(key)})`, "aria-label": title, disabled: cue.locked, onclick: () => toggle(feature),
    "aria-pressed": String(cue.lines.length > 0 && holds(cue.marks, feature, 0, cue.lines.join("\n").length)),
  }, name);
  const told = toldMarks(cue.lines.join("\n"), cue.marks);
  return el("div", { class: "looks", role: "group", "aria-label": "Looks", onpointerdown: (event) => event.preventDefault() },
    button("B", "Control+b", "bold", "Bold"), button("I", "Control+i", "italic", "Italic"), button("U", "Control+u", "underline", "Underlined"),
    button("S", "", "strike", "Struck through"),
    el("button", { title: `Colour (${spelled("Alt+c")})`, disabled: cue.locked, onclick: () => colors() }, "Colour…"),
    el("button", { title: `Shown even where subtitles are off (${spelled("Alt+f")})`, disabled: cue.locked, "aria-pressed": String(cue.forced), onclick: () => force() }, "Forced"),
    told ? el("span", { class: "soft", dir: "auto" }, told) : "");
}

function reasons(cue, more) {
  const risk = store.riskOf.get(cue.id);
  const found = [
    ...(risk?.reasons ?? []).map((one) => one.message),
    ...(more?.findings ?? []).map((one) => one.message),
    ...(cue.stale ? [cue.stale] : []),
  ];
  if (!found.length) return null;
  return section("Why to look", el("ul", {}, [...new Set(found)].map((one) => el("li", { class: "reason" }, one))));
}

function alternatives(cue, more) {
  if (!cue.alternatives.length) return null;
  const language = { lang: store.track.language, dir: store.track.direction };
  return section("Alternatives", el("ol", {}, cue.alternatives.map((one, place) => el("li", {},
    el("button", { class: "choice", onclick: () => choose(place), disabled: cue.locked }, place < 9 ? el("kbd", {}, String(place + 1)) : "",
      more?.fits?.[place] ? light(more.fits[place]) : "", el("span", language, one.text), el("span", { class: "soft" }, whose(one)))))));
}

function whose({ origin, from_memory: remembered, score, actor }) {
  if (remembered) return ["memory", score === null ? "" : `${Math.floor(100 * score)} %`, actor].filter(Boolean).join(" ");
  return [origin, score === null ? "" : score.toFixed(2).replace("-", "−")].filter(Boolean).join(" ");
}

function terms(more) {
  if (!more?.terms.length) return null;
  return section("Glossary", el("ul", {}, more.terms.map((one) => el("li", { class: one.kept ? "" : "reason" },
    `${one.source} → ${one.target || "decide"}${one.kept ? " ✓" : " is not kept"}`, one.note ? el("div", { class: "soft" }, one.note) : ""))));
}

function heard(more) {
  if (!more?.words.length) return null;
  if (!words) return section("Heard", el("button", { onclick: showWords }, "Show words and how sure (w)"));
  const view = more.words.map((one) => {
    const sure = one.confidence === null ? null : Math.round(100 * one.confidence);
    return el("span", { class: sure !== null && sure < 60 ? "word unsure" : "word", title: sure === null ? "" : `${sure} %` },
      one.text, el("span", { class: "soft" }, sure === null ? " " : ` ${sure} `));
  });
  return section("Heard", el("p", { dir: "auto" }, view));
}

/** Speakers of the transcript, and those that people named in the track. */
function speakers() {
  const known = new Map(store.project.speakers.filter((one) => !one.same).map((one) => [one.id, one.name]));
  for (const id of store.order()) {
    const { speaker: named } = store.cue(id);
    if (named && !known.has(named)) known.set(named, named);
  }
  return known;
}

/** The speaker of a cue by what was typed: a known name, a new one, or nobody. */
function setSpeaker(cue, name) {
  const typed = name.trim();
  const known = [...speakers()].find(([id, one]) => one === typed || id === typed);
  const who = typed ? known?.[0] ?? typed : null;
  if (who !== cue.speaker) store.edit("speaker", { speaker: who }, { cue: cue.id }).catch(() => {});
}

const KNOWN_BY = { manual: "a person said so", script: "by the script", ixml: "by the recording's track names", channel: "by the channel", diarization: "by the voice" };

/** How it is known who speaks, and how sure that is. */
function known(more) {
  const { who } = more ?? {};
  if (!who) return null;
  const also = who.also.length ? `; ${who.also.map(speakerName).join(", ")} at the same time` : "";
  return el("p", { class: "soft" }, `${speakerName(who.speaker)}: ${KNOWN_BY[who.method] ?? `by ${who.method}`}, ${Math.round(100 * who.confidence)} % sure${also}`);
}

function voices(cue, more) {
  const { register } = store.project;
  const manners = register.filter((one) => one.language === store.track.language && (one.speaker === cue.speaker || one.speaker === "*"));
  const field = el("input", { id: "speaker", list: "speakers", value: cue.speaker ? speakerName(cue.speaker) : "", placeholder: "nobody named  v", "aria-label": "Speaker",
    disabled: cue.locked, maxlength: "200", dir: "auto", onkeydown: (event) => { if (event.key === "Enter") event.target.blur(); }, onblur: (event) => setSpeaker(cue, event.target.value) });
  return section("Speaker", field, known(more), el("datalist", { id: "speakers" }, [...speakers().values()].map((one) => el("option", { value: one }))), el("ul", {}, manners.map((one) => el("li", {},
    `to ${one.addressee === "*" ? "anyone" : speakerName(one.addressee)}: ${one.level}${one.term ? `, “${one.term}”` : ""}${one.reason ? ` (${one.reason})` : ""}`))), cue.speaker ? everywhere(cue.speaker) : null);
}

/** What holds of a speaker on all cues: another name, and who is the same person. */
function everywhere(who) {
  const track = store.track.id;
  const name = el("input", { id: "speaker-name", value: speakerName(who), maxlength: "200", dir: "auto", "aria-label": "Name of the speaker on all cues" });
  const others = [...speakers()].filter(([id]) => id !== who);
  const same = el("select", { id: "same-speaker", "aria-label": "The same person as" }, el("option", { value: "" }, "is the same as…"), others.map(([id, one]) => el("option", { value: id }, one)));
  const rename = (event) => {
    event.preventDefault();
    if (name.value.trim() && name.value.trim() !== speakerName(who)) store.edit("rename", { speaker: who, name: name.value.trim() }, { cue: null, track }).catch(() => {});
  };
  const unify = () => {
    if (same.value) store.edit("unify", { speaker: same.value, others: [who] }, { cue: null, track }).catch(() => {});
  };
  return el("details", { id: "everywhere" }, el("summary", {}, `${speakerName(who)} on all cues`),
    el("form", { onsubmit: rename }, name, el("button", {}, "Rename")), el("div", {}, same, el("button", { type: "button", onclick: unify }, "Merge")));
}

function comments(cue) {
  const write = el("input", { id: "comment", placeholder: "Comment  c", "aria-label": "New comment", maxlength: "4000" });
  const form = el("form", { onsubmit: (event) => {
    event.preventDefault();
    const text = write.value.trim();
    write.value = "";
    write.blur();
    if (text) store.edit("comment", { text }).catch(() => { write.value = text; });
  } }, write);
  return section("Comments", el("ul", {}, cue.comments.map((one, place) => el("li", {},
    el("span", { class: "soft" }, `${one.actor}, ${one.time.slice(0, 16).replace("T", " ")}: `), el("span", { dir: "auto" }, one.text), " ",
    el("button", { onclick: () => store.edit(one.resolved ? "reopen" : "resolve", { comment: place }).catch(() => {}) }, one.resolved ? "Reopen" : "Settle")))), form);
}

function origin(more) {
  const made = more?.provenance;
  if (!made) return null;
  const parts = [made.origin, made.tool, made.version, made.model, made.actor, made.time].filter(Boolean);
  return section("Where it comes from", el("p", { class: "soft" }, parts.join(" · ")));
}

function past() {
  if (!history) return section("History", el("button", { onclick: showHistory }, "Show what happened to it (h)"));
  const words = { time: (value) => store.grid.timecode(seconds(value)), speaker: speakerName };
  const told = history.map((entry) => described(entry, words)).filter(Boolean);
  return section("History", el("ul", { id: "history" }, told.map(({ who, what, kind, when, text, lines }) => el("li", { class: `made-${kind}` },
    el("div", {}, el("b", {}, who), ` ${what} `, el("span", { class: "soft" }, when)),
    text ? diffView(text[0], text[1]) : "", lines.map((line) => el("div", { dir: "auto" }, line))))));
}

// -- what keys and buttons do --------------------------------------------------------------------

export async function approve() {
  const cue = store.cue(store.current);
  if (!cue || !(await list.save(cue.id))) return; // what is typed and not saved can't be vouched for
  store.edit(cue.review.state === "approved" ? "unapprove" : "approve", {}, { cue: cue.id }).catch(() => {});
}

export function lock() {
  const cue = store.cue(store.current);
  if (cue) store.edit(cue.locked ? "unlock" : "lock").catch(() => {});
}

/** Take the cue away (undo brings it back) and go to the one after it. */
export function remove() {
  const order = store.order();
  const place = order.indexOf(store.current);
  if (place < 0) return;
  const gone = store.current;
  store.edit("delete", {}, { cue: gone }).then(() => {
    store.setDraft(gone, undefined);
    store.select(order[place + 1] ?? order[place - 1] ?? null);
  }).catch(() => {});
}

/** A new cue where the picture is, up to two seconds long, that keeps the profile's gap to the next. */
export function insert() {
  const { grid, track } = store;
  if (!track) return;
  const from = currentFrame();
  const cues = store.order().map((id) => store.cue(id));
  if (cues.some((cue) => grid.frame(cue.from) <= from && from < grid.frame(cue.to))) return tell("There is a cue here already.", "bad");
  const after = cues.find((cue) => grid.frame(cue.from) > from);
  const to = Math.min(from + Math.round(2 * grid.rate), after ? grid.frame(after.from) - track.profile.min_gap_frames : Infinity);
  if (to <= from) return tell("There is no room for a cue here.", "bad");
  list.leave();
  store.edit("insert", { start: grid.text(from), end: grid.text(to), lines: ["…"] }, { cue: null }).then((found) => {
    const made = found?.tracks[track.id]?.changed[0];
    if (made) { store.select(made.id); list.edit(true); }
  }).catch(() => {});
}

/** At the top of the picture, or at its bottom again. */
export function place() {
  const cue = store.cue(store.current);
  if (!cue) return;
  const { vertical, horizontal } = cue.placement;
  store.edit("place", { vertical: vertical === "top" ? "bottom" : "top", horizontal }).catch(() => {});
}

export function merge() {
  const order = store.order();
  const next = order[order.indexOf(store.current) + 1];
  if (!store.cue(store.current)) return;
  if (!next) return tell("There is no cue after this one.", "bad");
  list.leave();
  store.change("/api/edit", () => ({
    op: "merge", track: store.track.id, cue: store.current, revision: store.cue(store.current).revision,
    with: next, with_revision: store.cue(next).revision,
  })).catch(() => {});
}

/** In two at the caret; where nobody types, at the picture's place in the cue, or in its middle. */
export async function split() {
  const cue = store.cue(store.current);
  const caret = list.caret();
  if (!cue || !(await list.save(cue.id))) return;
  list.leave();
  const frame = currentFrame();
  const [from, to] = [store.grid.frame(cue.from), store.grid.frame(cue.to)];
  const inside = frame > from && frame < to;
  const near = caret ?? splitPlace(cue.lines, inside ? (frame - from) / (to - from) : 0.5);
  if (!near) return tell(`${cue.id} has one word: put the caret where it should be split.`, "bad");
  const at = inside && !caret ? { at: store.grid.text(frame) } : {};
  store.edit("split", { line: near.line, column: near.column, ...at }, { cue: cue.id }).catch(() => {});
}

export function choose(place) {
  const alternative = store.cue(store.current)?.alternatives[place];
  if (!alternative) return;
  store.setDraft(store.current, undefined);
  list.leave();
  store.edit("choose", { alternative: alternative.text }).catch(() => {});
}

export function redo(path) {
  const { current, track } = store;
  if (!store.cue(current)) return;
  list.leave();
  store.change(path, () => ({ track: track.id, cue: current, revision: store.cue(current, track.id).revision }), "The engine is at work…").catch(() => {});
}

export function showWords() { openTab("panel"); words = !words; draw(); }

export async function showHistory() {
  openTab("panel");
  read = history !== null;
  const { current, track } = store;
  if (!store.cue(current)) return;
  try {
    const { entries } = await get("/api/history", { track: track.id, cue: current, limit: 50 });
    if (current !== store.current) return;
    history = entries;
  } catch { return tell("The server does not answer.", "bad"); }
  draw();
}

export function comment() { openTab("panel"); byId("comment")?.focus(); }

export function speaker() { openTab("panel"); byId("speaker")?.focus(); }

export const undo = () => step("/api/undo", "There is nothing to undo.");
export const again = () => step("/api/redo", "There is nothing to do again.");

async function step(path, nothing) {
  await list.save();
  list.leave();
  store.change(path, () => ({})).then((found) => { // go where it happened
    const here = found?.tracks[store.track.id]?.changed ?? [];
    if (here.length && !here.some((cue) => cue.id === store.current)) store.select(here[0].id);
  }).catch((error) => { if (error.status === 404) tell(nothing); });
}
