// What needs an answer: conflicts, signing off, speech without a cue, who sits here; and the help.

import { get, post } from "./api.js";
import { byId, diffView, el, tell } from "./dom.js";
import { helpTables } from "./keys.js";
import { list } from "./list.js";
import { placeNamed } from "./find.js";
import { now, seek } from "./player.js";
import { store } from "./store.js";
import { seconds } from "./time.js";

const dialog = byId("dialog");

export function start() {
  store.on("conflict", conflict);
  dialog.addEventListener("close", () => list.reveal(store.current));
}

export function open(title, content, buttons = /** @type {[string, () => void][]} */ ([["Close", () => {}]])) {
  dialog.replaceChildren(el("h2", { id: "dialog-title", tabindex: "-1", autofocus: true }, title), ...content.filter(Boolean),
    el("div", { class: "buttons" }, buttons.map(([name, act], place) =>
      el("button", { class: place === buttons.length - 1 && buttons.length > 1 ? "main" : "", onclick: () => { dialog.close(); act(); } }, name))));
  dialog.classList.remove("wide");
  dialog.setAttribute("aria-labelledby", "dialog-title");
  if (!dialog.open) dialog.showModal();
}

/** The answer, or nothing once the reviewer was told why there is none. */
const asked = (answer) => answer.catch((error) => tell(error.status ? error.message : "The server does not answer.", "bad"));

export function help() {
  open("Keyboard", [el("div", { class: "columns" }, helpTables())]);
  dialog.classList.add("wide");
}

/** Two people changed the same: both versions, and the reviewer decides. */
function conflict({ body, message, theirs }) {
  const mine = (body.lines ?? []).join("\n");
  const others = theirs ? theirs.lines.join("\n") : "";
  open("Changed by somebody else meanwhile", [
    el("p", {}, message),
    body.lines ? el("div", {}, el("h3", {}, "Theirs"), el("p", { class: "diff", dir: "auto" }, others), el("h3", {}, "Yours, against theirs"), diffView(others, mine)) : null,
  ], theirs ? [
    ["Take theirs", () => { store.setDraft(body.cue, undefined, body.track); list.leave(); list.refresh(); tell("Theirs stands."); }],
    ["Keep mine", () => {
      const { revision, track, cue, op, ...fields } = body;
      if (op !== "retext") return void store.edit(op, fields, { cue, track }).catch(() => {});
      store.stand(cue, store.draft(cue, track)?.text, theirs.revision, track);
      list.save(cue, track);
    }],
  ] : undefined);
}

export async function signOff() {
  if (!store.track || !(await list.save())) return;
  const gate = await asked(get("/api/gate", { track: store.track.id }));
  if (!gate) return;
  const { role, name } = store.project.reviewer;
  const standing = store.project.signoffs.filter((one) => one.track === store.track.id && one.stands && !one.cues.length);
  open(`Sign off ${store.track.id}`, [
    el("p", {}, `You sign as ${name}, ${role}. The signature holds for what the track says now; any later change ends it.`),
    standing.length ? el("p", {}, `Signed: ${standing.map((one) => `${one.actor} (${one.role})`).join(", ")}.`) : null,
    gate.missing.length ? el("div", {}, el("h3", {}, "Still missing"), el("ul", {}, gate.missing.map((one) => el("li", { class: "reason" }, one.message)))) : el("p", {}, "Nothing is missing."),
  ], [["Not yet", () => {}], ["Sign the whole track", () => store.edit("approve", { all: true }, { cue: null }).catch(() => {})]]);
}

/** Go to a timecode, or to a cue by its number. */
export function goTo() {
  if (!store.track) return;
  list.leave();
  const field = el("input", { "aria-label": "Timecode or cue", placeholder: store.grid.timecode(now()), autofocus: true });
  const go = () => {
    const found = placeNamed(field.value, store.order(), store.grid);
    if (!found) return tell(field.value.trim() ? `${field.value.trim()} is neither a timecode nor a cue of this track.` : "", "bad");
    if (found.cue) store.select(found.cue);
    else {
      seek(Math.min(found.time, seconds(store.project.duration)));
      const id = store.begunAt(found.time + 0.001) ?? store.order()[0];
      if (id !== undefined) store.select(id, { by: "picture" });
    }
  };
  open("Go to", [el("form", { method: "dialog", onsubmit: go }, field, el("p", { class: "soft" }, "A timecode (00:01:02:03), seconds (62.5) or a cue (6)."))], [["Cancel", () => {}], ["Go", go]]);
  field.focus();
}

