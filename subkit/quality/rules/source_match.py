"""Rules on a translation and its source: missing, moved, added and untranslated cues."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from subkit.language import resolve_language, script_of
from subkit.model import Purpose, Span
from subkit.quality.rule import ERROR, WARNING, Breach, TrackRule, over
from subkit.quality.rules.consistency import plain
from subkit.quality.rules.script import fits_script
from subkit.timing.measures import above

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["RULES"]

_NUMBER = re.compile(r"\d+(?:[.,' \u00a0\u202f’]\d{3})*(?:[.,]\d+)?")
_MYRIADS = re.compile(r"\d\s?[만억조万萬億亿兆千천백百십十]|[kKmM]\b")


def _pairs(subject: Subject) -> Iterator[tuple[Cue, Cue]]:
    """Yield each cue with the source cue of the same id."""
    if subject.source is None:
        return
    sources = {cue.id: cue for cue in subject.source.cues}
    for cue in subject.track.cues:
        if cue.id in sources:
            yield cue, sources[cue.id]


def _missing_cue(subject: Subject) -> Iterator[Breach]:
    """A cue of the source that no cue of the translation has the id of, or was made from."""
    if subject.source is None or subject.track.purpose is Purpose.FORCED:
        return
    have = {cue.id for cue in subject.track.cues}
    have.update(source for cue in subject.track.cues for source in cue.sources)
    for cue in subject.source.cues:
        if cue.id not in have and cue.text.strip():
            yield Breach(
                cue=None,
                span=cue.span,
                measured=cue.id,
                fault=f"Cue {cue.id} of the source has no translation: {cue.lines[0][:40]!r}",
            )


def _added_cue(subject: Subject) -> Iterator[Breach]:
    """A cue of the translation that no cue of the source stands behind."""
    if subject.source is None:
        return
    known = {cue.id for cue in subject.source.cues}
    for cue in subject.track.cues:
        if cue.id not in known and not known.intersection(cue.sources):
            yield Breach(cue=cue, fault="has no cue in the source")


def _moved_cue(subject: Subject) -> Iterator[Breach]:
    """A translated cue that does not appear when its source does."""
    for cue, source in _pairs(subject):
        off = cue.span.start - source.span.start
        if abs(off) > 1 / (subject.media.frame_rate.rate if subject.media.frame_rate else 25):
            way = "later" if off > 0 else "earlier"
            yield Breach(
                cue=cue,
                measured=over(abs(off), "s", 3),
                limit=over(0, "s"),
                fault=f"starts {above(abs(off), 3)} s {way} than in the source",
                span=Span(min(cue.span.start, source.span.start), cue.span.end),
            )


def _untranslated(subject: Subject) -> Iterator[Breach]:
    """A text that is still that of the source.

    Names, numbers and cries stay as they are, so texts of one word, and texts in which every word
    has a capital, are left alone; so is what is spoken, or already written, in the language of the
    track.
    """
    if subject.source is None:
        return
    wanted = resolve_language(subject.track.language)
    original = resolve_language(subject.source.language)
    target = wanted.base
    if target == original.base:
        return
    for cue, source in _pairs(subject):
        spoken = source.language or subject.source.language
        words = [w for w in cue.text.split() if any(map(str.isalpha, w))]
        names = all(not w.strip("-–—'’\"“”([¡¿«")[:1].islower() for w in words)
        latin = cue.text.isascii() or any(w[:1].islower() for w in words)
        if resolve_language(spoken).base == target or len(words) < 2 or (names and latin):
            continue
        script = script_of(source.text)
        if fits_script(script, wanted.script) and not fits_script(script, original.script):
            continue
        if plain(cue.text) == plain(source.text):
            yield Breach(cue=cue, measured=" ".join(words)[:40], fault="is not translated")


def _numbers(text: str) -> Counter[str]:
    """Return the numbers written in digits, without separators; decimals stay as written."""
    found = (re.sub(r"[^\d]", "", match) for match in _NUMBER.findall(text))
    return Counter(str(int(digits)) for digits in found if len(digits) < 400)


def _changed_number(subject: Subject) -> Iterator[Breach]:
    """A number in digits that the source does not have, where the source has another one.

    Numbers spelled out on one side, and Asian counting in ten thousands, cannot be compared.
    """
    for cue, source in _pairs(subject):
        if _MYRIADS.search(cue.text) or _MYRIADS.search(source.text):
            continue
        theirs, ours = _numbers(source.text), _numbers(cue.text)
        new, lost = ours - theirs, theirs - ours
        if new and lost:
            now, was = min(new), min(lost)
            yield Breach(
                cue=cue,
                measured=now,
                limit=was,
                fault=f"has the number {now} where the source has {was}",
            )


def _inconsistent(subject: Subject) -> Iterator[Breach]:
    """The same line of the source translated in two ways; lines under three words may be."""
    seen: dict[str, dict[str, Cue]] = defaultdict(dict)
    for cue, source in _pairs(subject):
        key, text = plain(source.text), plain(cue.text)
        if len(key.split()) < 3 and len(key) < 12:
            continue
        first = next(iter(seen[key].values()), None)
        if first is not None and text not in seen[key]:
            yield Breach(
                cue=cue,
                measured=cue.lines[0][:40] if cue.lines else "",
                limit=first.lines[0][:40] if first.lines else "",
                fault=f"translates the line of cue {first.id} in another way",
            )
        seen[key].setdefault(text, cue)


RULES = (
    TrackRule("missing-cue", ERROR, _missing_cue),
    TrackRule("added-cue", WARNING, _added_cue),
    TrackRule("moved-cue", WARNING, _moved_cue),
    TrackRule("untranslated", WARNING, _untranslated),
    TrackRule("changed-number", WARNING, _changed_number),
    TrackRule("inconsistent", WARNING, _inconsistent),
)
