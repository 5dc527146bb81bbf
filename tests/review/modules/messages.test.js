// What the page says after an action, and which shortcut a key press means.

import assert from "node:assert/strict";
import { test } from "node:test";

import { nameOf } from "../static/keynames.js";
import { named, outcome } from "../static/messages.js";

test("an action says what it did", () => {
  const cut = { ko: { changed: [{ id: "6" }, { id: "6.2" }], removed: [] } };
  const merged = { ko: { changed: [{ id: "6" }], removed: ["7"] } };
  const said = (path, body, found) => outcome(path, { track: "ko", ...body }, { project: false, ...found }, "ko");
  assert.equal(said("/api/edit", { op: "split", cue: "6" }, { tracks: cut }), "Split 6 into 6 and 6.2. Saved.");
  assert.equal(said("/api/edit", { op: "merge", cue: "6", with: "7" }, { tracks: merged }), "Merged 6 and 7. Saved.");
  assert.equal(said("/api/edit", { op: "retext", cue: "6" }, { tracks: merged }), "Saved.");
  assert.equal(said("/api/edit", { op: "lock", cue: "6" }, { tracks: {} }), "Nothing to change.");
  assert.equal(said("/api/undo", {}, { of: "merge", tracks: merged }), "Undid the merge of 6 and 7. Saved.");
});

test("many cues are not all named", () => {
  assert.equal(named(["1", "2", "3"]), "1, 2 and 3");
  assert.equal(named(["1", "2", "3", "4"]), "1, 2 and 2 more");
});

test("a letter counts by its place where the keyboard writes another script", () => {
  const pressed = [
    [{ key: "a", code: "KeyA" }, "a"],
    [{ key: "a", code: "KeyQ" }, "a"], // a French keyboard says a, wherever it stands
    [{ key: "ㅁ", code: "KeyA" }, "a"],
    [{ key: "Ф", code: "KeyA", shiftKey: true }, "A"],
    [{ key: "я", code: "KeyZ", ctrlKey: true }, "Control+z"],
    [{ key: "Process", code: "KeyN" }, "n"],
    [{ key: "Enter", code: "Enter", ctrlKey: true, shiftKey: true }, "Control+Shift+Enter"],
    [{ key: "é", code: "Digit2" }, "é"],
  ];
  for (const [event, name] of pressed) assert.equal(nameOf(event), name);
});
