// What is measured while typing must be what the quality check measures.

import assert from "node:assert/strict";
import { test } from "node:test";

import { measure, width } from "../static/measure.js";
import { seconds } from "../static/time.js";

const PROFILE = { counting: "characters", max_cpl: 42, max_lines: 2, max_cps: "17", min_duration: "5/6", max_duration: "7" };
const named = (found, name) => found.find((one) => one.name === name);

test("a grapheme is one character, whatever it is made of", () => {
  assert.equal(width("e\u0301te\u0301", "characters"), 3);
  assert.equal(width("👩‍👩‍👧", "characters"), 1);
  assert.equal(width("한", "characters"), 1);
});

test("marks and invisible characters have no width", () => {
  assert.equal(width("\u200bab\u2060", "characters"), 2);
  assert.equal(width("\u202bשלום\u202c", "characters"), 4);
});

test("where wide characters count one, Latin letters count one half", () => {
  assert.equal(width("형 OK", "half-width"), 2.5);
});

test("each measure stands beside its limit and says whether it is kept", () => {
  const found = measure(["a".repeat(43), "b"], 4, PROFILE, seconds);
  assert.deepEqual(found.map((one) => one.name), ["CPS", "CPL", "lines", "s"]);
  assert.deepEqual(named(found, "CPL"), { name: "CPL", value: "43", all: "43 + 1", limit: "42", kept: false });
  assert.deepEqual(named(found, "CPS"), { name: "CPS", value: "11.0", limit: "17", kept: true });
  assert.equal(named(found, "lines").kept, true);
  assert.equal(named(measure(["a", "b", "c"], 4, PROFILE, seconds), "lines").kept, false);
});

test("a limit that is met to the last frame is kept", () => {
  assert.equal(named(measure(["a".repeat(17)], 1, PROFILE, seconds), "CPS").kept, true);
  assert.equal(named(measure(["a".repeat(18)], 1, PROFILE, seconds), "CPS").kept, false);
  for (const [duration, kept] of [[20 / 24, true], [19 / 24, false], [7, true], [7.05, false]])
    assert.equal(named(measure(["a"], duration, PROFILE, seconds), "s").kept, kept, `${duration} s`);
});

test("a cue without duration or text has no reading speed", () => {
  assert.equal(named(measure(["a"], 0, PROFILE, seconds), "CPS").value, "0.0");
  assert.equal(named(measure([], 1, PROFILE, seconds), "CPL").value, "0");
});
