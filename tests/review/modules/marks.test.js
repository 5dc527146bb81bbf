// What marks say of a text.

import assert from "node:assert/strict";
import { test } from "node:test";

import { described } from "../static/history.js";
import { COLORS, holds, isDark, pieces, savedPlace, styles, toldMarks } from "../static/marks.js";
import { outcome } from "../static/messages.js";

const mark = (feature, start, end, value = "", how = "") => ({ feature, start, end, value, how });

test("a text is cut where marks begin and end, and nothing of it is lost", () => {
  const marks = [mark("italic", 0, 7), mark("bold", 4, 11)];
  const found = pieces("one two three", marks);
  assert.deepEqual(found.map((one) => [one.text, one.marks.map((of) => of.feature)]), [
    ["one ", ["italic"]], ["two", ["italic", "bold"]], [" thr", ["bold"]], ["ee", []],
  ]);
  assert.equal(found.map((one) => one.text).join(""), "one two three");
  assert.deepEqual(pieces("", []), []);
  assert.equal(pieces("one", [mark("opaque", 1, 1, "x")]).length, 1);
});

test("a stretch has a mark where all its letters have", () => {
  const marks = [mark("italic", 0, 4), mark("italic", 4, 7), mark("color", 0, 7, COLORS.red)];
  assert.ok(holds(marks, "italic", 0, 7));
  assert.ok(!holds(marks, "italic", 0, 8));
  assert.ok(!holds(marks, "bold", 0, 1));
  assert.ok(holds(marks, "color", 1, 2, COLORS.red));
  assert.ok(!holds(marks, "color", 1, 2, COLORS.blue));
});

test("marks look as they say, and nothing else of a file reaches the page", () => {
  assert.deepEqual(styles([mark("italic", 0, 1), mark("underline", 0, 1), mark("strike", 0, 1)]), { "font-style": "italic", "text-decoration-line": "underline line-through" });
  assert.deepEqual(styles([mark("color", 0, 9, "#ff0000ff"), mark("color", 1, 2, "#00ff00ff")]), { color: "#00ff00ff" });
  for (const value of ["red", "url(//x)", "#fff", "#ff0000ff;x"]) assert.deepEqual(styles([mark("color", 0, 1, value), mark("background", 0, 1, value)]), {});
  assert.deepEqual(styles([mark("size", 0, 1, "150")]), { "font-size": "150%" });
  for (const size of [mark("size", 0, 1, "9000"), mark("size", 0, 1, "40", "points"), mark("font", 0, 1, "x")]) assert.deepEqual(styles([size]), {});
});

test("letters of dark colours get a bright ground", () => {
  assert.deepEqual(Object.keys(COLORS).filter((name) => isDark(COLORS[name])), ["blue", "black"]);
});

test("a selection stands where it will be once the text is saved", () => {
  const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
  const typed = "  one two\n\n three";
  const saved = linesOf(typed).join("\n");
  const start = savedPlace(typed, typed.indexOf("three"), linesOf);
  assert.equal(saved.slice(start, savedPlace(typed, typed.length, linesOf)), "three");
  assert.equal(saved.slice(savedPlace(typed, 6, linesOf), savedPlace(typed, 9, linesOf)), "two");
});

test("marks are told in words", () => {
  assert.equal(toldMarks("one two", [mark("italic", 0, 3), mark("color", 4, 7, COLORS.red)]), "italic “one”, colour #ff0000 “two”");
  const done = (op, fields) => outcome("/api/edit", { op, cue: "6", track: "en", ...fields }, { tracks: { en: { changed: [{ id: "6" }], removed: [] } } }, "en");
  assert.equal(done("mark", { feature: "italic" }), "Marked 6: italic. Saved.");
  assert.equal(done("force", { forced: true }), "6 is forced: shown even where subtitles are off. Saved.");
  const entry = (...changes) => described({ action: "mark", actor: "Ana", time: "2026-01-31T12:00:03Z", changes: changes.map(([field, before, after]) => ({ field, before, after })) }, {});
  assert.deepEqual(entry(["marks", undefined, [mark("italic", 0, 3)]]).lines, ["Now: italic"]);
  assert.deepEqual(entry(["marks", [mark("italic", 0, 3)], []]).lines, ["No more: italic"]);
  assert.deepEqual(entry(["marks", [mark("italic", 0, 3)], [mark("italic", 0, 4)]]).lines, ["Marks stand elsewhere"]);
  assert.deepEqual(entry(["forced", undefined, true]).lines, ["Forced"]);
});
