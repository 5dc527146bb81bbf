"""Find who speaks to whom in each cue, and the register that applies."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.language import resolve_language
from subkit.terminology.level_readings import Reading, read_levels
from subkit.terminology.matching import Form, FormIndex
from subkit.terminology.speech_levels import family_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from subkit.model import Address, Cue, Track

__all__ = [
    "Flip",
    "People",
    "expected_address",
    "flips",
    "idle_entries",
    "other_terms",
    "scenes",
    "spoken_levels",
]

ANYONE = "*"
SCENE_PAUSE = Fraction(8)
"""Seconds without a cue after which another scene is taken to begin."""
SCENE_PAUSE_AT_SHOT = Fraction(3)
"""The same where a shot change lies in the pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who speaks in each cue and to whom, as far as it is known.

    Attributes:
        speakers: Cue id to the speaker's id.
        addressees: Cue id to the id of who is spoken to: the other one, where a scene has two
            speakers.
        names: Speaker id to name.
    """

    speakers: Mapping[str, str]
    addressees: Mapping[str, str]
    names: Mapping[str, str]

    @classmethod
    def of(
        cls, track: Track, names: Mapping[str, str], shots: Sequence[Fraction] | None = None
    ) -> People:
        """Who speaks in a track; a cue with dialogue dashes has no one speaker."""
        speakers = {c.id: c.speaker for c in track.cues if c.speaker and not _is_dialogue(c)}
        addressees: dict[str, str] = {}
        for scene in scenes(track.cues, shots):
            present = dict.fromkeys(cue.speaker for cue in scene if cue.speaker)
            if len(present) == 2:
                first, second = present
                others = {first: second, second: first}
                addressees |= {c.id: others[speakers[c.id]] for c in scene if c.id in speakers}
        return cls(speakers=speakers, addressees=addressees, names=dict(names))

    def is_called(self, person: str, name: str) -> bool:
        """Whether an entry's ``name`` means a person: by id or by name, in any case."""
        known = {person.casefold(), self.names.get(person, person).casefold()}
        return bool(person) and name.casefold() in known


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """A change of register that nothing explains.

    Attributes:
        cue: Where the level is another than before.
        before: The cue of the same speaker (to the same person) before it.
        now: What shows the level there.
        then: What showed the level before.
    """

    cue: Cue
    before: Cue
    now: Reading
    then: Reading


def scenes(cues: Sequence[Cue], shots: Sequence[Fraction] | None = None) -> list[list[Cue]]:
    """Runs of cues without a pause of 8 s, or of 3 s with a shot change in it."""
    found: list[list[Cue]] = []
    changes = shots or ()
    end = Fraction(0)
    for cue in cues:
        pause = cue.span.start - end
        place = bisect_left(changes, end)
        cut = place < len(changes) and changes[place] <= cue.span.start
        apart = pause >= (SCENE_PAUSE_AT_SHOT if cut else SCENE_PAUSE)
        if apart or not found:
            found.append([])
        found[-1].append(cue)
        end = max(end, cue.span.end)
    return found


def expected_address(
    register: Sequence[Address], track: Track, language: str, people: People
) -> dict[str, Address]:
    """The entry that holds in each cue, by cue id; cues that none holds for are left out.

    An entry for both people goes before one for the speaker, that before one for the addressee,
    that before one for anyone; of equals the one with the latest start. An entry whose start is not
    a cue of the track holds nowhere. Where the addressee is not known, an entry for a certain one
    holds if all of the speaker's entries that would hold agree on the level.

    Args:
        register: The entries.
        track: The source track: ids and order of its cues are what ``start`` means.
        language: BCP 47 language of the translation.
        people: Who speaks to whom.
    """
    order = {cue.id: place for place, cue in enumerate(track.cues)}
    base = resolve_language(language).base
    ours = [
        (order.get(entry.start, len(order)) if entry.start else -1, entry)
        for entry in register
        if resolve_language(entry.language).base == base
    ]
    expected = {}
    for cue in track.cues if ours else ():
        reached = [(start, entry) for start, entry in ours if start <= order[cue.id]]
        if (entry := _entry(reached, cue.id, people)) is not None:
            expected[cue.id] = entry
    return expected


