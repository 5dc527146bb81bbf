// Edges between the parts of the page that a person can drag, or move with the arrow keys; remembered in this browser.

const KEPT = "subkit-panes";
const STEP = 24; // px of an arrow key

/** Each edge: its CSS variable (`--pane-left`), the way it moves, and the size it begins with where none is kept. */
const EDGES = {
  left: { axis: "x", sign: 1, size: () => document.getElementById("left").offsetWidth },
  stage: { axis: "y", sign: 1, size: () => document.getElementById("stage").offsetHeight },
  wave: { axis: "y", sign: -1, size: () => document.getElementById("wave").offsetHeight },
};

let kept = {};

export function start() {
  try { kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}"); } catch { /* another page's */ }
  for (const name of Object.keys(EDGES)) if (Number.isFinite(kept[name])) put(name, kept[name]);
  for (const edge of document.querySelectorAll("[data-edge]")) listen(/** @type {HTMLElement} */ (edge), edge.getAttribute("data-edge"));
}

function put(name, size) {
  document.body.style.setProperty(`--pane-${name}`, `${Math.max(40, Math.round(size))}px`);
  kept[name] = Math.round(size);
}

function keep() {
  try { localStorage.setItem(KEPT, JSON.stringify(kept)); } catch { /* full: the size holds until the page closes */ }
}

function listen(edge, name) {
  const { axis, sign, size } = EDGES[name];
  let from = null; // [where the pointer was, the size then]
  const at = (event) => (axis === "x" ? event.clientX : event.clientY);
  edge.addEventListener("pointerdown", (event) => { from = [at(event), size()]; edge.setPointerCapture(event.pointerId); event.preventDefault(); });
  edge.addEventListener("pointermove", (event) => { if (from) put(name, from[1] + sign * (at(event) - from[0])); });
  edge.addEventListener("pointerup", () => { from = null; keep(); });
  edge.addEventListener("dblclick", () => { document.body.style.removeProperty(`--pane-${name}`); delete kept[name]; keep(); });
  edge.addEventListener("keydown", (event) => {
    const by = { ArrowRight: STEP, ArrowDown: STEP, ArrowLeft: -STEP, ArrowUp: -STEP }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    put(name, size() + sign * by);
    keep();
  });
}
