// What an action did, in a sentence; pure, so that it can be tested without a page.

import { FEATURES } from "./marks.js";

/** Cues as they are listed, in qc and in sheets: by their ids. `"6"`, `"6 and 7"`, `"6, 7 and 5 more"`. */
export function named(ids) {
  if (ids.length > 3) return `${ids.slice(0, 2).join(", ")} and ${ids.length - 2} more`;
  return ids.length > 1 ? `${ids.slice(0, -1).join(", ")} and ${ids.at(-1)}` : ids[0] ?? "";
}

const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;

const SENTENCES = {
  retime: ({ cue, start, end }) => `${start !== undefined && end !== undefined ? "Times" : start !== undefined ? "In-time" : "Out-time"} of ${cue} changed.`,
  split: ({ cue }, made) => `Split ${cue} into ${named([cue, ...made.filter((id) => id !== cue)].slice(0, 2))}.`,
  merge: ({ cue, with: next }) => `Merged ${cue} and ${next}.`,
  insert: (_, made) => `New cue ${made[0] ?? ""}.`,
  delete: ({ cue }) => `Deleted ${cue}.`,
  choose: ({ cue }) => `${cue} has the other text.`,
  speaker: ({ cue, speaker }) => (speaker === null ? `${cue} has no speaker now.` : `${cue} is spoken by ${speaker}.`),
  rename: ({ name }) => `The speaker is called ${name} everywhere.`,
  unify: (_, made) => `One speaker now; ${count(made.length, "cue")} changed.`,
  place: ({ cue, vertical }) => `${cue} stands at the ${vertical}.`,
  mark: ({ cue, feature }) => `Marked ${cue}: ${FEATURES[feature] ?? feature}.`,
  unmark: ({ cue, feature }) => `Took a mark off ${cue}: ${FEATURES[feature] ?? feature}.`,
  force: ({ cue, forced }) => `${cue} is ${forced ? "forced: shown even where subtitles are off" : "no forced cue any more"}.`,
  lock: ({ cue }) => `Locked ${cue}.`,
  unlock: ({ cue }) => `Unlocked ${cue}.`,
  comment: ({ cue }) => `Comment added to ${cue}.`,
  resolve: ({ cue }) => `Comment on ${cue} settled.`,
  reopen: ({ cue }) => `Comment on ${cue} open again.`,
  approve: ({ cue, all, track }, made) => (all ? `Signed ${track}: ${count(made.length, "cue")} newly approved.` : `Approved ${cue}.`),
  unapprove: ({ cue }) => `Approval of ${cue} taken back.`,
  take: ({ cue, status }) => `${cue} is ${{ open: "open", recorded: "recorded", retake: "to be taken again" }[status]}.`,
  loop: ({ locked, edge }) => (locked === undefined ? `The loop ${edge === "start" ? "begins" : "ends"} elsewhere now.` : `The loop is ${locked ? "locked" : "not locked any more"}.`),
  account: ({ reason }) => (reason ? "Reason noted." : "Reason taken back."),
  replace: (_, made) => `Replaced in ${count(made.length, "cue")}.`,
  words: ({ add = [], remove = [] }) => (add.length ? `${named(add)} is a word of this project.` : `${named(remove)} is no word of this project any more.`),
  retranslate: (_, made) => `Translated ${named(made)} again.`,
  realign: ({ cue }) => `${cue} stands at the words heard.`,
};

/** Names of actions of the ledger, as a noun: "Undid the merge of 6 and 7." */
export const NOUNS = {
  retext: "change of text", retime: "change of times", split: "split", merge: "merge", insert: "new cue", delete: "deletion", choose: "choice of another text",
  speaker: "change of speaker", rename: "renaming of a speaker", unify: "merge of speakers", place: "change of place", mark: "mark", unmark: "taking off of a mark", force: "change of forced", lock: "lock", unlock: "unlocking", comment: "comment", resolve: "settling of a comment",
  reopen: "reopening of a comment", approve: "approval", unapprove: "withdrawal of an approval", account: "reason for speech without a cue", replace: "replacement",
  take: "state of a take", loop: "change of a loop",
  words: "word of the project", retranslate: "re-translation", realign: "re-alignment",
};

/**
 * What a request did, and that it is saved.
 *
 * `path` and `body` are the request, `found` its answer, `track` the track on the page.
 */
export function outcome(path, body, found, track) {
  const said = whatWasDone(path, body, found, track);
  return said === NOTHING ? said : `${said} Saved.`.trim();
}

const NOTHING = "Nothing to change.";

function whatWasDone(path, body, found, track) {
  const here = found.tracks[body.track ?? track] ?? { changed: [], removed: [] };
  const made = here.changed.map((cue) => cue.id);
  const op = path.replace("/api/", "");
  if (op === "undo" || op === "redo") {
    const touched = [...made, ...here.removed];
    const verb = op === "undo" ? "Undid" : "Did again:";
    return `${verb} the ${NOUNS[found.of] ?? "edit"}${touched.length ? ` of ${named(touched)}` : ""}.`;
  }
  const name = op === "edit" ? body.op : op;
  if (name === "retext") return "";
  if (!Object.keys(found.tracks).length && !found.project) return NOTHING;
  return SENTENCES[name]?.(body, made) ?? "";
}