def idle_entries(
    register: Sequence[Address], track: Track, language: str, people: People
) -> dict[str, list[Address]]:
    """The entries of a language that can hold in no cue, by why.

    Nobody is called as the entry's speaker (or, where anyone speaks, as its addressee), or its
    start is no cue of the track. Arguments are those of :func:`expected_address`.
    """
    base = resolve_language(language).base
    cues = {cue.id for cue in track.cues}
    voices = set(people.speakers.values())
    found: dict[str, list[Address]] = {}
    for entry in register:
        if resolve_language(entry.language).base != base:
            continue
        name = entry.addressee if entry.speaker == ANYONE else entry.speaker
        if name != ANYONE and not any(people.is_called(voice, name) for voice in voices):
            found.setdefault(f"nobody is called {name!r}", []).append(entry)
        elif entry.start and entry.start not in cues:
            found.setdefault(f"there is no cue {entry.start!r}", []).append(entry)
    return found


def _entry(reached: list[tuple[int, Address]], cue: str, people: People) -> Address | None:
    speaker, addressee = people.speakers.get(cue, ""), people.addressees.get(cue, "")
    fitting: list[tuple[int, int, Address]] = []
    guessed: dict[str, tuple[int, Address]] = {}
    for start, entry in reached:
        if entry.speaker != ANYONE and not people.is_called(speaker, entry.speaker):
            continue
        named = entry.speaker != ANYONE
        if entry.addressee == ANYONE or people.is_called(addressee, entry.addressee):
            fitting.append((2 * named + (entry.addressee != ANYONE), start, entry))
        elif named and not addressee and start >= guessed.get(entry.addressee, (-2, entry))[0]:
            guessed[entry.addressee] = (start, entry)
    if fitting:
        return max(fitting, key=lambda item: item[:2])[2]
    entries = [entry for _, entry in guessed.values()]
    return entries[0] if len({entry.level for entry in entries}) == 1 else None


def spoken_levels(cue: Cue, language: str) -> list[Reading]:
    """The readings of a cue that have a level; none in a cue of two speakers."""
    if _is_dialogue(cue):
        return []
    return [reading for reading in read_levels(cue.text, language) if reading.level]


def flips(
    track: Track,
    people: People,
    expected: Mapping[str, Address],
    shots: Sequence[Fraction] | None = None,
) -> Iterator[Flip]:
    """Where someone changes the family of levels inside a scene, and no entry says why.

    Compared is each cue of a speaker with the last one to the same person, or to nobody known.
    """
    for scene in scenes(track.cues, shots):
        last: dict[tuple[str, str], tuple[Cue, Reading]] = {}
        for cue in scene:
            speaker = people.speakers.get(cue.id, "")
            for reading in spoken_levels(cue, track.language) if speaker else ():
                pair = (speaker, people.addressees.get(cue.id, ""))
                if pair in last and _differs(track.language, last[pair][1], reading):
                    before, then = last[pair]
                    if expected.get(before.id) == expected.get(cue.id):
                        yield Flip(cue=cue, before=before, now=reading, then=then)
                last[pair] = (cue, reading)


def other_terms(
    register: Sequence[Address], entry: Address, cue: Cue, language: str
) -> Iterator[str]:
    """Forms of address in a cue that these two use at other times, not where ``entry`` holds."""
    terms = {
        other.term
        for other in register
        if (other.speaker, other.addressee) == (entry.speaker, entry.addressee) and other.term
    } - {entry.term}
    if not terms or not entry.term:
        return
    index = FormIndex([Form(text=term, key=term, inflects=False) for term in terms], language)
    yield from dict.fromkeys(found.key for found in index.find(cue.text))


def _differs(language: str, then: Reading, now: Reading) -> bool:
    return family_of(language, then.level) != family_of(language, now.level)


def _is_dialogue(cue: Cue) -> bool:
    """Whether two speak in a cue, each after a dash."""
    dashed = [line.lstrip()[:1] in tuple("-‐‑–—") for line in cue.lines if line.strip()]
    return sum(dashed) >= 2
