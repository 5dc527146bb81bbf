"""What each field of a style means, in one line for people who write or read one."""

from __future__ import annotations

__all__ = ["MEANINGS"]

MEANINGS = {
    "max_lines": "lines in one cue",
    "max_cpl": "characters per line",
    "max_chars": "characters in one cue",
    "max_cps": "characters per second",
    "max_wpm": "words per minute",
    "counting": "characters, or half-width: Latin, space and punctuation one half",
    "min_duration": "seconds a cue stays at least",
    "max_duration": "seconds a cue stays at most",
    "word_duration": "seconds a cue stays for each of its words, at least",
    "min_gap_frames": "frames between two cues",
    "chain": "seconds of gap below which a cue stays until the next one",
    "linger": "seconds a cue may stay after its speech",
    "anticipation": "seconds a cue may appear before its speech",
    "max_cover": "part of the programme that cues for forced narrative may cover",
    "shots": "false: shot changes are not looked at",
    "shots.in_after": "an in-time up to so many seconds after a shot change moves to it",
    "shots.in_before": "an in-time up to so many seconds before a shot change moves to it",
    "shots.in_clear": "an in-time nearer than this before a shot change moves back to this",
    "shots.out_before": "an out-time up to so many seconds before a shot change moves to it",
    "shots.out_after": "an out-time up to so many seconds after a shot change moves to it",
    "shots.gap_frames": "frames between such an out-time and the shot change",
    "text.ellipsis": 'how an ellipsis is written: "…" or "..."',
    "text.dash": 'hyphens of dialogue: "both", "both spaced", "second", "second spaced"',
    "text.quotes": "the opening and the closing quotation mark",
    "text.italics": "whether italics may be used",
    "text.spell_to": "whole numbers up to this one are spelled out",
    "text.not_last": "marks that do not end a line",
    "text.not_used": "characters that are never used",
    "text.repertoire": 'characters that the carrier has: "ebu-stl", "cea-608"',
    "text.one_line": "a text that fits on one line stands on one",
    "text.balance": "the shorter line is at least this part of the longer",
    "text.bottom_heavy": "the upper line is the shorter one",
    "text.whole_sentences": "a cue does not end with the start of the next sentence",
    "text.label": 'marks around a label in SDH: "[]", "()", "**"',
    "text.label_case": 'letters of a label in SDH: "lower", "upper"',
    "text.music": "the mark around sung text",
}
"""By field, as in ``FIELDS``."""
