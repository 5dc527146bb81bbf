// Every shortcut, once: the key, its name in the help, where it holds, what it does.

import { toggleBand } from "./band.js";
import { toggleGuides } from "./captions.js";
import { byId, el } from "./dom.js";
import { account, exportTracks, goTo, help, signOff } from "./dialogs.js";
import { nextTake } from "./dubbing.js";
import { toFinding } from "./findings.js";
import { open as openTab } from "./findingslist.js";
import { back } from "./follow.js";
import { nameOf, spelled } from "./keynames.js";
import { list } from "./list.js";
import { colors, force, toggle } from "./looks.js";
import { edgeHere, lockLoop } from "./loops.js";
import * as panel from "./panel.js";
import * as player from "./player.js";
import { onlyCharacter, toNext } from "./queue.js";
import { findAndReplace } from "./replacing.js";
import { store } from "./store.js";
import { nudge, toggleSpectrogram, zoomBy } from "./wave.js";

/** @typedef {[key: string, name: string, act: () => void]} Shortcut */

/** @type {Shortcut[]} */
const choices = Array.from({ length: 9 }, (_, i) => [String(i + 1), i ? "" : "Choose alternative 1 to 9", () => panel.choose(i)]);

/** Outside of text, by what they are about. An empty name stands with the one before it in the help. @type {[string, Shortcut[]][]} */
export const GROUPS = [
  ["Go", [
    ["ArrowDown", "Next cue (also j)", () => store.step(1, list.ids())], ["j", "", () => store.step(1, list.ids())],
    ["ArrowUp", "Cue before (also k)", () => store.step(-1, list.ids())], ["k", "", () => store.step(-1, list.ids())],
    ["PageDown", "Ten cues on", () => store.step(10, list.ids())],
    ["PageUp", "Ten cues back", () => store.step(-10, list.ids())],
    ["Home", "First cue", () => store.step(-1e9, list.ids())],
    ["End", "Last cue", () => store.step(1e9, list.ids())],
    ["n", "Next in the queue", () => toNext(1)],
    ["N", "Back in the queue", () => toNext(-1)],
    ["b", "Back to the cue that is heard", () => back()],
    ["f", "Next finding", () => toFinding(1)],
    ["F", "Finding before", () => toFinding(-1)],
    ["q", "List of findings, or the cue", () => openTab()],
    ["g", "Go to a timecode or a cue", () => goTo()],
    ["/", "Find text (also Ctrl+F)", () => byId("search").focus()], ["Control+f", "", () => byId("search").focus()],
    ["Control+h", "Find and replace", () => findAndReplace()],
  ]],
  ["Change", [
    ["Enter", "Edit the text", () => list.edit()],
    ...choices,
    ["x", "Split where the picture is", () => panel.split()],
    ["m", "Merge with the next cue", () => panel.merge()],
    ["e", "New cue where the picture is", () => panel.insert()],
    ["Delete", "Delete the cue", () => panel.remove()],
    ["u", "To the top, or to the bottom", () => panel.place()],
    ["Control+i", "Italic, or not", () => toggle("italic")],
    ["Control+b", "Bold, or not", () => toggle("bold")],
    ["Control+u", "Underlined, or not", () => toggle("underline")],
    ["Alt+c", "Colour", () => colors()],
    ["Alt+f", "Forced, or not", () => force()],
    ["t", "Re-translate", () => panel.redo("/api/retranslate")],
    ["r", "Re-align to the words heard", () => panel.redo("/api/realign")],
    ["Control+z", "Undo", () => panel.undo()],
    ["Control+Shift+Z", "Do again (also Ctrl+Y)", () => panel.again()], ["Control+y", "", () => panel.again()],
  ]],
  ["Decide", [
    ["a", "Approve the cue, or take it back", () => panel.approve()],
    ["A", "Sign off the track", () => signOff()],
    ["l", "Lock or unlock", () => panel.lock()],
    ["c", "Comment", () => panel.comment()],
    ["v", "Who speaks", () => panel.speaker()],
    ["w", "Words and how sure", () => panel.showWords()],
    ["h", "History of the cue", () => panel.showHistory()],
    ["s", "Speech that has no cue", () => account()],
    ["E", "Export", () => exportTracks()],
  ]],
  ["Picture and times", [
    [" ", "Play or pause", () => player.toggle()],
    ["p", "Play the cue", () => player.playCue()],
    ["P", "Play the cue again and again", () => player.playCue(true)],
    [",", "One frame back", () => player.stepFrames(-1)],
    [".", "One frame on", () => player.stepFrames(1)],
    ["[", "In-time a frame earlier", () => nudge("from", -1)],
    ["]", "In-time a frame later", () => nudge("from", 1)],
    ["{", "Out-time a frame earlier", () => nudge("to", -1)],
    ["}", "Out-time a frame later", () => nudge("to", 1)],
    ["i", "In-time here", () => nudge("from", 0, player.currentFrame())],
    ["o", "Out-time here", () => nudge("to", 0, player.currentFrame())],
    ["y", "Spectrogram or waveform", () => toggleSpectrogram()],
    ["G", "Lines of the safe areas", () => toggleGuides()],
    ["+", "Waveform closer", () => zoomBy(1.4)],
    ["-", "Waveform wider", () => zoomBy(1 / 1.4)],
    ["?", "These shortcuts", () => help()],
  ]],
  ["Dubbing", [
    ["d", "Open, recorded, retake", () => nextTake()],
    ["C", "Only this character, or all", () => onlyCharacter()],
    ["(", "The loop begins with this line", () => edgeHere("start")],
    [")", "The loop ends with this line", () => edgeHere("end")],
    ["L", "Lock or unlock the loop", () => lockLoop()],
    ["z", "Rhythmo band, or captions", () => toggleBand()],
  ]],
];