/** Write tracks as files beside the project: what passes the gate, or a draft that says so. */
export async function exportTracks() {
  if (!store.track || !(await list.save())) return;
  const gate = await asked(get("/api/gate", { track: store.track.id }));
  if (!gate) return;
  const { formats, draft } = store.project.export;
  const format = el("select", { "aria-label": "Format" }, formats.map((one) => el("option", {}, one)));
  const overwrite = el("input", { type: "checkbox", "aria-label": "Replace files that are there" });
  const write = (asDraft) => post("/api/export", { tracks: [store.track.id], formats: [format.value], draft: asDraft, overwrite: overwrite.checked })
    .then(({ files, losses, folder }) => {
      const lost = Object.entries(losses).map(([file, what]) => ` ${file} cannot hold ${what}.`).join("");
      tell(`Wrote ${files.join(" and ")} in ${folder}.${lost}`, lost ? "bad" : "good");
    })
    .catch((error) => tell(error.status ? `Not exported. ${error.message}` : "The server does not answer.", "bad"));
  /** @type {[string, () => any][]} */
  const ways = [["Cancel", () => {}]];
  if (gate.passes) ways.push(["Export", () => write(false)]);
  else if (draft) ways.push(["Export a draft all the same", () => write(true)]);
  open(`Export ${store.track.id}`, [
    gate.passes ? el("p", {}, "The track passes its gate.") : el("div", {}, el("p", {}, draft ? "The track is not released yet:" : "The gate of this review lets nothing out before:"),
      el("ul", {}, gate.missing.map((one) => el("li", { class: "reason" }, one.message)))),
    el("p", { class: "choices" }, el("label", {}, "Format ", format), el("label", {}, overwrite, " Replace files that are there")),
    el("p", { class: "soft" }, `The file goes beside ${store.project.file}, with its disclosure.`),
  ], ways);
}

/** Stretches of voice without a cue, each with reasons to give. */
export async function account() {
  const found = await asked(get("/api/account"));
  if (!found) return;
  const rows = found.stretches.map((one) => el("tr", {},
    el("td", {}, el("button", { onclick: () => { dialog.close(); seek(seconds(one.start)); } }, store.grid.timecode(seconds(one.start)))),
    el("td", {}, `${(seconds(one.end) - seconds(one.start)).toFixed(1)} s`),
    el("td", {}, el("select", { "aria-label": "Reason", onchange: (event) => excuse(one, event.target.value) },
      [["", "no cue, no reason"], ["non-speech", "no speech"], ["other-language", "another language"], ["not-wanted", "not wanted"], ["elsewhere", "said elsewhere"]]
        .map(([value, name]) => el("option", { value, selected: value === (one.reason ?? "") }, name)))),
    el("td", {}, el("button", { onclick: () => insert(one), disabled: !store.track }, "New cue"))));
  open("Speech without a cue", [
    el("p", {}, store.project.heard
      ? `${seconds(found.accounted_seconds).toFixed(1)} of ${seconds(found.voice_seconds).toFixed(1)} seconds of voice have a cue or a reason.`
      : "Nobody listened for voice yet: the project has no transcript."),
    rows.length ? el("table", {}, el("tbody", {}, rows)) : store.project.heard && el("p", {}, "Nothing is open."),
  ]);
}

function excuse({ start, end }, reason) {
  store.edit("account", { start, end, reason }, { cue: null }).catch(() => {});
}

function insert({ start, end }) {
  dialog.close();
  store.edit("insert", { start, end, lines: ["…"] }, { cue: null }).then((found) => {
    const [made] = found?.tracks[store.track.id]?.changed ?? [];
    if (made) { store.select(made.id); list.edit(true); }
  }).catch(() => {});
}

export function reviewer() {
  const { reviewer: me, roles } = store.project;
  const name = el("input", { value: me.name, "aria-label": "Name" });
  const role = el("select", { "aria-label": "Role" }, roles.map((one) => el("option", { selected: one === me.role }, one)));
  open("Who sits here", [el("p", {}, "The name goes into the ledger with every change you make."), el("p", {}, name, " ", role)],
    [["Cancel", () => {}], ["Save", () => post("/api/reviewer", { name: name.value.trim(), role: role.value })
      .then(() => store.loadProject()).catch((error) => tell(error.message, "bad"))]]);
}
