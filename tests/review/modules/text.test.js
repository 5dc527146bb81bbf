// Text as it is compared on the page and as it is saved.

import assert from "node:assert/strict";
import { test } from "node:test";

import { wordDiff } from "../static/dom.js";
import { linesOf, store } from "../static/store.js";

test("a diff names the words that went and came", () => {
  assert.deepEqual(wordDiff("I am here", "I was here"), [["same", "I "], ["gone", "am "], ["new", "was "], ["same", "here"]]);
  assert.deepEqual(wordDiff("same", "same"), [["same", "same"]]);
  assert.deepEqual(wordDiff("", "new"), [["new", "new"]]);
  assert.deepEqual(wordDiff("", ""), []);
});

test("both texts can be put together again from their diff", () => {
  const texts = ["", "one", "one two\nthree", "two  three", "three two one", "  one two three four "];
  for (const before of texts)
    for (const after of texts) {
      const parts = wordDiff(before, after);
      const text = (other) => parts.filter(([kind]) => kind !== other).map(([, part]) => part).join("");
      assert.deepEqual([text("new"), text("gone")], [before, after]);
    }
});

test("two very long texts are not compared word by word", () => {
  const [before, after] = ["a ".repeat(600), "b ".repeat(600)];
  assert.deepEqual(wordDiff(before, after), [["gone", before], ["new", after]]);
});

test("lines are saved without empty ones and without space around them", () => {
  assert.deepEqual(linesOf(" one \n\n\t two\n"), ["one", "two"]);
  assert.deepEqual(linesOf("\n \n"), []);
});

test("a draft remembers the revision that it was first typed on", () => {
  store.type("c1", "Hel", 4, "en");
  store.type("c1", "Hello", 9, "en");
  assert.deepEqual(store.draft("c1", "en"), { text: "Hello", revision: 4, sent: [] });
  assert.equal(store.draft("c1", "ko"), undefined);
  store.stand("c1", "Hello!", 9, "en");
  assert.deepEqual(store.draft("c1", "en"), { text: "Hello!", revision: 9, sent: [] });
  store.setDraft("c1", undefined, "en");
  assert.equal(store.draft("c1", "en"), undefined);
});
