"""Translation memory: approved translations of earlier projects, found by source text.

A unit (a sentence, or what belongs to one cue) whose words were approved before is not translated
again. What is only alike is offered as an alternative of the cue. Neither is ever approved by that.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import partial
from typing import TYPE_CHECKING

from subkit.language import join_words, normalize_spaces
from subkit.model import Alternative, Cue, Origin, Provenance, Track
from subkit.translation.distribution import distribute
from subkit.translation.dressing import undress
from subkit.translation.preferences import MEMORY_TOOL
from subkit.translation.sentence_cores import same_language
from subkit.translation.staleness import is_settled, succeed
from subkit.translation.units import build_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from subkit.model import Profile

__all__ = ["Pair", "TranslationMemory", "bare_text", "offer_similar", "without_answered"]

LEAST = 0.75
"""Share of letters alike from which a text is offered."""
OFFERED = 3
_CANDIDATES = 30
_MAX_LETTERS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An approved text and its source, each without tags and labels.

    Attributes:
        source: White space normalised, one line a turn.
        text: Likewise.
        source_language: BCP 47.
        language: BCP 47.
        actor: Who approved it; empty where not known.
        time: When, as text that sorts; empty where not known.
    """

    source: str
    text: str
    source_language: str
    language: str
    actor: str = ""
    time: str = ""


class TranslationMemory:
    """Approved pairs into one language; the newest of those that disagree answers.

    Args:
        pairs: In any order and of any languages.
        target: BCP 47 language wanted; pairs into others are left out.
    """

    def __init__(self, pairs: Iterable[Pair], target: str) -> None:
        self._exact: dict[str, list[Pair]] = {}
        self._by_token: dict[str, set[str]] = {}
        wanted = [pair for pair in pairs if same_language(pair.language, target)]
        for pair in sorted(wanted, key=lambda pair: pair.time, reverse=True):
            known = self._exact.setdefault(pair.source, [])
            if all(pair.text != other.text for other in known):
                known.append(pair)
        for source in self._exact:
            for token in _tokens(source):
                self._by_token.setdefault(token, set()).add(source)

    def __len__(self) -> int:
        """How many different source texts it knows."""
        return len(self._exact)

    def recall(self, text: str, language: str) -> str | None:
        """The newest approved text for exactly this source; the ``memory`` of a translation."""
        found = self._of(text, language)
        return found[0].text if found else None

    def similar(self, text: str, language: str) -> list[tuple[float, Pair]]:
        """Up to three texts of sources that are alike, and how alike (0 to 1), the best first.

        Also those that disagree with the newest for the very same source, at 1.
        """
        exact = self._of(text, language)
        found = [(1.0, pair) for pair in exact[1:]]
        text = text[:_MAX_LETTERS]
        shared = Counter(
            source for token in _tokens(text) for source in self._by_token.get(token, ())
        )
        matcher = SequenceMatcher(None, b=text, autojunk=False)
        for source, _ in shared.most_common(_CANDIDATES):
            if exact and source == exact[0].source:
                continue
            matcher.set_seq1(source[:_MAX_LETTERS])
            if matcher.quick_ratio() >= LEAST and (share := matcher.ratio()) >= LEAST:
                found += [(share, pair) for pair in self._of(source, language)[:1]]
        return sorted(found, key=lambda item: (-item[0], item[1].text))[:OFFERED]

    def _of(self, text: str, language: str) -> list[Pair]:
        known = self._exact.get(text, [])
        return [pair for pair in known if same_language(pair.source_language, language)]


def _tokens(text: str) -> set[str]:
    """What two like texts share: words, and in writing without spaces pairs of letters."""
    words = text.casefold().split()
    long = [word for word in words if len(word) > 1 and not word.isascii()]
    return {*words, *(word[i : i + 2] for word in long for i in range(len(word) - 1))}


def bare_text(cues: list[Cue], language: str) -> str:
    """The words of cues as a unit has them: no tags, no labels, a line a turn."""
    if len(cues) == 1:
        units = build_units(Track(id=language, language=language, cues=(cues[0],)))
        return units[0].text
    bare = [undress(cue)[0] for cue in cues]
    return normalize_spaces(join_words((line for cue in bare for line in cue.lines), language))


def without_answered(track: Track, source: Track, memory: TranslationMemory) -> Track:
    """A translated track in which what the memory answers counts as not translated yet.

    Else a text that a machine made before the memory knew better would stay. What people decided
    on keeps its place in any case.
    """
    answered = {
        name
        for unit in build_units(source)
        if memory.recall(unit.text, unit.language) is not None
        for name in unit.cues
    }
    cues = tuple(
        replace(cue, made_from=None) if cue.id in answered and not is_settled(cue) else cue
        for cue in track.cues
    )
    return replace(track, cues=cues)


def offer_similar(
    track: Track,
    source: Track,
    memory: TranslationMemory,
    *,
    profile: Profile,
    break_lines: Callable[[str], tuple[str, ...]],
    previous: Track | None = None,
) -> Track:
    """The track with what the memory has of similar sources among its cues' alternatives.

    The score of such an alternative is the share of letters alike, 0 to 1. Cues that people
    decided on are left as they are, and those of ``previous`` that differ in no more than a date.
    """
    sources = {cue.id: cue for cue in source.cues}
    cues = {cue.id: cue for cue in track.cues}
    split = partial(distribute, profile=profile, language=track.language, break_lines=break_lines)
    for unit in build_units(source):
        names = [name for name in unit.cues if name in cues]
        if not unit.text or len(names) < len(unit.cues) or all(is_settled(cues[n]) for n in names):
            continue
        for share, pair in memory.similar(unit.text, unit.language):
            whole = "\n" in pair.text
            parts = (
                (tuple(pair.text.split("\n")),)
                if whole and len(names) == 1
                else split(pair.text, [sources[name] for name in names])
            )
            for name, lines in zip(names, parts, strict=True):
                cues[name] = _with_offer(cues[name], "\n".join(lines), share, pair)
    before = {} if previous is None else {cue.id: cue for cue in previous.cues}
    kept = (succeed(before.get(cue.id), cues[cue.id]) for cue in track.cues)
    return replace(track, cues=tuple(kept))


def _with_offer(cue: Cue, text: str, share: float, pair: Pair) -> Cue:
    known = {cue.text, *(other.text for other in cue.alternatives)}
    if not text or text in known or is_settled(cue):
        return cue
    made = Provenance(
        origin=Origin.HUMAN, tool=MEMORY_TOOL, actor=pair.actor or "subkit", time=pair.time
    )
    offer = Alternative(text=text, score=round(share, 3), provenance=made)
    return replace(cue, alternatives=(*cue.alternatives, offer))
