// Find and replace over texts, and places that a person can go to; pure, so that it can be tested without a page.

const EDGE = ["(?<![\\p{L}\\p{M}\\p{N}_])(?:", ")(?![\\p{L}\\p{M}\\p{N}_])"];

/**
 * What to look for, as one expression. Throws a `SyntaxError` where a pattern is none; `null` for nothing.
 * @param {string} text
 */
export function finder(text, { cased = false, whole = false, pattern = false } = {}) {
  if (!text) return null;
  const source = pattern ? text : text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/ /g, "\\s");
  return new RegExp(whole ? EDGE.join(source) : source, cased ? "gu" : "giu");
}

/**
 * A text with each find replaced, and how many there were; `$1` stands for a group where a pattern is looked for.
 * What matches nothing at all (`x*` between two letters) is left alone.
 */
export function replaced(text, wanted, by, { pattern = false } = {}) {
  let count = 0;
  const found = text.replace(wanted, (...all) => {
    const [match] = all;
    if (!match) return match;
    count++;
    return pattern ? filled(by, all) : by;
  });
  return { text: found, count };
}

/** The replacement with its groups; `\n` begins a line. */
function filled(by, all) {
  const groups = all.slice(0, all.findIndex((one, place) => place > 0 && typeof one === "number"));
  return by.replace(/\$(\$|&|\d)|\\n/g, (whole, name) => (whole === "\\n" ? "\n" : name === "$" ? "$" : name === "&" ? groups[0] : groups[Number(name)] ?? ""));
}

/** Where to split a text: line and column of the break nearest to a share of its letters. */
export function splitPlace(lines, share) {
  const total = lines.reduce((sum, line) => sum + line.length, 0);
  let [best, before] = [null, 0];
  lines.forEach((line, place) => {
    for (const { index } of [...line.matchAll(/(?<=\S)\s+(?=\S)/g)]) consider(place, index, before + index, 0);
    before += line.length;
    if (place < lines.length - 1) consider(place, line.length, before, 0.1); // a line's end is the better place
  });
  return best;

  function consider(line, column, at, merit) {
    const off = Math.abs(at / total - share) - merit;
    if (!best || off < best.off) best = { line, column, off };
  }
}

/**
 * Where a person wants to go: a timecode, seconds (`75.5`, `75s`), or a cue by its id or number (`c0006`, `c6`, `6`).
 * Returns `{cue}`, `{time}` or `null`.
 */
export function placeNamed(text, ids, grid) {
  const wanted = text.trim();
  if (ids.includes(wanted)) return { cue: wanted };
  const number = /^c?0*(\d+(?:\.\d+)*)$/i.exec(wanted)?.[1];
  const named = number && ids.find((id) => id.replace(/^c?0*(?=\d)/i, "") === number);
  if (named) return { cue: named };
  const plain = /^(\d+(?:[.,]\d+)?)\s*s?$/.exec(wanted);
  if (plain && (/[s.,]/.test(wanted))) return { time: Number(plain[1].replace(",", ".")) };
  const time = grid.parse(wanted);
  return time === null ? null : { time };
}
