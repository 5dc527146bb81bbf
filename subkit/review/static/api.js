// The server's words: see docs/review_api.md.

export class ApiError extends Error {
  constructor(status, body) {
    super(body?.error?.message ?? `The server answered ${status}.`);
    this.status = status;
    this.body = body ?? {};
    this.remedy = body?.error?.remedy ?? "";
  }
}

async function answer(response) {
  if (response.ok) return response;
  let body = null;
  try { body = await response.json(); } catch { /* not ours: the status says it */ }
  throw new ApiError(response.status, body);
}

function address(path, query) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return given.length ? `${path}?${new URLSearchParams(given)}` : path;
}

export async function get(path, query = {}) {
  return (await answer(await fetch(address(path, query)))).json();
}

/** Signed bytes of the waveform, and how many seconds of the media are known (`Infinity`: all). */
export async function getPeaks(start, end, points) {
  const response = await answer(await fetch(address("/api/peaks", { start, end, points })));
  const done = response.headers.get("X-Subkit-Peaks-Done");
  return { bytes: new Int8Array(await response.arrayBuffer()), known: done === null ? Infinity : Number(done) };
}

/** Columns of a piece of the spectrogram, as far as they are known, and whether all of it is. */
export async function getSpectrum(piece) {
  const response = await answer(await fetch(address("/api/spectrum", { piece })));
  return { columns: new Uint8Array(await response.arrayBuffer()), complete: response.headers.get("X-Subkit-Complete") === "1" };
}

export async function post(path, body = {}, { last = false } = {}) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    keepalive: last,
  });
  return (await answer(response)).json();
}

const AGAIN = 2000; // ms until a connection that the browser has given up is tried anew

/** Follow the server's events; `heard(kind, data)`. */
export function listen(heard, lost, back) {
  const source = new EventSource("/api/events");
  for (const kind of ["edit", "project", "people", "peaks", "proxy", "stop"])
    source.addEventListener(kind, (event) => heard(kind, JSON.parse(event.data)));
  source.addEventListener("error", () => {
    lost();
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(heard, lost, back), AGAIN);
  });
  source.addEventListener("open", back);
  addEventListener("pagehide", () => source.close());
}
