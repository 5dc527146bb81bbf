// Which shortcut a key press means, on whatever keyboard; pure, so that it can be tested without a page.

/**
 * Name of a key press: `"Control+Shift+Z"`. Where the keyboard writes another script (Hangul, Cyrillic, Arabic), a letter
 * counts by its place on the keyboard, so that `a` approves with a Korean layout too.
 */
export function nameOf({ key, code = "", ctrlKey = false, metaKey = false, altKey = false, shiftKey = false }) {
  const parts = [];
  if (ctrlKey || metaKey) parts.push("Control");
  if (altKey) parts.push("Alt");
  if (shiftKey && (parts.length || key.length > 1)) parts.push("Shift");
  return [...parts, latin(key, code, shiftKey)].join("+");
}

function latin(key, code, shifted) {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (!letter || /^[\x20-\x7e]$/.test(key) || (key.length > 1 && key !== "Process")) return key;
  return shifted ? letter : letter.toLowerCase();
}

const NAMES = { " ": "Space", ArrowDown: "↓", ArrowUp: "↑", PageDown: "Page ↓", PageUp: "Page ↑", Escape: "Esc", Control: "Ctrl", "-": "−", 1: "1 … 9" };

/** A key as it is written on keyboards. */
export function spelled(key) {
  const parts = key.split(/(?<=.)\+/);
  return parts.map((one) => NAMES[one] ?? (parts.length > 1 && one.length === 1 ? one.toUpperCase() : one)).join("+");
}
