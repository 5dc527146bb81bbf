// Marked text as elements.

import { el } from "./dom.js";
import { isDark, pieces, styles } from "./marks.js";

/** A text with its marks, as what `el` takes for children; text without any is itself. */
export function painted(text, marks = []) {
  if (!marks.length) return [text];
  /** @type {(string | HTMLElement)[]} */
  const found = [];
  let reading = null; // the mark of the <ruby> that stands last in `found`
  for (const piece of pieces(text, marks)) {
    const ruby = piece.marks.find((mark) => mark.feature === "ruby");
    const node = span(piece);
    if (!ruby) found.push(node);
    else if (ruby !== reading) found.push(el("ruby", {}, node, el("rt", {}, ruby.value)));
    else /** @type {HTMLElement} */ (found.at(-1)).lastChild.before(node);
    reading = ruby ?? null;
  }
  return found;
}

/** Each line of a cue likewise. */
export function paintedLines(cue) {
  let before = 0;
  return cue.lines.map((line) => {
    const [low, high] = [before, before + line.length];
    before = high + 1;
    const here = cue.marks.filter((mark) => mark.start < high && mark.end > low)
      .map((mark) => ({ ...mark, start: Math.max(mark.start, low) - low, end: Math.min(mark.end, high) - low }));
    return painted(line, here);
  });
}

function span({ text, marks }) {
  const looks = Object.entries(styles(marks));
  if (!looks.length) return text;
  const color = looks.find(([name]) => name === "color")?.[1];
  const node = el("span", { class: color ? `marked colored ${isDark(color) ? "dark" : "bright"}` : "marked" }, text);
  for (const [name, value] of looks) node.style.setProperty(name, value); // the policy forbids the attribute
  return node;
}
