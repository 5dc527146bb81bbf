// What the page knows of the project. Views listen; only this module changes it.

import { ApiError, get, post } from "./api.js";
import { tell } from "./dom.js";
import { outcome } from "./messages.js";
import { Grid, seconds } from "./time.js";

const DRAFTS = "subkit-drafts";

class Store extends EventTarget {
  project = null;
  grid = null;
  track = null;
  current = null;
  risk = [];
  undoable = 0;
  redoable = 0;
  drafts = new Map(Object.entries(readDrafts()));
  #tracks = new Map(); // id -> {order: [cue id], cues: Map}
  #queue = Promise.resolve();

  // -- reading ---------------------------------------------------------------------------------

  async load() {
    await this.loadProject();
    const wanted = new URLSearchParams(location.hash.slice(1)).get("track");
    const known = this.project.tracks.map((track) => track.id);
    const first = this.project.tracks.find((track) => track.source) ?? this.project.tracks[0];
    if (first) await this.openTrack(known.includes(wanted) ? wanted : first.id);
  }

  async loadProject() {
    this.project = await get("/api/project");
    if (this.track) this.track = this.trackInfo(this.track.id) ?? this.track;
    const rate = this.project.frame_rate;
    this.grid = new Grid(rate?.rate, rate?.drop_frame, this.project.programme_start);
    this.shots = (this.project.shots ?? []).map(seconds);
    this.#say("project");
  }

