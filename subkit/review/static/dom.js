// Elements are built here and nowhere else; text is always text, never markup.

/**
 * An element: `el("button", {class: "quiet", onclick: f}, "Save")`.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, any>} attributes
 * @param {any[]} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (key === "value" && "value" in node) node.value = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
  return node;
}

/**
 * The elements of index.html that are more than an `HTMLElement`.
 * @typedef {object} Page
 * @property {HTMLDialogElement} dialog
 * @property {HTMLSelectElement} filter
 * @property {HTMLSelectElement} track
 * @property {HTMLInputElement} search
 * @property {HTMLVideoElement} video
 * @property {HTMLCanvasElement} peaks
 * @property {HTMLCanvasElement} band
 */

/**
 * @template {string} Id
 * @param {Id} id
 * @returns {Id extends keyof Page ? Page[Id] : HTMLElement}
 */
export const byId = (id) => /** @type {any} */ (document.getElementById(id));

/** Tell everyone, also those who listen; `kind` is "", "good", "bad" or "busy". */
export function tell(message, kind = "") {
  const place = byId("status");
  place.textContent = message;
  place.dataset.kind = kind;
}

/** Words of two texts side by side: `[["same"|"gone"|"new", text], …]`. */
export function wordDiff(before, after) {
  const a = before.match(/\S+\s*|\s+/g) ?? [];
  const b = after.match(/\S+\s*|\s+/g) ?? [];
  if (a.length * b.length > 250_000) return [["gone", before], ["new", after]];
  const longest = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i][j] = a[i] === b[j]
        ? longest[i + 1][j + 1] + 1
        : Math.max(longest[i + 1][j], longest[i][j + 1]);
  const parts = [];
  const put = (kind, text) => {
    if (parts.at(-1)?.[0] === kind) parts.at(-1)[1] += text;
    else parts.push([kind, text]);
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { put("same", a[i]); i++; j++; }
    else if (j < b.length && (i === a.length || longest[i][j + 1] > longest[i + 1][j])) put("new", b[j++]);
    else put("gone", a[i++]);
  }
  return parts;
}

/** That diff as elements that a screen reader announces too. */
export function diffView(before, after) {
  const tags = { same: "span", gone: "del", new: "ins" };
  return el("p", { class: "diff", dir: "auto" },
    wordDiff(before, after).map(([kind, text]) => el(tags[kind], {}, text)));
}
