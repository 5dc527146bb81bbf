// Finding, replacing, splitting, and places to go to.

import assert from "node:assert/strict";
import { test } from "node:test";

import { finder, placeNamed, replaced, splitPlace } from "../static/find.js";
import { Grid } from "../static/time.js";

const replace = (text, find, by, how = {}) => replaced(text, finder(find, how), by, how);

test("text is found as it is written, whatever it means in patterns", () => {
  assert.deepEqual(replace("Why? (no)", "? (", "! ["), { text: "Why! [no)", count: 1 });
  assert.deepEqual(replace("a $1 b", "$1", "$&"), { text: "a $& b", count: 1 });
  assert.deepEqual(replace("Hugo HUGO", "hugo", "Victor"), { text: "Victor Victor", count: 2 });
  assert.deepEqual(replace("Hugo HUGO", "Hugo", "Victor", { cased: true }), { text: "Victor HUGO", count: 1 });
  assert.deepEqual(replace("so long\nas", "long as", "far as"), { text: "so far as", count: 1 });
});

test("whole words are whole in every script", () => {
  assert.equal(replace("art party art.", "art", "x", { whole: true }).text, "x party x.");
  assert.equal(replace("été étés", "été", "x", { whole: true }).text, "x étés");
  assert.equal(replace("휴고는 휴고", "휴고", "x", { whole: true }).text, "휴고는 x");
});

test("patterns have groups, and what matches nothing changes nothing", () => {
  assert.equal(replace("at 10 am", "(\\d+) am", "$1:00$$", { pattern: true }).text, "at 10:00$");
  assert.equal(replace("one, two", ", ", ",\\n", { pattern: true }).text, "one,\ntwo");
  assert.deepEqual(replace("abc", "x*", "-", { pattern: true }), { text: "abc", count: 0 });
  assert.throws(() => finder("(", { pattern: true }), SyntaxError);
  assert.equal(finder(""), null);
});

test("a cue is split at the break nearest to a time", () => {
  const place = (lines, share) => { const { line, column } = splitPlace(lines, share); return [line, column]; };
  assert.deepEqual(place(["one two three four"], 0.2), [0, 3]);
  assert.deepEqual(place(["one two three four"], 0.9), [0, 13]);
  assert.deepEqual(place(["one two", "three four"], 0.5), [0, 7]);
  assert.equal(splitPlace(["one"], 0.5), null);
});

test("a place is a cue, a timecode or seconds", () => {
  const ids = ["c0001", "c0006", "c0006.2"];
  const film = new Grid("25", false, "0");
  assert.deepEqual(placeNamed(" c0006 ", ids, film), { cue: "c0006" });
  assert.deepEqual(placeNamed("6", ids, film), { cue: "c0006" });
  assert.deepEqual(placeNamed("c6.2", ids, film), { cue: "c0006.2" });
  assert.deepEqual(placeNamed("00:01:02:05", ids, film), { time: 62.2 });
  assert.deepEqual(placeNamed("1:02", ids, film), { time: 62 });
  assert.deepEqual(placeNamed("75.5", ids, film), { time: 75.5 });
  assert.deepEqual(placeNamed("7s", ids, film), { time: 7 });
  assert.equal(placeNamed("70", ids, film), null);
  assert.equal(placeNamed("soon", ids, film), null);
});

test("a timecode that is read is the one that is written", () => {
  for (const [rate, drop, start] of [["30000/1001", true, "3600"], ["24000/1001", false, "36000"], ["60000/1001", true, "0"]]) {
    const grid = new Grid(rate, drop, start);
    for (const frame of [0, 1, 1799, 1800, 1801, 17981, 17982, 107892, 200000])
      assert.equal(grid.frame(grid.parse(grid.timecode(grid.time(frame)))), frame);
  }
});
