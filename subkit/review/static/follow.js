// The list follows the picture: the cue that is heard is marked, and keys act on it, unless a person chose another.

import { byId } from "./dom.js";
import { list } from "./list.js";
import { playing, playsOn } from "./player.js";
import { store } from "./store.js";

let follows = true; // false: a person chose a cue while the film plays
let heard = null; // the cue that began last

export function start() {
  store.on("tick", ({ time }) => look(time));
  store.on("sought", () => { follows = true; });
  store.on("select", ({ moved, by }) => { if (moved && by === "person" && playing()) follows = false; });
  store.on("track typing", sign);
  byId("video").addEventListener("play", () => { follows = true; });
  byId("video").addEventListener("pause", sign);
}

/** Whether somebody is writing, choosing or answering: then nothing moves under their hands. */
function busy() {
  return list.typing || byId("dialog").open || document.activeElement.matches("input:not([type=range]), textarea, select");
}

function look(time) {
  if (!store.track) return;
  const id = store.begunAt(time + 0.001);
  if (id !== heard) list.mark(id);
  heard = id;
  if (playsOn() && follows && id !== null && id !== store.current && !busy() && list.ids().includes(id)) store.select(id, { by: "picture" });
  sign();
}

/** Go back to the cue that is heard. */
export function back() {
  follows = true;
  if (heard !== null) store.select(heard, { by: "picture" });
}

/** Say in the foot of the page what the keys act on, where that is not plain. */
function sign() {
  let text = "";
  if (list.typing) text = `Typing in ${store.current} · Esc leaves`;
  else if (playsOn() && !follows) text = `Keys act on ${store.current} · b: back to the picture`;
  else if (playsOn() && heard !== null && !list.ids().includes(heard)) text = `${heard} is heard, and not in this list · keys act on ${store.current}`;
  else if (playsOn()) text = "Follows the picture";
  const place = byId("mode");
  if (place.textContent !== text) place.textContent = text;
  document.body.toggleAttribute("data-typing", list.typing);
}