  async openTrack(id) {
    const info = this.trackInfo(id);
    this.wanted = id;
    await Promise.all([id, info.source].filter(Boolean).map((one) => this.#loadTrack(one)));
    if (this.wanted !== id) return; // another was asked for meanwhile
    this.track = info;
    const wanted = new URLSearchParams(location.hash.slice(1)).get("cue");
    const { order, cues } = this.#tracks.get(id);
    this.current = cues.has(this.current) ? this.current : cues.has(wanted) ? wanted : order[0] ?? null;
    this.#say("track");
    this.select(this.current);
    await this.loadRisk().catch((error) => tell(error.message, "bad"));
  }

  async #loadTrack(id) {
    const { cues, head } = await get("/api/cues", { track: id });
    const known = this.#tracks.get(id)?.cues;
    const newer = (cue) => known?.get(cue.id)?.revision > head; // changed while the answer was on its way
    this.#tracks.set(id, {
      order: cues.map((cue) => cue.id),
      cues: new Map(cues.map((cue) => [cue.id, newer(cue) ? known.get(cue.id) : timed(cue)])),
    });
    for (const cue of cues) this.#recognise(id, cue);
  }

  async loadRisk() {
    if (!this.track) return;
    const { items, track } = await get("/api/risk", { track: this.track.id });
    if (track !== this.track.id) return;
    this.risk = items;
    this.riskOf = new Map(items.map((item, place) => [item.cue, { ...item, place }]));
    this.#say("risk");
  }

  riskOf = new Map();

  trackInfo(id) {
    return this.project.tracks.find((track) => track.id === id);
  }

  order() {
    return this.#tracks.get(this.track?.id)?.order ?? [];
  }

  cue(id, track = this.track?.id) {
    return this.#tracks.get(track)?.cues.get(id) ?? null;
  }

  /** Cues of the source track that this one was made from. */
  sources(cue) {
    if (!this.track?.source) return [];
    const from = cue.sources.length ? cue.sources : [cue.id];
    return from.map((id) => this.cue(id, this.track.source)).filter(Boolean);
  }

  // -- where the reviewer is -------------------------------------------------------------------

  /** Go to a cue; `by` is "picture" where playing brought it, not a person. */
  select(id, { by = "person" } = {}) {
    if (id === null || !this.cue(id)) return;
    const moved = id !== this.current;
    this.current = id;
    history.replaceState(null, "", `#${new URLSearchParams({ track: this.track.id, cue: id })}`);
    this.#say("select", { moved, by });
    clearTimeout(this.hereTimer);
    this.hereTimer = setTimeout(
      () => post("/api/here", { track: this.track.id, cue: id }).catch(() => {}), 400);
  }

  /** The last cue that began by a time; `null` before the first. */
  begunAt(time) {
    const order = this.order();
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.cue(order[middle]).from <= time) low = middle + 1;
      else high = middle;
    }
    return order[low - 1] ?? null;
  }

  /** The cue `by` places further in the order given. */
  step(by, order = this.order()) {
    const place = order.indexOf(this.current);
    const next = place < 0 ? 0 : Math.min(Math.max(place + by, 0), order.length - 1);
    if (order.length) this.select(order[next]);
  }

  // -- changing --------------------------------------------------------------------------------

  /** Send one edit; edits go one after another, so that each names the revision the last one made. */
  edit(op, fields = {}, { cue = this.current, track = this.track?.id, revision = null } = {}) {
    return this.change("/api/edit", () => {
      const body = { op, track, ...fields };
      if (cue !== null) Object.assign(body, { cue, revision: revision ?? this.cue(cue, track)?.revision });
      return body;
    });
  }

  change(path, makeBody, busy = "Saving…") {
    const done = this.#queue.then(() => this.#send(path, makeBody, busy));
    this.#queue = done.catch(() => {});
    return done;
  }

  async #send(path, makeBody, busy) {
    const body = makeBody();
    if (body === null) return null;
    tell(busy, "busy");
    try {
      const found = await post(path, body);
      this.#apply(found.tracks);
      this.undoable = found.undo;
      this.redoable = found.redo;
      if (found.project) await this.loadProject();
      tell(outcome(path, body, found, this.track?.id), "good");
      this.#say("saved");
      this.#riskSoon();
      return found;
    } catch (error) {
      if (!this.#failed(error, body)) throw error;
      const found = await this.#send(path, makeBody, busy); // from what the server has
      if (!found) tell("Saved.", "good"); // which is all there was
      return found;
    }
  }

  /** Tell why something was not saved. True: it is no conflict, and can be sent from what the server has. */
  #failed(error, body) {
    if (!(error instanceof ApiError)) {
      tell("Not saved: the server does not answer. What you typed is kept here.", "bad");
    } else if (error.status === 401) {
      tell("Not saved: open the address that subkit prints now. What you typed is kept here.", "bad");
    } else if (error.status === 409 && error.body.theirs !== undefined) {
      const { theirs } = error.body;
      if (theirs) this.#apply({ [body.track]: { changed: [theirs], removed: [], order: null } });
      if (theirs && body.op === "retext" && !(this.draft(body.cue, body.track)?.revision < theirs.revision)) return true;
      tell(error.message, "bad");
      if (body.op !== "replace") this.#say("conflict", { body, message: error.message, theirs });
    } else {
      tell(`${error.message} ${error.remedy}`.trim(), "bad");
    }
    return false;
  }

  #apply(tracks = {}) {
    for (const [id, { changed, removed, order }] of Object.entries(tracks)) {
      const track = this.#tracks.get(id);
      if (!track) continue;
      for (const cue of changed) {
        this.#recognise(id, cue);
        const known = track.cues.get(cue.id);
        if (!known || known.revision <= cue.revision) track.cues.set(cue.id, timed(cue));
      }
      for (const gone of removed) track.cues.delete(gone);
      if (order) track.order = order;
      else if (removed.length) track.order = track.order.filter((one) => track.cues.has(one));
    }
    if (this.track && !this.cue(this.current)) this.current = this.order()[0] ?? null;
    this.#say("cues", { tracks });
  }

  /** What the server told of others' edits, and of this page's own from another window. */
  heard(kind, data) {
    if (kind === "edit") {
      this.#apply(data.tracks);
      if (data.session !== this.project.session)
        tell(`${data.actor} changed ${Object.values(data.tracks).flatMap((t) => t.changed).length} cues.`);
      this.#riskSoon();
    } else if (kind === "project") this.loadProject();
    else if (kind === "people") {
      this.project.reviewers = data.reviewers;
      this.#say("people");
    } else this.#say(kind, data);
  }

  #riskSoon() {
    clearTimeout(this.riskTimer);
    this.riskTimer = setTimeout(() => this.loadRisk().catch(() => {}), 1200);
  }

  // -- text that is typed and not saved --------------------------------------------------------

  /**
   * What is typed in a cue: `{text, revision, sent}`. The revision is the one that the text stands on; `sent` are the
   * texts that went to the server from there and had no answer: one of them may be in the project, and is no stranger's.
   */
  draft(id, track = this.track?.id) {
    return this.drafts.get(`${track} ${id}`);
  }

  /** Keep what is typed; text that was not kept yet stands on `revision`. */
  type(id, text, revision, track = this.track.id) {
    this.setDraft(id, { revision, sent: [], ...this.draft(id, track), text }, track);
  }

  /** Save what is typed in a cue when its turn comes. Returns the head from which it is saved, `null` if nothing was. */
  async saveDraft(id, track) {
    let text = null;
    const found = await this.change("/api/edit", () => {
      const draft = this.draft(id, track);
      if (!draft) return null;
      text = draft.text;
      const lines = linesOf(text);
      const sent = new Set(draft.sent).add(lines.join("\n"));
      this.setDraft(id, { ...draft, sent: [...sent] }, track); // first: the answer may never come
      return { op: "retext", track, cue: id, revision: draft.revision, lines };
    });
    if (!found) return null;
    const draft = this.draft(id, track);
    if (draft) this.stand(id, draft.text === text ? undefined : draft.text, found.head, track);
    return found.head;
  }

  /** If a cue says what was sent from here, what is typed stands on that. */
  #recognise(track, cue) {
    const draft = this.draft(cue.id, track);
    const text = cue.lines.join("\n");
    if (!draft || cue.revision <= draft.revision || !draft.sent.includes(text)) return;
    const same = linesOf(draft.text).join("\n") === text;
    this.stand(cue.id, same ? undefined : draft.text, cue.revision, track);
  }

  /** From now on what is typed stands on a revision: what was sent from an earlier one can no longer come. */
  stand(id, text, revision, track) {
    this.setDraft(id, text === undefined ? undefined : { text, revision, sent: [] }, track);
  }

  /** Keep a draft; without one, what was typed is saved or given up. */
  setDraft(id, draft, track = this.track.id) {
    const key = `${track} ${id}`;
    if (draft === undefined) this.drafts.delete(key);
    else this.drafts.set(key, draft);
    try { sessionStorage.setItem(DRAFTS, JSON.stringify(Object.fromEntries(this.drafts))); } catch { /* full: the page still has it */ }
  }

  #say(kind, detail = {}) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }

  on(kinds, listen) {
    for (const kind of kinds.split(" ")) this.addEventListener(kind, (/** @type {CustomEvent} */ event) => listen(event.detail));
  }
}

/** A cue with its times as numbers beside the exact text. */
function timed(cue) {
  return { ...cue, from: seconds(cue.start), to: seconds(cue.end) };
}

/** Lines as they are saved. */
export const linesOf = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);

function readDrafts() {
  try { return JSON.parse(sessionStorage.getItem(DRAFTS) ?? "{}"); } catch { return {}; }
}

export const store = new Store();
