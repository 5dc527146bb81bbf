// Times on the page are frames of the project's grid, and leave it as exact fractions.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Grid, seconds } from "../static/time.js";

test("a fraction in text becomes seconds", () => {
  assert.equal(seconds("3003/1000"), 3.003);
  assert.equal(seconds("12"), 12);
  assert.equal(seconds(0), 0);
});

test("every frame survives the way to seconds and back", () => {
  for (const rate of ["24", "25", "24000/1001", "30000/1001", "60000/1001", "50"]) {
    const grid = new Grid(rate, false, "0");
    for (const frame of [0, 1, 999, 1_000_001, 2_160_000]) assert.equal(grid.frame(grid.time(frame)), frame, rate);
  }
});

test("the exact text of a frame is its fraction of a second", () => {
  assert.equal(new Grid("24000/1001", false, "0").text(24), "24024/24000");
  assert.equal(new Grid("25", false, "0").text(7), "7/25");
});

test("a timecode counts frames from the start of the programme", () => {
  const grid = new Grid("25", false, "36000");
  assert.equal(grid.timecode(0), "10:00:00:00");
  assert.equal(grid.timecode(61.04), "10:01:01:01");
});

test("without drop-frame a timecode runs behind the clock at 29.97", () => {
  assert.equal(new Grid("30000/1001", false, "0").timecode(3600), "00:59:56:12");
});

test("drop-frame skips two names a minute, but none in each tenth", () => {
  const grid = new Grid("30000/1001", true, "0");
  const names = [1799, 1800, 17_981, 17_982, 107_892].map((frame) => grid.timecode(grid.time(frame)));
  assert.deepEqual(names, ["00:00:59;29", "00:01:00;02", "00:09:59;29", "00:10:00;00", "01:00:00;00"]);
  const fast = new Grid("60000/1001", true, "0");
  assert.deepEqual([3599, 3600].map((frame) => fast.timecode(fast.time(frame))), ["00:00:59;59", "00:01:00;04"]);
});

test("a project without a frame rate has a grid of 25 frames", () => {
  assert.equal(new Grid(undefined, undefined, undefined).timecode(1.48), "00:00:01:12");
});
