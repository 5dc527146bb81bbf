"""A cue that was written or moved by hand goes where its words were spoken."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.edit import lock
from subkit.edit.realignment import realign
from subkit.errors import InputError
from subkit.model import (
    Cue,
    FrameRate,
    Media,
    Placement,
    Profile,
    Project,
    Span,
    Track,
    Transcript,
    Word,
)
from tests.edit.test_edits import HAND, MADE

RATE = FrameRate(Fraction(25))
PROFILE = Profile(
    id="test",
    language="en",
    min_gap_frames=2,
    min_duration=Fraction(1),
    max_duration=Fraction(7),
)
SPOKEN = ["Where", "have", "you", "been", "all", "night"]


def film(*cues: tuple[str, int, int], words: int | Fraction = 40) -> Project:
    """Cues of a text from one frame to another; six words, half a second each, from a frame on."""
    made = tuple(
        Cue(id=f"c{n}", span=Span(RATE.time(start), RATE.time(end)), lines=(text,))
        for n, (text, start, end) in enumerate(cues, start=1)
    )
    begin = Fraction(words) / 25
    spoken = tuple(
        Word(
            text=f" {text}",
            span=Span(begin + Fraction(n, 2), begin + Fraction(n, 2) + Fraction(2, 5)),
            confidence=1.0,
        )
        for n, text in enumerate(SPOKEN)
    )
    return Project(
        title="t",
        media=Media(path="film.mp4", digest="", duration=Fraction(600), frame_rate=RATE),
        transcript=Transcript(language="en", words=spoken, provenance=MADE),
        tracks=(Track(id="en", language="en", cues=made),),
    )


def frames(project: Project, cue: str = "c1", track: str = "en") -> tuple[int, int]:
    found = realign(project, track, cue, PROFILE, HAND).track(track).cue(cue).span
    return RATE.frame(found.start), RATE.frame(found.end)


WHOLE = "Where have you been all night?"


def test_a_cue_stands_from_its_first_word_to_its_last() -> None:
    # The words are spoken from frame 40 to frame 40 + 5 * 12.5 + 10 = 112.5.
    assert frames(film((WHOLE, 30, 60))) == (40, 113)
    assert frames(film((WHOLE, 30, 60), words=Fraction(81, 2))) == (40, 113), "never cut off"
    assert frames(film(("been all night", 30, 60))) == (77, 113)
    assert frames(film(("Where have", 30, 60))) == (40, 65), "as long as the profile asks"


def test_half_of_the_words_are_enough_and_less_is_not() -> None:
    assert frames(film(("Where have we gone", 30, 60))) == (40, 65)
    with pytest.raises(InputError, match="words of cue 'c1' were not recognised"):
        frames(film(("Where did they all go today", 30, 60)))
    with pytest.raises(InputError, match="not recognised"):
        frames(film(("♪ …", 30, 60)))


def test_words_are_looked_for_near_first_and_then_farther() -> None:
    assert frames(film((WHOLE, 290, 300))) == (40, 113), "within ten seconds"
    with pytest.raises(InputError, match="not recognised"):
        frames(film((WHOLE, 500, 520)))
    project = film((WHOLE, 30, 60))
    assert project.transcript is not None
    far = tuple(
        replace(word, span=word.span.shifted(Fraction(10))) for word in project.transcript.words
    )
    twice = replace(project.transcript, words=(*project.transcript.words, *far))
    assert frames(replace(project, transcript=twice)) == (40, 113), "not where it is said again"
    with pytest.raises(InputError, match="not recognised"):
        frames(replace(project, transcript=None))


def test_it_stays_clear_of_the_neighbours_that_it_was_clear_of() -> None:
    assert frames(film(("Hm.", 10, 39), (WHOLE, 45, 60), ("So.", 114, 130)), "c2") == (41, 112)
    assert frames(film(("Hm.", 10, 45), (WHOLE, 45, 60), ("So.", 60, 130)), "c2") == (47, 58)
    assert frames(film(("Hm.", 10, 46), (WHOLE, 45, 60), ("So.", 59, 130)), "c2") == (40, 113)


def test_a_cue_at_another_place_of_the_picture_is_no_neighbour() -> None:
    project = film(("Hm.", 10, 45), (WHOLE, 45, 60), ("So.", 60, 130))
    cues = project.track("en").cues
    up = replace(cues[1], placement=Placement(vertical="top"))
    moved = project.with_track(replace(project.track("en"), cues=(cues[0], up, cues[2])))
    assert frames(moved, "c2") == (40, 113)


def test_a_cue_between_close_neighbours_keeps_a_frame() -> None:
    assert frames(film(("Hm.", 10, 100), (WHOLE, 100, 101), ("So.", 101, 130)), "c2") == (102, 103)


def test_a_cue_before_the_first_frame_begins_with_it() -> None:
    assert frames(film((WHOLE, 30, 60), words=0)) == (0, 73)


def test_a_translated_cue_takes_the_times_of_its_source() -> None:
    project = film((WHOLE, 200, 240), ("So.", 300, 330))
    source = project.track("en")
    moved = tuple(
        replace(cue, span=cue.span.shifted(Fraction(2)), sources=(cue.id,)) for cue in source.cues
    )
    only = Cue(id="c9", span=Span(Fraction(2), Fraction(3)), lines=("been all night",))
    both = replace(
        project,
        tracks=(source, Track(id="ko", language="ko", source="en", cues=(only, *moved))),
    )
    assert frames(both, "c1", "ko") == (200, 240)
    assert frames(both, "c2", "ko") == (300, 330)
    assert frames(both, "c9", "ko") == (77, 113), "one of its own is looked for by its words"


def test_nobody_moves_a_locked_cue() -> None:
    with pytest.raises(InputError, match="locked"):
        frames(lock(film((WHOLE, 30, 60)), "en", "c1"))
