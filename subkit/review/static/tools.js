// The row of buttons: what keys do, for hands on the mouse and for who does not know the keys yet.

import { account, exportTracks, goTo } from "./dialogs.js";
import { byId, el } from "./dom.js";
import { toFinding } from "./findings.js";
import { toggleGuides } from "./captions.js";
import * as panel from "./panel.js";
import { findAndReplace } from "./replacing.js";
import { spelled } from "./keynames.js";
import { toggleSpectrogram } from "./wave.js";

/** @type {[string, string, () => any][][]} */
const GROUPS = [
  [["Split", "x", panel.split], ["New", "e", panel.insert], ["Merge", "m", panel.merge], ["Delete", "Delete", panel.remove]],
  [["Undo", "Control+z", panel.undo], ["Redo", "Control+Shift+Z", panel.again]],
  [["◂ Finding", "F", () => toFinding(-1)], ["Finding ▸", "f", () => toFinding(1)]],
  [["Find & replace", "Control+h", findAndReplace], ["Go to…", "g", goTo]],
  [["Speech…", "s", account], ["Export…", "E", exportTracks]],
  [["Spectrogram", "y", toggleSpectrogram], ["Guides", "G", toggleGuides]],
];

export function start() {
  const tools = byId("tools");
  tools.replaceChildren(...GROUPS.map((group) => el("span", { role: "group" }, group.map(([name, key, act]) =>
    el("button", { title: `${name} (${spelled(key)})`, onclick: () => act() }, name)))));
  tools.addEventListener("pointerdown", (event) => event.preventDefault()); // the caret stays where it is
}
