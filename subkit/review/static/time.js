// Times come as exact fractions of a second in text and leave as such; in between they are frames.

/** `"3003/1000"` -> seconds. */
export function seconds(text) {
  const [over, under = "1"] = String(text).split("/");
  return Number(over) / Number(under);
}

/** The frame grid of a project: frames <-> seconds <-> the exact text that is sent. */
export class Grid {
  constructor(rate, dropFrame, programmeStart) {
    const [over, under = "1"] = String(rate ?? "25").split("/");
    this.over = BigInt(over);
    this.under = BigInt(under);
    this.rate = Number(over) / Number(under);
    this.dropFrame = Boolean(dropFrame);
    this.offset = Math.round(seconds(programmeStart ?? "0") * this.rate);
  }

  frame(time) {
    return Math.round(time * this.rate);
  }

  time(frame) {
    return frame / this.rate;
  }

  text(frame) {
    return `${BigInt(frame) * this.under}/${this.over}`;
  }

  /**
   * Seconds of the media from `HH:MM:SS:FF`, `HH:MM:SS.mmm` or fewer parts; `null` if it is none. Where the programme
   * starts late (10:00:00:00), a time before its start is one from the first frame on.
   */
  parse(text) {
    const found = /^(?:(\d{1,2}):)?(\d{1,3}):(\d{1,2})(?:[:;](\d{1,2})|[.,](\d{1,6}))?$/.exec(text);
    if (!found) return null;
    const [hours, minutes, secs, frames, part] = found.slice(1).map((one) => one ?? "");
    const whole = Math.max(1, Math.round(this.rate));
    const minute = Number(hours) * 60 + Number(minutes);
    let frame = (minute * 60 + Number(secs)) * whole + Number(frames);
    if (this.dropFrame) frame -= (whole / 15) * (minute - Math.floor(minute / 10));
    if (part) frame += Number(`0.${part}`) * this.rate;
    return this.time(frame >= this.offset ? frame - this.offset : frame);
  }

  /** Timecode HH:MM:SS:FF, programme start added; `;` before the frames where frames are dropped. */
  timecode(time) {
    const whole = Math.max(1, Math.round(this.rate));
    let frame = this.frame(time) + this.offset;
    if (this.dropFrame) {
      const dropped = whole / 15; // two names a minute at 30, four at 60, none in each tenth
      const tenth = whole * 600 - 9 * dropped;
      const rest = frame % tenth;
      frame += 9 * dropped * Math.floor(frame / tenth);
      if (rest > dropped) frame += dropped * Math.floor((rest - dropped) / (whole * 60 - dropped));
    }
    const two = (n) => String(n).padStart(2, "0");
    const s = Math.floor(frame / whole);
    const mark = this.dropFrame ? ";" : ":";
    return `${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}${mark}${two(frame % whole)}`;
  }
}
