// What marks say of a text; pure, so that it can be tested without a page. Offsets count UTF-16 units, as browsers do.

/** @typedef {{start: number, end: number, feature: string, value: string, how: string}} Mark */

/** Names of what a mark says, as the page tells them. */
export const FEATURES = {
  italic: "italic", bold: "bold", underline: "underlined", strike: "struck through", color: "colour", background: "background", outline: "outline",
  font: "font", size: "size", ruby: "reading", emphasis: "emphasis dots", combine: "upright", shear: "slant", language: "language", voice: "voice",
  css_class: "class", delay: "delay", opaque: "override",
};

/** Colours of captions and teletext, which every format that has colours can say. */
export const COLORS = {
  white: "#ffffffff", yellow: "#ffff00ff", cyan: "#00ffffff", green: "#00ff00ff", magenta: "#ff00ffff", red: "#ff0000ff", blue: "#0000ffff", black: "#000000ff",
};

/**
 * A text cut where marks begin and end: `[{start, text, marks}]`, outer marks first.
 * @param {string} text
 * @param {Mark[]} marks
 */
export function pieces(text, marks) {
  const wide = marks.filter((mark) => mark.start < mark.end);
  const places = [...new Set([0, text.length, ...wide.flatMap((mark) => [mark.start, mark.end])])].filter((place) => place <= text.length).sort((a, b) => a - b);
  return places.slice(1).map((end, i) => {
    const start = places[i];
    return { start, text: text.slice(start, end), marks: wide.filter((mark) => mark.start <= start && end <= mark.end) };
  });
}

/**
 * Whether all letters of a stretch have a mark of a feature, with this value if one is named.
 * @param {Mark[]} marks
 */
export function holds(marks, feature, start, end, value = "") {
  const wanted = marks.filter((mark) => mark.feature === feature && (!value || mark.value === value)).sort((a, b) => a.start - b.start);
  let place = start;
  for (const mark of wanted) if (mark.start <= place) place = Math.max(place, mark.end);
  return place >= end;
}

/**
 * How the marks of a piece look, as properties of CSS; inner marks win.
 * @param {Mark[]} marks
 */
export function styles(marks) {
  /** @type {Record<string, string>} */
  const found = {};
  const lines = [];
  for (const { feature, value, how } of marks) {
    if (feature === "italic") found["font-style"] = "italic";
    else if (feature === "bold") found["font-weight"] = "700";
    else if (feature === "underline") lines.push("underline");
    else if (feature === "strike") lines.push("line-through");
    else if (feature === "color" && isColor(value)) found.color = value;
    else if (feature === "background" && isColor(value)) found["background-color"] = value;
    else if (feature === "shear") found["font-style"] = "oblique";
    else if (feature === "emphasis") found["text-emphasis"] = value.startsWith("open") ? "open dot" : "filled dot";
    else if (feature === "size" && !["points", "pixels"].includes(how) && Number(value) >= 25 && Number(value) <= 300) found["font-size"] = `${Number(value)}%`;
  }
  if (lines.length) found["text-decoration-line"] = [...new Set(lines)].join(" ");
  return found;
}

/** Whether letters of a colour cannot be read on a dark ground. */
export function isDark(color) {
  const [red, green, blue] = [1, 3, 5].map((place) => Number.parseInt(color.slice(place, place + 2), 16));
  return 0.3 * red + 0.59 * green + 0.11 * blue < 60;
}

const isColor = (value) => /^#[0-9a-f]{8}$/.test(value);

/** Where a stretch of typed text stands once its lines are saved, which lose their outer spaces and empty ones. */
export function savedPlace(text, place, linesOf) {
  const before = linesOf(`${text.slice(0, place)}|`).join("\n"); // | keeps the place
  return before.length - 1;
}

/** Marks in words: `"italic “never”, colour #ff0000 “Hugo”"`. */
export function toldMarks(text, marks) {
  return marks.map(({ feature, value, start, end }) => {
    const name = FEATURES[feature] ?? feature;
    const of = value ? `${name} ${value.replace(/^(#[0-9a-f]{6})ff$/, "$1")}` : name;
    return `${of} “${text.slice(start, end).replaceAll("\n", " ")}”`;
  }).join(", ");
}
