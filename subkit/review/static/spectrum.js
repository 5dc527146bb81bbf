// The spectrogram under the cues: pieces of 16 s, asked for when they come in sight, at most forty kept.

import { getSpectrum } from "./api.js";
import { byId } from "./dom.js";

const SECONDS = 16; // of a piece
const BANDS = 64;
const COLUMNS = 32 * SECONDS;
const KEPT = 40; // pieces: ten minutes
const AGAIN = 1500; // ms until a piece that is not whole is asked for again

const pieces = new Map(); // place -> {image, whole}
const pen = byId("peaks").getContext("2d");
const colours = Array.from({ length: 256 }, (_, value) => shade(value / 255));

/** Dark blue over red to yellow: loud is light, for who sees no colours too. */
function shade(loud) {
  const x = Math.max(0, (loud - 0.15) / 0.75);
  return [255 * Math.min(1, 1.6 * x), 255 * Math.max(0, Math.min(1, 2 * x - 0.8)), 255 * Math.max(0.08, Math.min(0.6, 1.3 * x) - Math.max(0, x - 0.5))].map(Math.round);
}

/** Draw what is in sight, and ask for what is missing. */
export function drawSpectrum(wide, high, left, zoom, redraw) {
  pen.fillStyle = "#000014";
  pen.fillRect(0, 14, wide, high - 28);
  for (let place = Math.floor(left / SECONDS); place * SECONDS < left + wide / zoom; place++) {
    const found = piece(place, redraw);
    if (found) pen.drawImage(found, (place * SECONDS - left) * zoom, 14, SECONDS * zoom, high - 28);
  }
}

function piece(place, redraw) {
  const known = pieces.get(place);
  if (known) return known.image;
  pieces.set(place, { image: null });
  if (pieces.size > KEPT) pieces.delete(pieces.keys().next().value);
  getSpectrum(place).then(({ columns, complete }) => {
    pieces.set(place, { image: columns.length ? painted(columns) : null });
    if (!complete && columns.length < COLUMNS * BANDS) setTimeout(() => { pieces.delete(place); redraw(); }, AGAIN);
    redraw();
  }).catch(() => {});
  return null;
}

/** A piece as a picture, deep tones at its foot. */
function painted(columns) {
  const canvas = document.createElement("canvas");
  canvas.width = COLUMNS;
  canvas.height = BANDS;
  const brush = canvas.getContext("2d");
  const image = brush.createImageData(COLUMNS, BANDS);
  columns.forEach((value, at) => {
    const [column, band] = [Math.floor(at / BANDS), at % BANDS];
    const [red, green, blue] = colours[value];
    image.data.set([red, green, blue, 255], 4 * ((BANDS - 1 - band) * COLUMNS + column));
  });
  brush.putImageData(image, 0, 0);
  return canvas;
}
