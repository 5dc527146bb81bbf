// What to look at: filters, and the queue of cues ranked by risk.

import { byId, el, tell } from "./dom.js";
import { bandOf, characters, isDubbing, lineOf } from "./dubbing.js";
import { list } from "./list.js";
import { store } from "./store.js";

/** @type {[id: string, name: string, passes: (cue: any) => boolean][]} */
const STATES = [
  ["all", "All cues", () => true],
  ["queue", "Queue: by risk", (cue) => waits(cue)],
  ["unseen", "Not seen yet", (cue) => !cue.review.seen],
  ["open", "Not approved", (cue) => cue.review.state !== "approved"],
  ["stale", "Stale", (cue) => cue.stale !== null],
  ["comments", "With open comments", (cue) => cue.comments.some((one) => !one.resolved)],
  ["edited", "Edited by people", (cue) => cue.review.state === "edited"],
  ["locked", "Locked", (cue) => cue.locked],
];

/** Of a dubbing track. @type {[string, string, (cue: any) => boolean][]} */
const LINES = [
  ["band red", "Red: far too long or short", (cue) => bandOf(cue.id) === "red"],
  ["band amber", "Amber: somewhat too long or short", (cue) => bandOf(cue.id) === "amber"],
  ["take open", "Not recorded yet", (cue) => lineOf(cue.id)?.take === "open"],
  ["take retake", "To be taken again", (cue) => lineOf(cue.id)?.take === "retake"],
];

/** What a filter lets pass: a state of cues or lines, or the lines of a character. */
function passing(chosen) {
  if (chosen.startsWith("who ")) return (cue) => lineOf(cue.id)?.character === chosen.slice(4);
  return ([...STATES, ...LINES].find(([id]) => id === chosen) ?? STATES[0])[2];
}

/** Only the lines of the current line's character, or all again. */
export function onlyCharacter() {
  const who = lineOf(store.current)?.character;
  if (!isDubbing()) return tell("Only lines to be dubbed have characters.");
  if (!who) return tell("Nobody knows who speaks this line.");
  const select = byId("filter");
  select.value = select.value === `who ${who}` ? "all" : `who ${who}`;
  renew(true);
  list.reveal(store.current);
  tell(select.value === "all" ? "All lines." : `Only ${characters().find((one) => one.id === who)?.name ?? who}: ${kept.length} lines.`);
}

/** In the queue are cues that have reasons to be looked at and are not approved. */
const waits = (cue) => store.riskOf.has(cue.id) && cue.review.state !== "approved";

let kept = [];
let stays = null; // the current cue, when the filter would take it from under the reviewer's hands

export function start() {
  list.ids = () => kept;
  store.on("track", () => renew(true));
  store.on("cues risk dubbing", () => renew());
  byId("filter").addEventListener("change", () => { renew(true); byId("filter").blur(); list.reveal(store.current); });
  byId("search").addEventListener("input", () => renew(true));
  store.on("select", ({ moved }) => { if (moved && stays !== null) renew(); });
  store.on("track risk dubbing", choices);
}

function choices() {
  const select = byId("filter");
  const chosen = select.value || "all";
  const counts = new Map();
  for (const item of store.risk) for (const { kind } of item.reasons) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  select.replaceChildren(
    ...STATES.map(([id, name]) => el("option", { value: id }, name)),
    ...(isDubbing() ? [
      el("optgroup", { label: "Dubbing" }, LINES.map(([id, name]) => el("option", { value: id }, name))),
      el("optgroup", { label: "Character" }, characters().map((one) => el("option", { value: `who ${one.id}` }, one.name))),
    ] : []),
    el("optgroup", { label: "Reason" }, [...counts].sort().map(([kind, count]) =>
      el("option", { value: `why ${kind}` }, `${kind.replaceAll("-", " ")} (${count})`))));
  select.value = chosen;
  if (select.selectedIndex < 0) select.value = "all";
}

/** Who is listed; the current cue stays until it is left, unless the filter is `new`. */
function renew(anew = false) {
  if (!store.track) return;
  const chosen = byId("filter").value || "all";
  const wanted = byId("search").value.trim().toLocaleLowerCase();
  const reason = chosen.startsWith("why ") ? chosen.slice(4) : null;
  const passes = passing(chosen);
  const ranked = reason !== null || chosen === "queue";
  const order = ranked ? store.risk.map((item) => item.cue) : store.order();
  const next = order.filter((id) => {
    const cue = store.cue(id);
    if (!cue || (reason && !store.riskOf.get(id)?.reasons.some((one) => one.kind === reason))) return false;
    return (reason || passes(cue)) && (!wanted || has(cue, wanted));
  });
  const place = kept.indexOf(store.current);
  stays = !anew && place >= 0 && store.cue(store.current) && !next.includes(store.current) ? store.current : null;
  if (stays !== null) next.splice(place, 0, stays);
  kept = next;
  store.dispatchEvent(new CustomEvent("filter", { detail: {} }));
  progress();
}

function has(cue, wanted) {
  const texts = [cue, ...store.sources(cue)].map((one) => one.lines.join(" "));
  return cue.id === wanted || texts.some((text) => text.toLocaleLowerCase().includes(wanted));
}

function progress() {
  const cues = store.order().map((id) => store.cue(id));
  const approved = cues.filter((cue) => cue.review.state === "approved").length;
  const waiting = cues.filter(waits).length;
  byId("progress").textContent = `${kept.length} of ${cues.length} · ${approved} approved · ${waiting} to look at`;
}

/** The next (or last) cue of the queue after the current one, by risk; around its end, which is said. */
export function toNext(by) {
  if (!store.track) return;
  const order = store.risk.map((item) => item.cue).filter((id) => store.cue(id) && (waits(store.cue(id)) || id === store.current));
  const left = order.filter((id) => waits(store.cue(id)));
  if (!left.length) return tell(store.risk.length ? "Nothing is left in the queue: all of its cues are approved." : "The queue is empty: no cue has a reason to be looked at.");
  if (left.length === 1 && left[0] === store.current) return tell("This is the only cue left in the queue.");
  const place = order.indexOf(store.current);
  const next = order.at(place < 0 && by < 0 ? -1 : (place + by) % order.length);
  if (!list.ids().includes(next)) { byId("filter").value = "queue"; byId("search").value = ""; renew(true); }
  store.select(next);
  const at = left.indexOf(next) + 1;
  tell(`${at} of ${left.length} in the queue${by > 0 && at === 1 && place >= 0 ? ", from the top again" : ""}.`);
}
