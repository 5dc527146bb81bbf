"""Every sign that a cue may be wrong, as one table.

The recogniser's doubts, the guards of translation, the rules of the quality check and the reasons
of the review queue are rows of it. A row's key is what ``subkit qc``, the queue, the page and JSON
call the defect; its weight is how probable it makes it that a person would change the cue (own
proposal, checked on seeded errors). Rules of the house style without a row of their own are style.
"""

from __future__ import annotations

from dataclasses import dataclass

from subkit.model import Severity

__all__ = ["GUARDS", "RECOGNITION", "SIGNALS", "STYLE", "Signal", "signal_of"]


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign that a cue may be wrong.

    Attributes:
        key: Its name everywhere.
        weight: 0 to 1 at its strongest; 0 is no reason to look.
        group: Signs of one group count once in the risk of a cue: the weightiest.
        severity: Of the finding of the quality check; ``None`` where the check has no such rule.
        detector: What finds it, below ``subkit``.
        sentence: What it says of a cue, without a full stop.
    """

    key: str
    weight: float
    group: str
    severity: Severity | None
    detector: str
    sentence: str


_WARN, _ERROR = Severity.WARNING, Severity.ERROR

STYLE = "style"
"""The group of all findings that stand for the house style alone; of a cue the gravest counts."""

STYLE_WEIGHT = 0.25

# fmt: off
_ROWS = (
    # what the recogniser doubted itself: its words for it are the keys without "recognition-"
    Signal("recognition-low-score", 0.4, "low-score", _WARN,
           "decode.guards.doubts",
           "the recogniser was unsure of its words here"),
    Signal("recognition-loop", 0.9, "loop", _WARN,
           "decode.guards.doubts",
           "the recogniser repeated itself here"),
    Signal("recognition-too-fast", 0.4, "low-score", _WARN,
           "decode.guards.doubts",
           "the recogniser wrote more here than can be said in the time"),
    Signal("recognition-no-speech", 0.8, "cue-without-speech", _WARN,
           "decode.guards.doubts",
           "the recogniser heard no speech here"),
    Signal("recognition-maybe-no-speech", 0.8, "cue-without-speech", _WARN,
           "decode.guards.doubts",
           "the recogniser doubted that anybody speaks here"),
    Signal("recognition-language-unsure", 0.3, "language-unsure", _WARN,
           "decode.guards.doubts",
           "the language was not certain here"),
    Signal("recognition-second-opinion", 0.5, "second-opinion", _WARN,
           "decode.skipped.SkippedParts",
           "voice detection heard nobody here, only the recogniser did"),
    Signal("recognition-code-switch", 0.0, "code-switch", None,
           "decode.switching.mark_switches",
           "words here are in another language than their window"),
    # what was heard, against what is shown
    Signal("speech-without-cue", 0.85, "speech-without-cue", _WARN,
           "risk.speech_signs.voice_without_text",
           "a voice is heard and no cue shows it"),
    Signal("words-without-cue", 0.9, "words-without-cue", None,
           "risk.speech_signs.words_without_text",
           "words were recognised that stand in no cue"),
    Signal("cue-without-speech", 0.8, "cue-without-speech", _WARN,
           "risk.speech_signs.text_without_voice",
           "hardly any voice is heard while the cue is shown"),
    Signal("not-as-heard", 0.7, "not-as-heard", None,
           "risk.speech_signs.against_words",
           "the text is not what was heard"),
    Signal("far-from-words", 0.85, "far-from-words", None,
           "risk.speech_signs.against_words",
           "its words are heard at another time"),
    Signal("decodes-disagree", 0.35, "decodes-disagree", None,
           "risk.speech_signs.unsure",
           "the recogniser may also have heard another text"),
    Signal("unsure-words", 0.3, "unsure-words", None,
           "risk.speech_signs.unsure",
           "the recogniser was unsure of single words"),
    # the text itself
    Signal("loop", 0.9, "loop", _WARN,
           "signals.loops.find_loop",
           "a few words are said over and over"),
    Signal("repeated-text", 0.9, "loop", _WARN,
           "risk.text_signs.loops",
           "the text is that of the cue before it"),
    Signal("wrong-script", 0.85, "wrong-script", _WARN,
           "translation.text_guards.has_wrong_script",
           "the text, or a word of it, is not in the script of its language"),
    Signal("mixed-script", 0.85, "wrong-script", _ERROR,
           "quality.rules.script",
           "a word is written in two scripts"),
    Signal("odd-name", 0.75, "odd-name", None,
           "risk.name_signs",
           "a name comes once and is almost one that comes often"),
    # a translation, against its source
    Signal("empty", 0.95, "empty", _ERROR,
           "translation.text_guards.is_empty",
           "the translation has no words"),
    Signal("untranslated", 0.7, "untranslated", _WARN,
           "translation.text_guards.is_copied",
           "the translation is the source"),
    Signal("translation-repeated", 0.9, "loop", _WARN,
           "translation.text_guards.is_repeated",
           "the translation repeats itself"),
    Signal("changed-number", 0.75, "changed-number", _WARN,
           "translation.text_guards.has_changed_numbers",
           "numbers in the translation are not those of the source"),
    Signal("translation-tags", 0.25, "style", _WARN,
           "translation.text_guards.doubts",
           "inline tags in the translation are not those of the source"),
    Signal("translation-truncated", 0.25, "style", _WARN,
           "translation.text_guards.doubts",
           "the translation ran on without an end and was cut"),
    Signal("translation-low-score", 0.25, "style", _WARN,
           "translation.text_guards.doubts",
           "the translator was unsure"),
    Signal("translation-tag-place", 0.25, "style", _WARN,
           "quality.translation_guards",
           "a tag inside the sentence stands where its share of the text fell"),
    Signal("translation-looks", 0.25, "style", _WARN,
           "translation.mark_transfer.lost_marks",
           "marks on parts of its source have no place in the translation"),
    Signal("translation-stale", 0.8, "translation-stale", _WARN,
           "translation.staleness.stale_reasons",
           "its source text has changed since it was translated"),
    Signal("glossary-missing", 0.75, "glossary", _WARN,
           "risk.text_signs.terms",
           "a term or name of the glossary is not there"),
    Signal("glossary-forbidden", 0.75, "glossary", _ERROR,
           "risk.text_signs.terms",
           "a form stands here that the glossary forbids"),
    Signal("name-differs", 0.7, "name-differs", None,
           "risk.name_signs",
           "a name is translated otherwise everywhere else"),
    Signal("length-differs", 0.55, "length-differs", None,
           "risk.text_signs.lengths",
           "the translation is much longer or shorter than others"),
    Signal("missing-cue", 0.9, "missing-cue", _ERROR,
           "risk.text_signs.coverage",
           "a source cue beside it has no translation"),
    Signal("moved-cue", 0.85, "moved-cue", _WARN,
           "risk.text_signs.coverage",
           "its times are not those of its source"),
    Signal("doubtful-source", 0.4, "doubtful-source", None,
           "risk.queue.risk_queue",
           "its source is doubtful"),
    # the house style, and people
    Signal("reading-speed", 0.3, "reading-speed", _WARN,
           "quality.rules.reading_speed",
           "more has to be read than there is time for"),
    Signal("register", 0.4, "register", _WARN,
           "quality.rules.term_use",
           "a form of address that the register does not have"),
    Signal("register-flip", 0.4, "register", _WARN,
           "quality.rules.term_use",
           "the speech level changes inside a scene"),
    # lines to be dubbed: weighed as style, until it is measured what people change of them
    Signal("line-duration", 0.25, "isochrony", _WARN,
           "quality.rules.dubbed_lines",
           "the line takes much longer or shorter to say than the original speaks"),
    Signal("line-pauses", 0.25, "isochrony", _WARN,
           "quality.rules.dubbed_lines",
           "the line cannot pause where the original does"),
    Signal("no-character", 0.25, "no-character", _WARN,
           "quality.rules.dubbed_lines",
           "nobody knows who speaks the line"),
    Signal("open-comment", 0.5, "open-comment", None,
           "risk.text_signs.comments",
           "somebody asked something, and it is not settled"),
)
# fmt: on

SIGNALS: dict[str, Signal] = {signal.key: signal for signal in _ROWS}
"""Key -> its row."""

RECOGNITION: dict[str, Signal] = {
    key.removeprefix("recognition-"): signal
    for key, signal in SIGNALS.items()
    if key.startswith("recognition-")
}
"""The word in ``Window.warnings`` -> its row."""

GUARDS: dict[str, Signal] = {
    "empty": SIGNALS["empty"],
    "copied": SIGNALS["untranslated"],
    "wrong-script": SIGNALS["wrong-script"],
    "repeated": SIGNALS["translation-repeated"],
    "numbers": SIGNALS["changed-number"],
    "tags": SIGNALS["translation-tags"],
    "truncated": SIGNALS["translation-truncated"],
    "low-score": SIGNALS["translation-low-score"],
}
"""The name of a guard of translation -> its row."""


def signal_of(key: str) -> Signal:
    """Return the row of a key; for a rule that has none, one that counts as style."""
    known = SIGNALS.get(key)
    return known or Signal(key, STYLE_WEIGHT, STYLE, _WARN, "quality.rules", "")
