// The ledger's entries in words; pure, so that they can be tested without a page.

import { FEATURES } from "./marks.js";

/** What an action did to a cue, and of which kind it is: "text", "times", "decided" or "other". */
const ACTIONS = {
  retext: ["changed the text", "text"], replace: ["replaced text over the track", "text"], choose: ["took another text", "text"],
  retranslate: ["had it translated again", "text"], translate: ["translated it", "text"], fix: ["fixed it by rule", "text"], import: ["brought it in from a file", "text"],
  retime: ["changed the times", "times"], realign: ["put it on the words heard", "times"], split: ["split it", "times"], merge: ["merged it with the next", "times"],
  insert: ["made it", "times"], delete: ["deleted it", "times"], create: ["made the project", "other"], run: ["made it", "other"],
  undo: ["undid an edit", "other"], redo: ["did an edit again", "other"],
  approve: ["approved it", "decided"], unapprove: ["took the approval back", "decided"], lock: ["locked it", "decided"], unlock: ["unlocked it", "decided"],
  comment: ["commented", "other"], resolve: ["settled a comment", "other"], reopen: ["opened a comment again", "other"],
  speaker: ["said who speaks", "other"], unify: ["made two speakers one", "other"], speakers: ["told the speakers apart", "other"], place: ["moved it in the picture", "other"], mark: ["marked its text", "text"], unmark: ["took a mark off its text", "text"],
  take: ["said how far the recording is", "decided"], loop: ["changed a loop", "other"],
  force: ["changed whether it is forced", "other"], edit: ["edited it", "text"],
};

/** Marks that come and go beside every edit, and what is told elsewhere. */
const SILENT = new Set(["id", "made_from", "provenance", "alternatives", "sources", "confidence", "review.state", "review.actor", "review.time", "review.seen", "review.played"]);

/**
 * An entry as a person reads it, or `null` where there is nothing to read (a cue was looked at).
 *
 * `tell` turns values into words: `{time, speaker}`. Returns `{who, what, kind, when, text, lines}`: `text` is
 * `[before, after]` where the text changed, `lines` are sentences of everything else.
 */
export function described(entry, tell) {
  const [verb] = entry.action.split(" "); // older ledgers name the entry too: "undo 12"
  const [said, kind] = ACTIONS[verb] ?? [entry.action, "other"];
  const text = entry.changes.find(({ field }) => field === "lines");
  const lines = entry.changes.filter(({ field }) => field !== "lines" && !SILENT.has(field)).flatMap((one) => sentences(one, tell));
  if (!text && !lines.length) return null;
  return { who: entry.actor, what: said, kind, when: entry.time.slice(0, 16).replace("T", " "), text: text ? [text.before ?? "", text.after ?? ""] : null, lines };
}

function sentences({ field, before, after }, tell) {
  const arrow = (name, words) => {
    const [old, now] = [words(before), words(after)];
    if (now === null) return [];
    return [old === null ? `${name}: ${now}` : `${name}: ${old} → ${now}`];
  };
  const absent = (value) => value === null || value === undefined || value === "";
  switch (field) {
    case "start": return arrow("In-time", (value) => (absent(value) ? null : tell.time(value)));
    case "end": return arrow("Out-time", (value) => (absent(value) ? null : tell.time(value)));
    case "speaker": return absent(before) && absent(after) ? [] : arrow("Speaker", (value) => (absent(value) ? "nobody named" : tell.speaker(value)));
    case "language": return absent(before) && absent(after) ? [] : arrow("Language", (value) => (absent(value) ? "that of the track" : value));
    case "placement": return absent(before) && after?.vertical === "bottom" && after?.horizontal === "center" ? [] : arrow("Place", (value) => (absent(value) ? null : `${value.vertical}, ${value.horizontal}`));
    case "marks": return marks(before ?? [], after ?? []);
    case "forced": return [after ? "Forced" : "Not forced any more"];
    case "locked": return absent(before) && !after ? [] : [after ? "Locked" : "Unlocked"];
    case "comments": return comments(before ?? [], after ?? []);
    case "review.approvals": return approvals(before ?? [], after ?? []);
    default: return typeof before === "object" && before || typeof after === "object" && after ? [] : arrow(field.replaceAll("_", " "), (value) => (absent(value) ? null : String(value)));
  }
}

/** Marks by feature and value: where they stand follows from the text. */
function marks(before, after) {
  const told = (list) => [...new Set(list.map(({ feature, value }) => [FEATURES[feature] ?? feature, value].filter(Boolean).join(" ")))];
  const [old, now] = [told(before), told(after)];
  const gone = old.filter((one) => !now.includes(one)).map((one) => `No more: ${one}`);
  const fresh = now.filter((one) => !old.includes(one)).map((one) => `Now: ${one}`);
  return gone.length || fresh.length ? [...gone, ...fresh] : ["Marks stand elsewhere"];
}

function comments(before, after) {
  return after.flatMap((one, place) => {
    const old = before[place];
    if (!old) return [`Comment: “${one.text}”`];
    return old.resolved === one.resolved ? [] : [`${one.resolved ? "Settled" : "Open again"}: “${one.text}”`];
  });
}

function approvals(before, after) {
  const roles = (list) => list.map((one) => one.role ?? "").join(" and ");
  if (after.length > before.length) return [`Approved as ${roles(after)}`];
  return before.length && !after.length ? [`The approval as ${roles(before)} ended`] : [];
}
