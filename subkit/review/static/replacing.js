// Find and replace over the track: each change is shown before it is made, and all of them are one edit.

import { open } from "./dialogs.js";
import { diffView, el } from "./dom.js";
import { finder, replaced } from "./find.js";
import { list } from "./list.js";
import { linesOf, store } from "./store.js";

const SHOWN = 200; // changes that are drawn; all of them are made

const kept = { text: "", by: "", cased: false, whole: false, pattern: false };
let left = new Set(); // cues that the reviewer took out

export async function findAndReplace() {
  if (!store.track || !(await list.save())) return;
  list.leave();
  left = new Set();
  const box = (name, key) => el("label", {}, el("input", { type: "checkbox", checked: kept[key], onchange: (event) => { kept[key] = event.target.checked; draw(); } }), ` ${name}`);
  const field = (name, key) => el("label", { class: "field" }, name, el("input", { value: kept[key], "aria-label": name, dir: "auto", spellcheck: "false",
    oninput: (event) => { kept[key] = event.target.value; left.clear(); draw(); } }));
  const preview = el("ul", { id: "preview", "aria-label": "What would change" });
  const note = el("p", { id: "found", role: "status" });
  open(`Find and replace in ${store.track.id}`, [
    el("div", { class: "fields" }, field("Find", "text"), field("Replace with", "by")),
    el("p", { class: "choices" }, box("Upper and lower case differ", "cased"), box("Whole words", "whole"), box("Pattern (regular expression)", "pattern")),
    note, preview,
  ], [["Close", () => {}], ["Replace", replaceAll]]);
  const dialog = /** @type {HTMLDialogElement} */ (preview.closest("dialog"));
  dialog.classList.add("wide");
  /** @type {HTMLElement} */ (dialog.querySelector(".fields input")).focus();
  draw();

  function draw() {
    const { changes, locked, message } = look();
    preview.replaceChildren(...changes.slice(0, SHOWN).map(row));
    const made = changes.filter((one) => !left.has(one.cue.id));
    const button = /** @type {HTMLButtonElement} */ (dialog.querySelector("button.main"));
    button.disabled = !made.length;
    button.textContent = made.length ? `Replace in ${made.length} cue${made.length > 1 ? "s" : ""}` : "Replace";
    note.textContent = message ?? [
      `${changes.reduce((sum, one) => sum + one.count, 0)} found in ${changes.length} cues`,
      changes.length > SHOWN ? `the first ${SHOWN} are shown, all are changed` : "",
      locked.length ? `${locked.length} locked: left alone` : "",
      made.some((one) => one.cue.review.state === "approved") ? "approvals of what changes end" : "",
    ].filter(Boolean).join(" · ");
  }

  function row({ cue, text }) {
    const take = el("input", { type: "checkbox", checked: !left.has(cue.id), "aria-label": `Change ${cue.id}`,
      onchange: (event) => { if (event.target.checked) left.delete(cue.id); else left.add(cue.id); draw(); } });
    return el("li", {}, el("label", {}, take, el("span", { class: "number" }, cue.id)),
      el("button", { class: "quiet", title: "Show this cue", onclick: () => store.select(cue.id) }, diffView(cue.lines.join("\n"), text)));
  }
}

/** What would change: `{changes: [{cue, text, count}], locked: [id], message}`. */
function look() {
  let wanted = null;
  try { wanted = finder(kept.text, kept); } catch (error) { return { changes: [], locked: [], message: `This is no pattern: ${error.message}` }; }
  if (!wanted) return { changes: [], locked: [], message: "Type what to find; nothing changes before you press Replace." };
  const [changes, locked] = [[], []];
  for (const id of store.order()) {
    const cue = store.cue(id);
    const before = cue.lines.join("\n");
    const { text, count } = replaced(before, wanted, kept.by, kept);
    const after = linesOf(text).join("\n");
    if (!count || after === before) continue;
    if (cue.locked) locked.push(id);
    else changes.push({ cue, text: after, count });
  }
  return { changes, locked };
}

function replaceAll() {
  const cues = look().changes.filter(({ cue }) => !left.has(cue.id)).map(({ cue, text }) => ({ cue: cue.id, revision: cue.revision, lines: linesOf(text) }));
  if (cues.length) store.edit("replace", { cues }, { cue: null }).catch(() => findAndReplace());
}
