// What the profile measures, live while typing; the server's quality check has the last word.

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NOTHING = /^[\p{Mn}\p{Me}\p{Mc}\p{Cf}\p{Cc}\p{Zl}\p{Zp}]*$/u;

/** Width of one line in the profile's counting. */
export function width(line, counting) {
  let total = 0;
  for (const { segment } of segmenter.segment(line)) {
    if (NOTHING.test(segment)) continue;
    total += counting === "characters" || WIDE.test(segment) ? 1 : 0.5;
  }
  return total;
}

/** Lines, widths, reading speed and duration of a cue, each with its limit and whether it is kept. */
export function measure(lines, duration, profile, seconds) {
  const { counting, max_cpl: cpl, max_lines: most } = profile;
  const widths = lines.map((line) => width(line, counting));
  const speed = duration > 0 ? widths.reduce((a, b) => a + b, 0) / duration : 0;
  const maxSpeed = seconds(profile.max_cps);
  const shortest = seconds(profile.min_duration);
  const longest = seconds(profile.max_duration);
  const near = 1e-6;
  return [
    { name: "CPS", value: speed.toFixed(1), limit: maxSpeed.toFixed(maxSpeed % 1 ? 1 : 0), kept: speed <= maxSpeed + near },
    { name: "CPL", value: String(Math.max(0, ...widths)), all: widths.join(" + "), limit: String(cpl), kept: widths.every((w) => w <= cpl) },
    { name: "lines", value: String(lines.length), limit: String(most), kept: lines.length <= most },
    {
      name: "s", value: duration.toFixed(2), limit: `${shortest.toFixed(2)}–${longest.toFixed(0)}`,
      kept: duration >= shortest - near && duration <= longest + near,
    },
  ];
}
