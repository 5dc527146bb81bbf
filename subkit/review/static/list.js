// The cue list: only what is on screen has elements, so 3,000 cues scroll like thirty.

import { byId, el } from "./dom.js";
import { characterOf, isDubbing, light, lineOf } from "./dubbing.js";
import { savedPlace } from "./marks.js";
import { measure } from "./measure.js";
import { painted } from "./painted.js";
import { linesOf, store } from "./store.js";
import { seconds } from "./time.js";

const IDLE = 1000; // ms after the last key at which typed text is saved
const SPARE = 6; // rows above and below the screen

/** @returns {HTMLElement | undefined} */
const rowOf = (node) => node?.closest(".row");

class List {
  #frame = byId("list");
  #rows = byId("rows");
  #shown = new Map(); // cue id -> row element
  #saver = null;
  height = 62;

  start() {
    this.#frame.addEventListener("scroll", () => this.#soon(), { passive: true });
    new ResizeObserver(() => this.#soon()).observe(this.#frame);
    this.#rows.addEventListener("pointerdown", (event) => this.#pointed(event));
    this.#rows.addEventListener("dblclick", (event) => this.#opened(event));
    store.on("track", () => this.#reset());
    store.on("filter people dubbing", () => this.refresh());
    store.on("select", ({ moved }) => this.#selected(moved));
  }

  /** Ids in the order shown; the filter decides. */
  ids = () => store.order();

  #reset() {
    const most = store.order().reduce((found, id) => Math.max(found, store.cue(id).lines.length), 2);
    const lines = Math.max(store.track.profile.max_lines, Math.min(most, 4)); // one height for all rows
    this.height = 12 + 22 * lines + 22;
    this.#frame.style.setProperty("--lines", String(lines));
    const longest = store.order().reduce((found, id) => Math.max(found, id.length), 0);
    byId("right").style.setProperty("--ids", `${Math.min(longest, 12)}ch`);
    byId("right").classList.toggle("single", !store.track.source);
    const names = ["Cue", "Times", ...(store.track.source ? [`Source · ${store.track.source}`] : []), `Text · ${store.track.id}`, "State"];
    byId("head").replaceChildren(...names.map((name) => el("span", {}, name)));
    this.#clear();
    this.#frame.scrollTop = 0;
    this.refresh();
    this.reveal(store.current);
  }

  #clear() {
    const area = this.#area();
    if (area) area.onblur = null; // it goes with its row; the draft stays
    for (const row of this.#shown.values()) row.remove();
    this.#shown.clear();
  }

  #soon() {
    this.#due ??= requestAnimationFrame(() => { this.#due = null; this.#paint(false); });
  }
  #due = null;

  /** Draw anew what is on screen; the row that is being typed in keeps its text and caret. */
  refresh() {
    if (!store.track) return;
    const area = this.#area();
    const cue = area && store.cue(rowOf(area).dataset.cue);
    if (cue && !store.draft(cue.id)) {
      const same = linesOf(area.value).join("\n") === cue.lines.join("\n");
      if (!same && !this.#composing) area.value = cue.lines.join("\n"); // changed elsewhere
      if (same || !this.#composing) area.dataset.revision = cue.revision;
    }
    this.#paint(true);
  }

  #paint(anew) {
    const ids = this.ids();
    this.#frame.setAttribute("aria-rowcount", ids.length);
    this.#rows.style.height = `${ids.length * this.height}px`;
    const first = Math.max(0, Math.floor(this.#frame.scrollTop / this.height) - SPARE);
    const last = Math.min(ids.length, Math.ceil((this.#frame.scrollTop + this.#frame.clientHeight) / this.height) + SPARE);
    const wanted = new Map(ids.slice(first, last).map((id, place) => [id, first + place]));
    const typing = rowOf(this.#area())?.dataset.cue;
    for (const [id, row] of this.#shown) {
      if (id === typing ? !store.cue(id) : anew || !wanted.has(id)) { row.remove(); this.#shown.delete(id); }
    }
    const focused = anew && document.activeElement === document.body;
    for (const [id, place] of wanted) {
      let row = this.#shown.get(id);
      if (!row) {
        row = this.#make(store.cue(id));
        this.#shown.set(id, row);
        this.#rows.append(row);
      }
      row.style.top = `${place * this.height}px`;
      row.style.height = `${this.height}px`;
      row.setAttribute("aria-rowindex", place + 1);
    }
    if (focused && this.#hadFocus) this.#shown.get(store.current)?.focus({ preventScroll: true });
    this.#rows.querySelector(".empty")?.remove();
    if (!ids.length) this.#rows.append(el("p", { class: "empty" }, store.order().length ? "No cue is like that." : "This track has no cues yet; e makes one where the picture is."));
  }
  #hadFocus = false;
  #composing = false; // an input method is in the middle of a syllable

  #make(cue) {
    const now = cue.id === store.current;
    const language = { lang: cue.language ?? store.track.language, dir: store.track.direction };
    const sources = store.sources(cue);
    const row = el("div", {
      class: cue.id === this.#heard ? "row heard" : "row", role: "row", tabindex: now ? "0" : "-1", "data-cue": cue.id, "aria-selected": String(now),
      onfocus: () => { this.#hadFocus = true; },
    });
    row.append(el("div", { class: "number", role: "gridcell" }, cue.id), el("div", { class: "times", role: "gridcell" },
      el("b", {}, store.grid.timecode(cue.from)), el("br"), store.grid.timecode(cue.to), el("br"),
      characterOf(cue) ?? (cue.speaker ? el("span", { class: "who", dir: "auto", title: speakerName(cue.speaker) }, speakerName(cue.speaker)) : "")));
    if (store.track.source) {
      const info = store.trackInfo(store.track.source);
      row.append(el("div", { class: "source", role: "gridcell", lang: info.language, dir: info.direction },
        el("div", { class: "text" }, sources.flatMap((one, i) => [i ? "\n" : "", ...painted(one.lines.join("\n"), one.marks)])), el("div", { class: "below", lang: "en", dir: "ltr" })));
    }
    const text = store.draft(cue.id)?.text ?? cue.lines.join("\n");
    const cell = el("div", { role: "gridcell" }, el("div", { class: "text", ...language }, text === cue.lines.join("\n") ? painted(text || " ", cue.marks) : text || " "), el("div", { class: "meters" }));
    row.append(cell, marks(cue));
    this.#meter(row, cue, text);
    return row;
  }

  #meter(row, cue, text) {
    const lines = text.split("\n").filter((line) => line.trim());
    const parts = isDubbing() ? [light(lineOf(cue.id)?.fit, text !== cue.lines.join("\n"))] : measure(lines, cue.to - cue.from, store.track.profile, seconds)
      .filter((one) => !one.kept || one.name !== "lines")
      .map((one) => el("span", { class: one.kept ? "" : "over", title: `${one.all || one.value} of ${one.limit} ${one.name}` },
        one.kept && one.name === "s" ? `${one.value} s` : `${one.kept ? "" : "! "}${one.value}/${one.limit} ${one.name}`));
    const why = store.riskOf.get(cue.id)?.reasons[0]?.message;
    const reason = why ? [el("span", { class: "why", title: why }, why)] : [];
    const below = row.querySelector(".below"); // under the source there is more room
    row.querySelector(".meters").replaceChildren(...parts, ...(below ? [] : reason));
    below?.replaceChildren(...reason);
  }

  #pointed(event) {
    const row = event.target.closest(".row");
    if (!row || event.target.closest("textarea")) return;
    store.select(row.dataset.cue);
  }

  /** A double click types, with the caret where it was made. */
  #opened(event) {
    const row = event.target.closest(".row");
    if (!row || event.target.closest("textarea, .source")) return;
    const at = event.target.closest(".text") ? caretIn(event.target.closest(".text"), event) : undefined;
    store.select(row.dataset.cue);
    this.edit(false, at);
  }

  /** Mark the cue that is heard. */
  mark(id) {
    this.#shown.get(this.#heard)?.classList.remove("heard");
    this.#heard = id;
    this.#shown.get(id)?.classList.add("heard");
  }
  #heard = null;

  #selected(moved) {
    if (moved) this.leave();
    for (const [id, row] of this.#shown) {
      row.setAttribute("aria-selected", String(id === store.current));
      row.tabIndex = id === store.current ? 0 : -1;
    }
    this.reveal(store.current);
  }

  /** Bring a cue on screen, and the keyboard to it unless it is elsewhere on purpose. */
  reveal(id) {
    const place = this.ids().indexOf(id);
    if (place < 0) return;
    const top = place * this.height;
    const { scrollTop, clientHeight } = this.#frame;
    if (top < scrollTop) this.#frame.scrollTop = Math.max(0, top - this.height);
    else if (top + this.height > scrollTop + clientHeight) this.#frame.scrollTop = top + 2 * this.height - clientHeight;
    this.#paint(false);
    const here = document.activeElement;
    if (here === document.body || here.closest?.("#list")) this.#shown.get(id)?.focus({ preventScroll: true });
  }

  /** Give the keyboard to the current cue, unless somebody types. */
  focus() {
    if (!this.typing && document.activeElement === document.body) this.#shown.get(store.current)?.focus({ preventScroll: true });
  }

  // -- typing ----------------------------------------------------------------------------------

  #area() {
    return this.#rows.querySelector("textarea");
  }

  get typing() {
    return this.#area() !== null;
  }

  /** Line and column of the caret, for a split. */
  caret() {
    const area = this.#area();
    if (!area) return null;
    const before = linesOf(`${area.value.slice(0, area.selectionStart)}|`); // as it will be saved; | keeps the place
    return { line: before.length - 1, column: before.at(-1).length - 1 };
  }

  /** What is selected in the text that is typed in, as it stands once it is saved; `null` where nothing is. */
  selection() {
    const area = this.#area();
    if (!area || area.selectionStart === area.selectionEnd) return null;
    return { start: savedPlace(area.value, area.selectionStart, linesOf), end: savedPlace(area.value, area.selectionEnd, linesOf) };
  }

  /** What is typed in stands on the cue as it is now. */
  stand() {
    const area = this.#area();
    const cue = area && store.cue(rowOf(area).dataset.cue);
    if (cue && !store.draft(cue.id)) area.dataset.revision = cue.revision;
  }

  /** Is there text here that is not in the project yet? */
  get dirty() {
    return store.draft(store.current) !== undefined;
  }

  /** Type in the current cue; `all` takes hold of the whole text, `at` is where the caret goes instead of to the end. */
  edit(all = false, at = undefined) {
    const cue = store.cue(store.current);
    const row = this.#shown.get(store.current);
    if (!cue || !row || this.typing) return;
    if (cue.locked) return void store.dispatchEvent(new CustomEvent("refused", { detail: { message: `Cue ${cue.id} is locked; l unlocks it.` } }));
    const area = el("textarea", {
      "aria-label": `Text of cue ${cue.id}`, spellcheck: "true", lang: cue.language ?? store.track.language, dir: store.track.direction,
      "data-revision": cue.revision, oninput: () => this.#typed(area),
      oncompositionstart: () => { this.#composing = true; }, oncompositionend: () => { this.#composing = false; },
      value: store.draft(cue.id)?.text ?? cue.lines.join("\n"),
    });
    row.querySelector('[role="gridcell"] .text:not(.source .text)')?.replaceWith(area);
    area.onblur = () => (document.hasFocus() ? this.leave() : this.save(cue.id)); // the whole window went: stay
    area.focus({ preventScroll: true });
    area.setSelectionRange(all ? 0 : Math.min(at ?? Infinity, area.value.length), all ? area.value.length : Math.min(at ?? Infinity, area.value.length));
    store.dispatchEvent(new CustomEvent("typing"));
  }

  #typed(area) {
    const row = rowOf(area);
    const cue = store.cue(row.dataset.cue);
    store.type(cue.id, area.value, Number(area.dataset.revision));
    this.#meter(row, cue, area.value);
    clearTimeout(this.#saver);
    this.#saver = setTimeout(() => this.save(cue.id), IDLE);
  }

  /** Save what was typed in a cue; nothing typed, nothing sent. False: it could not be, and was told. */
  async save(id = store.current, track = store.track?.id) {
    clearTimeout(this.#saver);
    if (!store.draft(id, track)) return true;
    let head = null;
    try { head = await store.saveDraft(id, track); } catch { return false; }
    const area = this.#area();
    if (head !== null && track === store.track.id && rowOf(area)?.dataset.cue === id) area.dataset.revision = head;
    return true;
  }

  leave() {
    const area = this.#area();
    if (!area) return;
    const row = rowOf(area);
    const id = row.dataset.cue;
    this.#shown.delete(id);
    area.onblur = null;
    this.#composing = false;
    row.remove();
    store.dispatchEvent(new CustomEvent("typing"));
    this.save(id);
    this.#paint(false);
    if (id === store.current && document.activeElement === document.body) this.#shown.get(id)?.focus({ preventScroll: true });
  }

  /** Ids of the cues wholly on screen now. */
  visible() {
    const first = Math.ceil(this.#frame.scrollTop / this.height);
    const last = Math.floor((this.#frame.scrollTop + this.#frame.clientHeight) / this.height);
    return this.ids().slice(first, last);
  }
}

/** How many characters of an element stand before a point of the screen. */
function caretIn(text, { clientX, clientY }) {
  const hit = document.caretRangeFromPoint(clientX, clientY);
  if (!hit || !text.contains(hit.startContainer)) return undefined;
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(hit.startContainer, hit.startOffset);
  const copy = before.cloneContents();
  for (const reading of copy.querySelectorAll("rt")) reading.remove();
  return copy.textContent.length;
}

export function speakerName(id) {
  return store.project.speakers.find((one) => one.id === id)?.name ?? id;
}

const ORIGINS = { asr: "speech recognition", mt: "machine translation", human: "a person", import: "a file", rule: "a rule" };

function marks(cue) {
  const { state, seen, roles } = cue.review;
  const lines = [];
  if (state === "approved") lines.push(el("div", { class: "approved" }, `✓ ${roles.join(", ") || "approved"}`));
  else lines.push(el("div", { title: ORIGINS[cue.origin] }, state === "edited" ? "edited" : seen ? "seen" : cue.origin ?? ""));
  if (cue.forced) lines.push(el("div", { class: "forced", title: "Shown even where subtitles are off" }, "forced"));
  const take = lineOf(cue.id)?.take;
  if (take && take !== "open") lines.push(el("div", { class: `take ${take}` }, take === "recorded" ? "● recorded" : "↻ retake"));
  if (cue.stale) lines.push(el("div", { class: "stale", title: cue.stale }, "stale"));
  const open = cue.comments.filter((one) => !one.resolved).length;
  if (open) lines.push(el("div", { class: "open" }, `${open} comment${open > 1 ? "s" : ""}`));
  const others = store.project.reviewers.filter((one) => one.name !== store.project.reviewer.name && one.track === store.track.id && one.cue === cue.id);
  if (others.length) lines.push(el("div", {}, `• ${others.map((one) => one.name).join(", ")}`));
  if (cue.locked) lines.splice(1, 0, el("div", { class: "locked" }, el("span", { class: "padlock", "aria-hidden": "true" }), "locked"));
  if (cue.alternatives.length) lines.push(el("div", {}, `${cue.alternatives.length} alt`));
  return el("div", { class: "marks", role: "gridcell" }, lines.slice(0, 3));
}

export const list = new List();
