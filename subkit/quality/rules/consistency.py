"""Rules on the consistency of a track: repeated text, and the same thing written in two ways."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from subkit.language import clusters, resolve_language
from subkit.language.punctuation import DASHES
from subkit.model import Quantity
from subkit.quality.rule import ERROR, WARNING, Breach, TrackRule
from subkit.signals import find_loop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.interfaces import Subject
    from subkit.model import Cue

__all__ = ["RULES", "plain"]

_MARKS = re.compile(r"[^\w\s]+")


def plain(text: str) -> str:
    """The words of a text without marks and case, one space between them."""
    return " ".join(_MARKS.sub(" ", text.casefold()).split())


def _repeated(subject: Subject) -> Iterator[Breach]:
    """The same text in cues that follow each other: a loop of the recogniser, or a slip.

    Short calls are said twice in any film: texts up to two words (in writing without spaces: eight
    characters) count from the third time on.
    """
    spaced = resolve_language(subject.track.language).spaces
    row = 1
    texts = [plain(cue.text) for cue in subject.track.cues]
    for (before, cue), (old, new) in zip(
        pairwise(subject.track.cues), pairwise(texts), strict=True
    ):
        row = row + 1 if new and new == old else 1
        short = len(new.split()) <= 2 if spaced else len(new) <= 8
        if row > (2 if short else 1):
            yield Breach(
                cue=cue,
                measured=Quantity.of(row, "times"),
                limit=Quantity.of(2, "times") if short else Quantity.of(1, "times", "1 time"),
                fault=f"has the same text as cue {before.id} before it",
            )


def _loop(subject: Subject) -> Iterator[Breach]:
    """A few words said over and over in one cue, as recognisers do where they hear nothing."""
    spaced = resolve_language(subject.track.language).spaces
    for cue in subject.track.cues:
        text = plain(cue.text)
        words = text.split() if spaced else list(clusters(text.replace(" ", "")))
        if found := find_loop(words):
            shown = (" " if spaced else "").join(found[0])
            yield Breach(
                cue=cue,
                measured=Quantity.of(found[1], "times"),
                fault=f"says {shown!r} {found[1]} times in a row",
            )


def _mixed(
    subject: Subject, forms: dict[str, re.Pattern[str]], what: str, marks: str
) -> Iterator[Breach]:
    """Find the cues with the rarer of two forms; of equals, the form that comes later.

    Each form has one of ``marks``: texts without any are not tried.
    """
    marked = re.compile(f"[{re.escape(marks)}]")
    cues: dict[str, list[Cue]] = defaultdict(list)
    for cue in subject.track.cues:
        text = cue.text
        for form, pattern in forms.items() if marked.search(text) else ():
            if pattern.search(text):
                cues[form].append(cue)
    if len(cues) < 2:
        return
    usual, *others = sorted(cues, key=lambda form: -len(cues[form]))
    for form in others:
        for cue in cues[form]:
            yield Breach(
                cue=cue,
                measured=form,
                limit=usual,
                fault=f"has {what} {form}; {len(cues[usual])} other cues have {usual}",
            )


_QUOTES = {"straight": re.compile('"'), "curly": re.compile("[“”„‟]"), "« »": re.compile("[«»]")}
_APOSTROPHES = {"straight": re.compile(r"'(?<=\w.)(?=\w)"), "curly": re.compile(r"’(?<=\w.)(?=\w)")}
_ELLIPSES = {
    "of three dots": re.compile(r"(?<!\.)\.\.\.(?!\.)"),
    "of one character": re.compile("…"),
}
_DASHES = {
    "hyphen": re.compile(r"^[^\S\n]*[-‐‑](?!-)\S", re.MULTILINE),
    "hyphen and space": re.compile(r"^[^\S\n]*[-‐‑]\s", re.MULTILINE),
    "en dash": re.compile(r"^[^\S\n]*–", re.MULTILINE),
    "em dash": re.compile(r"^[^\S\n]*—", re.MULTILINE),
}


def _mixed_quotes(subject: Subject) -> Iterator[Breach]:
    """Straight, curly and angled quotation marks in one track; the rarer ones are found."""
    return _mixed(subject, _QUOTES, "quotation marks:", '"“”„‟«»')


def _mixed_apostrophes(subject: Subject) -> Iterator[Breach]:
    """Straight and curly apostrophes in one track; the rarer ones are found."""
    return _mixed(subject, _APOSTROPHES, "apostrophes:", "'’")


def _mixed_ellipses(subject: Subject) -> Iterator[Breach]:
    """Ellipses of three dots and of one character in one track, if the style asks for neither."""
    if not subject.profile.text.ellipsis:
        yield from _mixed(subject, _ELLIPSES, "an ellipsis", ".…")


def _mixed_dashes(subject: Subject) -> Iterator[Breach]:
    """Lines that begin with different dashes in one track, if the style asks for none of them."""
    if not subject.profile.text.dash:
        yield from _mixed(subject, _DASHES, "at the start of a line:", DASHES)


def _same_id(subject: Subject) -> Iterator[Breach]:
    """Two cues with one id: comments, sign-offs and translations would go to the wrong one."""
    seen: set[str] = set()
    for cue in subject.track.cues:
        if cue.id in seen:
            yield Breach(cue=cue, measured=cue.id, fault="has the id of another cue")
        seen.add(cue.id)


RULES = (
    TrackRule("repeated-text", WARNING, _repeated),
    TrackRule("loop", WARNING, _loop),
    TrackRule("mixed-quotes", WARNING, _mixed_quotes),
    TrackRule("mixed-apostrophes", WARNING, _mixed_apostrophes),
    TrackRule("mixed-ellipses", WARNING, _mixed_ellipses),
    TrackRule("mixed-dashes", WARNING, _mixed_dashes),
    TrackRule("same-id", ERROR, _same_id),
)
