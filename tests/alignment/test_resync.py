from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from subkit.alignment import RATIOS, Reference, find_resync
from subkit.model import Span, Word
from tests.alignment.activity import film, moved, voice

if TYPE_CHECKING:
    from subkit.alignment import Ratio, Resync
    from subkit.model import Cue

CUES = film(1)
HEARD = voice(CUES, 2)
HOUR = 3600


def _errors(found: Resync, given: list[Cue], true: list[Cue]) -> list[float]:
    """Seconds between where each cue was put and where it belongs, in order of size."""
    pairs = zip(given, true, strict=True)
    return sorted(
        abs(float(found.moved(mine.span).start - right.span.start)) for mine, right in pairs
    )


@pytest.mark.parametrize("seconds", [0, 17, 600, HOUR, HOUR - 600])
def test_a_constant_offset_is_found_within_a_frame(seconds: int) -> None:
    given = moved(CUES, Fraction(1), (0, seconds))
    found = find_resync(given, HEARD)
    assert not found.reasons
    assert not found.ratio.rates
    assert _errors(found, given, CUES)[-1] < 1 / 24
    assert found.confidence > 0.9


def test_an_offset_before_the_beginning_is_found() -> None:
    given = [
        replace(cue, span=cue.span.shifted(Fraction(-200))) for cue in CUES if cue.span.start > 200
    ]
    found = find_resync(given, HEARD)
    assert abs(float(found.sections[0].offset) - 200) < 1 / 24


@pytest.mark.parametrize("ratio", RATIOS[1:], ids=str)
def test_every_usual_frame_rate_is_found_and_named(ratio: Ratio) -> None:
    given = moved(CUES, 1 / ratio.factor, (0, 30))
    found = find_resync(given, HEARD)
    assert found.ratio == ratio
    assert "fps" in str(found.ratio)
    assert _errors(found, given, CUES)[-1] < 1 / 24


def test_cuts_are_found_where_they_are() -> None:
    third = len(CUES) // 3
    given = moved(CUES, Fraction(1), (third, 95), (2 * third, 180))
    found = find_resync(given, HEARD)
    assert [round(section.offset) for section in found.sections] == [0, -95, -275]
    errors = _errors(found, given, CUES)
    assert errors[int(0.95 * len(errors))] < 0.1


def test_cues_of_a_removed_scene_are_named_and_the_rest_is_found() -> None:
    first, last = len(CUES) // 3, len(CUES) // 2
    gone = CUES[last].span.start - CUES[first].span.start
    kept = CUES[:first] + moved(CUES[last:], Fraction(1), (0, -gone))
    found = find_resync(CUES, voice(kept, 3))
    assert not found.reasons
    missing = {cue.id for cue in CUES[first:last]}
    assert len(missing & set(found.missing)) > 0.8 * len(missing)
    assert len(set(found.missing) - missing) < 0.05 * len(CUES)


def test_another_film_is_refused_with_reasons() -> None:
    for seed in range(10, 16):
        found = find_resync(film(seed), HEARD)
        assert found.reasons
        assert found.confidence < 0.1


def test_a_subtitle_longer_than_the_film_is_moved_and_its_rest_named() -> None:
    half = HEARD.duration / 2
    spans = tuple(span for span in HEARD.spans if span.end < half)
    found = find_resync(moved(CUES, Fraction(1), (0, 12)), Reference(spans=spans, duration=half))
    assert abs(float(found.sections[0].offset) + 12) < 1 / 24
    beyond = [cue.id for cue in CUES if cue.span.start > half + 1]
    assert set(beyond) <= set(found.missing)


def test_times_in_disorder_are_looked_at_in_order() -> None:
    given = moved(CUES, Fraction(1), (0, 40))
    assert find_resync(given[::-1], HEARD).sections == find_resync(given, HEARD).sections


def test_blank_cues_and_labels_move_along_without_a_vote() -> None:
    given = moved(CUES, Fraction(1), (0, 40))
    silent = [
        replace(cue, id=f"x{cue.id}", lines=lines, span=cue.span.shifted(Fraction(3, 2)))
        for cue, lines in zip(given, [("",), ("[door]",), ("♪",)] * len(given), strict=False)
    ]
    found = find_resync([*given, *silent], HEARD)
    assert found.asked == len(CUES)
    assert abs(float(found.sections[0].offset) + 40) < 1 / 24


@pytest.mark.parametrize(
    ("cues", "heard", "reason"),
    [
        ([], HEARD, "no cues"),
        ([replace(CUES[0], lines=("[rain]",))], HEARD, "None of the cues has words"),
        (CUES, Reference(spans=(), duration=Fraction(60)), "Nobody speaks"),
        (CUES, Reference(spans=(), duration=Fraction(60), subtitle=True), "other subtitle has no"),
    ],
)
def test_where_nothing_can_be_looked_for_it_says_why(
    cues: list[Cue], heard: Reference, reason: str
) -> None:
    found = find_resync(cues, heard)
    assert reason in found.reasons[0]
    assert found.moved(CUES[0].span) == CUES[0].span


def test_a_subtitle_in_another_language_is_a_reference() -> None:
    spans = tuple(cue.span for cue in CUES)
    heard = Reference(spans=spans, duration=CUES[-1].span.end, subtitle=True)
    given = moved(CUES, Fraction(25, 24), (0, 7))
    found = find_resync(given, heard)
    assert str(found.ratio) == "24 to 25 fps"
    assert _errors(found, given, CUES)[-1] < 0.005


def test_words_beat_activity_that_says_nothing() -> None:
    cues = [
        replace(cue, lines=(f"word{n} and{n} other{n} things",)) for n, cue in enumerate(CUES[:40])
    ]
    words = tuple(
        Word(
            text=text,
            span=Span(cue.span.start + Fraction(n, 5), cue.span.start + Fraction(n + 1, 5)),
        )
        for cue in cues
        for n, text in enumerate(cue.text.split())
    )
    noise = tuple(Span(Fraction(n), Fraction(2 * n + 1, 2)) for n in range(0, 400, 3))
    heard = Reference(spans=noise, duration=Fraction(600), words=words)
    found = find_resync(moved(cues, Fraction(1), (0, 50)), heard)
    assert not found.reasons
    assert found.anchors == len(cues)
    assert abs(float(found.sections[0].offset) + 50) < 0.5


def test_what_lies_before_the_film_is_put_at_its_first_frame() -> None:
    found = find_resync(moved(CUES, Fraction(1), (0, 100)), HEARD)
    span = found.moved(Span(Fraction(10), Fraction(12)))
    assert span.start == 0 < span.end