export const KEYS = GROUPS.flatMap(([, rows]) => rows);

/** While typing in a cue. @type {Shortcut[]} */
export const TYPING = [
  ["Escape", "Leave the text (it is saved)", () => { list.leave(); }],
  ["Control+Enter", "Save and go to the next cue", () => { list.leave(); store.step(1, list.ids()); list.edit(); }],
  ["Control+Shift+Enter", "Split at the caret", () => panel.split()],
  ["Alt+ArrowDown", "Next cue, still typing", () => { list.leave(); store.step(1, list.ids()); list.edit(); }],
  ["Alt+ArrowUp", "Cue before, still typing", () => { list.leave(); store.step(-1, list.ids()); list.edit(); }],
  ["Control+ ", "Play the cue", () => player.playCue()],
  ["Control+i", "Italic: what is selected, else all (likewise Ctrl+B, Ctrl+U)", () => toggle("italic")],
  ["Control+b", "", () => toggle("bold")],
  ["Control+u", "", () => toggle("underline")],
  ["Alt+c", "Colour of what is selected", () => colors()],
];

let held = null; // the key that was pressed as a shortcut and is not let go yet

/** Whether a key press is for what has the focus: letters for a field, space and Enter for a button. */
function belongsTo(target, key) {
  if (target.matches("textarea, select, input:not([type=range], [type=checkbox])")) return true;
  return target.matches("button, summary, input") && [" ", "Enter"].includes(key);
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  if (event.repeat && event.code === held && !STEPS.has(event.key)) return void event.preventDefault(); // else it types letters where it led
  if (!event.repeat) held = null;
  if (!store.track || byId("dialog").open || event.isComposing || (event.keyCode === 229 && event.key !== "Process")) return;
  const inCue = target.matches("#rows textarea");
  if (event.keyCode === 229 && target.matches("input, textarea")) return; // an input method's key
  if (!inCue && belongsTo(target, event.key)) {
    if (event.key === "Escape") target.blur();
    return;
  }
  const name = nameOf(event);
  const undoes = ["Control+z", "Control+Shift+Z", "Control+y"].includes(name);
  const table = inCue ? [...TYPING, ...(undoes && !list.dirty ? KEYS : [])] : KEYS;
  const found = table.find(([key]) => key === name);
  if (!found) return;
  event.preventDefault();
  held = event.code;
  found[2]();
}

/** Keys that go on while they are held. */
const STEPS = new Set(["ArrowDown", "ArrowUp", "PageDown", "PageUp", "j", "k", ",", ".", "[", "]", "{", "}", "+", "-"]);

export function start() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("keyup", (event) => { if (event.code === held) held = null; });
  // What was clicked gives the keyboard back: else the next space would press it again.
  document.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button, select, input[type=range]"));
    if (event.detail > 0 && button && !button.matches("select") && !button.closest("dialog")) { button.blur(); list.focus(); }
  });
  document.addEventListener("change", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.matches("select, input[type=range]") && !target.closest("dialog")) { target.blur(); list.focus(); }
  });
}

/** The tables for the help. */
export function helpTables() {
  /** @type {[string, Shortcut[]][]} */
  const groups = [...GROUPS.slice(0, 3), ["While typing", TYPING], ...GROUPS.slice(3)];
  return groups.map(([title, rows]) => el("section", {}, el("h3", {}, title),
    el("table", {}, el("tbody", {}, rows.filter(([, name]) => name).map(([key, name]) =>
      el("tr", {}, el("td", {}, el("kbd", {}, spelled(key))), el("td", {}, name)))))));
}
