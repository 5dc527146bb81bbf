"""Signs in names, learnt from the track itself because most titles have no glossary."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from subkit.language import resolve_language
from subkit.language.punctuation import bare
from subkit.risk.evidence import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from subkit.risk.evidence import Evidence

__all__ = ["SIGNS"]

_OFTEN = 3
"""How often a name must come before a translation of it can be called usual."""

_USUAL = 0.6
_STEMS = {"Kore", "Jpan", "Hans", "Hant", "Thai"}
"""Scripts whose words take endings without a space, or have no spaces: stems are compared."""


def differing(evidence: Evidence) -> Iterator[Reason]:
    """A name of the source that is usually translated in one way, and here is not."""
    if evidence.source is None or not resolve_language(evidence.source.language).spaces:
        return
    stems = resolve_language(evidence.track.language).script in _STEMS
    texts = {cue.id: cue.text for cue in evidence.cues if cue.id in evidence.sources}
    forms = {cue: _forms(text, stems=stems) for cue, text in texts.items()}
    spread = Counter(form for found in forms.values() for form in found)
    for name, cues in _names({cue: evidence.sources[cue].text for cue in texts}).items():
        usual, share = _usual([forms[cue] for cue in cues], spread, len(cues))
        if not usual:
            continue
        for cue in cues:
            if usual not in forms[cue]:
                message = f"“{name}” is “{usual}” elsewhere in this track, and here it is not."
                yield Reason(cue=cue, kind="name-differs", strength=share, message=message)


def odd(evidence: Evidence) -> Iterator[Reason]:
    """A name that comes once and is almost one that comes often."""
    if not resolve_language(evidence.track.language).spaces:
        return
    found = _names({cue.id: cue.text for cue in evidence.cues}, least=1)
    often = [name for name, cues in found.items() if len(cues) >= _OFTEN]
    for name, cues in found.items():
        if len(cues) > 1:
            continue
        near = next((other for other in often if _is_near(name, other)), None)
        if near is not None:
            message = f"“{name}” comes once, and “{near}” often."
            yield Reason(cue=cues[0], kind="odd-name", message=message)


def _names(texts: dict[str, str], least: int = _OFTEN) -> dict[str, list[str]]:
    """Words always written with a capital, also inside a sentence, and the cues they stand in."""
    inside: set[str] = set()
    anywhere: dict[str, list[str]] = defaultdict(list)
    small: set[str] = set()
    for cue, text in texts.items():
        begins = True
        for raw in text.split():
            word = _trimmed(raw).removesuffix("'s").removesuffix("’s")
            if word[:1].isupper() and len(word) > 2:
                anywhere[word].append(cue)
                if not begins or raw.endswith(","):  # who is called stands first
                    inside.add(word)
            elif word:
                small.add(word.casefold())
            begins = raw[-1:] in ".?!…-–—" or raw[-2:-1] in ".?!…"
    return {
        word: list(dict.fromkeys(cues))
        for word, cues in anywhere.items()
        if len(cues) >= least and word in inside and word.casefold() not in small
    }


def _trimmed(word: str) -> str:
    """A word as written, without the marks around it."""
    return word.strip("".join(char for char in word if not char.isalnum()))


def _forms(text: str, *, stems: bool) -> set[str]:
    words = [bare(word).casefold() for word in text.split()]
    if not stems:
        return {word for word in words if len(word) > 2}
    return {word[:size] for word in words for size in range(2, min(len(word), 6) + 1)}


def _usual(places: Iterable[set[str]], spread: Counter[str], count: int) -> tuple[str, float]:
    """The form that stands where the name stands and hardly anywhere else, and how usual it is."""
    inside = Counter(form for forms in places for form in forms)
    best, share = "", 0.0
    for form, times in inside.items():
        here, elsewhere = times / count, (spread[form] - times) / max(1, spread[form])
        if times >= 2 and here >= _USUAL and elsewhere <= 0.25:
            better = (here - elsewhere, len(form)) > (share, len(best))
            best, share = (form, here - elsewhere) if better else (best, share)
    return best, min(1.0, max(0.5, share))


def _is_near(word: str, other: str) -> bool:
    """Whether two words differ by one or two letters."""
    if word == other or abs(len(word) - len(other)) > 2 or min(len(word), len(other)) < 4:
        return False
    from difflib import SequenceMatcher

    return SequenceMatcher(None, word, other, autojunk=False).ratio() >= 0.7


SIGNS = (differing, odd)
