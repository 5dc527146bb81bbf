"""Short turns of two speakers in one cue, and words that no recogniser should give."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest

from subkit.interfaces import Subject
from subkit.language import half_units
from subkit.model import (
    Cue,
    FrameRate,
    Media,
    Origin,
    Profile,
    Provenance,
    Span,
    Track,
    Transcript,
    Word,
)
from subkit.quality import check
from subkit.spotting import break_lines, spot
from subkit.styles import load_profile

PAL = FrameRate(Fraction(25))
STYLE = load_profile("subkit", "en")


def word(text: str, start: int, end: int, speaker: str | None = None) -> Word:
    """A word by its milliseconds."""
    return Word(text=text, span=Span(Fraction(start, 1000), Fraction(end, 1000)), speaker=speaker)


QUICK = [
    word("Ready?", 1000, 1300, "anna"),
    word("No.", 1400, 1700, "ben"),
    word("Then", 5000, 5300, "anna"),
    word("we", 5300, 5500, "anna"),
    word("wait.", 5500, 6200, "anna"),
]


def cues_of(words: list[Word], profile: Profile = STYLE) -> tuple[Cue, ...]:
    return spot(words, profile=profile, rate=PAL, language=profile.language)


def rules_of(words: list[Word], cues: tuple[Cue, ...], profile: Profile = STYLE) -> set[str]:
    """The rules that the quality check finds broken."""
    made = Provenance(origin=Origin.ASR, tool="test")
    subject = Subject(
        track=Track(id="en", language=profile.language, cues=cues),
        profile=profile,
        media=Media(path="/film.mkv", digest="", duration=Fraction(2000), frame_rate=PAL),
        transcript=Transcript(language=profile.language, words=tuple(words), provenance=made),
    )
    return {finding.rule for finding in check(subject)}


@pytest.mark.parametrize(
    ("dash", "lines"),
    [
        ("", ("- Ready?", "- No.")),
        ("both", ("-Ready?", "-No.")),
        ("both spaced", ("- Ready?", "- No.")),
        ("second", ("Ready?", "-No.")),
        ("second spaced", ("Ready?", "- No.")),
    ],
)
def test_turns_too_short_for_cues_share_one(dash: str, lines: tuple[str, str]) -> None:
    style = replace(STYLE, text=replace(STYLE.text, dash=dash))
    cues = cues_of(QUICK, style)
    assert [cue.lines for cue in cues] == [lines, ("Then we wait.",)]
    assert [cue.speaker for cue in cues] == [None, "anna"]
    assert cues[0].span.duration >= style.min_duration
    found = rules_of(QUICK, cues, style)
    assert found.isdisjoint({"speaker-change", "dash", "needless-dash", "min-duration", "gap"})
    joined = "\n".join(lines)
    assert break_lines(joined, profile=style, language="en") == lines


@pytest.mark.parametrize(
    "words",
    [
        # Time enough for each.
        [word("Ready?", 1000, 1300, "anna"), word("No.", 2600, 2900, "ben")],
        # Nobody knows who speaks.
        [word("Ready?", 1000, 1300), word("No.", 1400, 1700)],
    ],
)
def test_turns_that_need_not_share_do_not(words: list[Word]) -> None:
    assert all("-" not in cue.text for cue in cues_of(words))


def test_a_turn_of_two_lines_shares_with_nobody() -> None:
    long = "You never read anything in your whole life until yesterday night."
    words = [
        word(text, 1000 + 100 * n, 1100 + 100 * n, "anna") for n, text in enumerate(long.split())
    ]
    words.append(word("No.", 2150, 2300, "ben"))
    words.append(word("Really?", 2350, 2600, "carl"))
    cues = cues_of(words)
    assert cues[-1].lines == ("- No.", "- Really?")
    assert all(cue.speaker == "anna" for cue in cues[:-1])


BAD: dict[str, list[Word]] = {
    "no length": [word(f"word{n}", 500 * n, 500 * n) for n in range(40)],
    "equal times": [word(f"word{n}", 1000, 1200) for n in range(40)],
    "backwards": [word(f"word{n}", 20000 - 400 * n, 20300 - 400 * n) for n in range(40)],
    "200 characters": [word("x" * 200, 1000, 2000), word("y" * 200 + ".", 2000, 3000)],
    "only marks": [word("...", 400 * n, 400 * n + 200) for n in range(30)],
    "two directions": [
        word(text, 400 * n, 400 * n + 300)
        for n, text in enumerate(("שלום", "hello", "مرحبا", "123", "עולם.") * 6)
    ],
    "1,000 words a minute": [word(f"word{n}", 60 * n, 60 * n + 55) for n in range(500)],
    "nothing marked": [word("abcde", 300 * n, 300 * n + 280) for n in range(300)],
    "two who talk at once": [
        word(f"word{n}", 150 * n, 150 * n + 400, "ab"[n % 2]) for n in range(60)
    ],
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("rate", [PAL, FrameRate(Fraction(1000))], ids=["frames", "unknown"])
def test_bad_words_give_a_usable_track_and_findings(name: str, rate: FrameRate) -> None:
    words = BAD[name]
    cues = spot(words, profile=STYLE, rate=rate, language="en")
    spoken = "".join(word.text for word in words)
    written = "".join("".join(line.removeprefix("- ") for line in cue.lines) for cue in cues)
    assert written.replace(" ", "") == spoken
    assert cues == spot(words, profile=STYLE, rate=rate, language="en")
    for before, after in pairwise(cues):
        assert before.span.start < before.span.end <= after.span.start
    found = rules_of(words, cues)
    assert found >= broken(cues)


def broken(cues: tuple[Cue, ...]) -> set[str]:
    """The hard limits that cues break, measured here."""
    rules = set()
    for cue in cues:
        if cue.span.duration < STYLE.min_duration - Fraction(1, 25):
            rules.add("min-duration")
        if any(half_units(line, STYLE.counting) > 2 * STYLE.max_cpl for line in cue.lines):
            rules.add("cpl")
        if len(cue.lines) > STYLE.max_lines:
            rules.add("lines")
    return rules


def test_speech_too_fast_is_found() -> None:
    words = BAD["1,000 words a minute"]
    cues = spot(words, profile=STYLE, rate=PAL, language="en")
    assert rules_of(words, cues) & {"cps", "reading-speed"}
    assert "cpl" in rules_of(BAD["200 characters"], cues_of(BAD["200 characters"]))
