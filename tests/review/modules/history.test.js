// What the ledger says, in words.

import assert from "node:assert/strict";
import { test } from "node:test";

import { described } from "../static/history.js";

const words = { time: (value) => `T${value}`, speaker: (id) => ({ s1: "Dana" })[id] ?? id };
const entry = (action, ...changes) => ({ action, actor: "Ana", time: "2026-01-31T12:00:03Z", changes: changes.map(([field, before, after]) => ({ field, before, after })) });

test("an entry is a sentence and what changed", () => {
  const told = described(entry("retext", ["lines", "old", "new"], ["provenance", { origin: "mt" }, { origin: "human" }]), words);
  assert.deepEqual(told, { who: "Ana", what: "changed the text", kind: "text", when: "2026-01-31 12:00", text: ["old", "new"], lines: [] });
  assert.deepEqual(described(entry("retime", ["start", "1", "2"]), words).lines, ["In-time: T1 → T2"]);
  assert.equal(described(entry("undo 12", ["locked", true, false]), words).what, "undid an edit");
});

test("every field is told in words, and none as JSON", () => {
  const lines = (...changes) => described(entry("edit", ...changes), words).lines;
  assert.deepEqual(lines(["speaker", null, "s1"]), ["Speaker: nobody named → Dana"]);
  assert.deepEqual(lines(["placement", { vertical: "bottom", horizontal: "center" }, { vertical: "top", horizontal: "center" }]), ["Place: bottom, center → top, center"]);
  assert.deepEqual(lines(["comments", [{ text: "Hm?", resolved: false }], [{ text: "Hm?", resolved: true }, { text: "So.", resolved: false }]]), ["Settled: “Hm?”", "Comment: “So.”"]);
  assert.deepEqual(lines(["review.approvals", [], [{ role: "reviewer", digest: "x" }]]), ["Approved as reviewer"]);
  assert.deepEqual(lines(["review.approvals", [{ role: "reviewer" }], []], ["strange", { a: 1 }, { a: 2 }]), ["The approval as reviewer ended"]);
});

test("that somebody looked is nothing to read", () => {
  assert.equal(described(entry("seen", ["review.seen", false, true]), words), null);
});
