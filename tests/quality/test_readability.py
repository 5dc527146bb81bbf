"""Cues inside the reading speed: as they are, and as the model alone would have them."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import exp

import pytest

from subkit.model import (
    Alternative,
    Cue,
    Media,
    Origin,
    Profile,
    Project,
    Provenance,
    Review,
    ReviewState,
    Span,
    Track,
)
from subkit.pipeline import RunOptions
from subkit.pipeline.track_translation import TranslationJob, translate
from subkit.quality import reading_shares
from subkit.quality.readability import ReadingShare
from subkit.styles import Styles
from subkit.translation import MEMORY_TOOL, TranslationOptions
from tests.translation.fakes import HEARD, Fake

MADE = Provenance(origin=Origin.MT, tool="test")
SHORT, LONG = "Hay tres hombres ahí.", "Hay exactamente tres hombres en aquel lugar de allí."
SOURCE = "There are three men."


def made(text: str, score: float | None, *others: tuple[str, float], **more: object) -> Cue:
    cue = Cue(
        id="c1",
        span=Span(Fraction(0), Fraction(2)),
        lines=(text,),
        confidence=None if score is None else exp(score),
        alternatives=tuple(Alternative(text=t, score=s, provenance=MADE) for t, s in others),
        provenance=MADE,
    )
    return replace(cue, **more)  # type: ignore[arg-type]


def share(cue: Cue, *, source: str = SOURCE) -> ReadingShare:
    said = Cue(id="c1", span=cue.span, lines=(source,), provenance=HEARD)
    project = Project(
        title="film",
        media=Media(path="", digest="", duration=Fraction(10)),
        tracks=(
            Track(id="en", language="en", cues=(said,)),
            Track(id="es", language="es", source="en", cues=(cue,)),
        ),
    )
    (found,) = reading_shares(project, Styles()).values()
    return found


@pytest.mark.parametrize(
    ("cue", "within", "best_scored"),
    [
        (made(SHORT, -0.4, (LONG, -0.2)), 1, 0),
        (made(SHORT, -0.4, (LONG, -0.5)), 1, 1),
        (made(LONG, -0.4, (SHORT, -0.2)), 0, 1),
        (made(LONG, -0.4), 0, 0),
        (made(SHORT, None, (LONG, -0.5)), 1, 0),
    ],
)
def test_the_best_score_is_what_the_model_alone_would_have(
    cue: Cue, within: int, best_scored: int
) -> None:
    found = share(cue)
    assert (found.cues, found.within, found.best_scored) == (1, within, best_scored)
    assert found.max_cps == 17


def test_what_fails_a_guard_or_is_no_machine_s_is_not_what_the_model_would_have() -> None:
    numbered = made("Hay 3 hombres.", -0.4, ("Hay 4 hombres en aquel lugar de allí mismo.", -0.1))
    assert share(numbered, source="There are 3 men.").best_scored == 1
    offer = Alternative(text=LONG, score=0.9, provenance=replace(MADE, origin=Origin.HUMAN))
    assert share(made(SHORT, -0.4, alternatives=(offer,))).best_scored == 1


def test_what_people_or_a_memory_said_counts_as_it_stands() -> None:
    edited = Review(state=ReviewState.EDITED, actor="Kim")
    assert share(made(SHORT, -0.4, (LONG, -0.2), review=edited)).best_scored == 1
    known = Provenance(origin=Origin.HUMAN, tool=MEMORY_TOOL)
    assert share(made(SHORT, 0.0, (LONG, 0.0), provenance=known)).best_scored == 1


def test_it_is_what_a_translation_without_fitting_gives() -> None:
    profile = Profile(id="subkit", language="es")
    source = Track(
        id="en",
        language="en",
        cues=(
            Cue(id="c1", span=Span(Fraction(0), Fraction(2)), lines=(SOURCE,), provenance=HEARD),
        ),
        profile=profile.id,
    )
    project = Project(
        title="film", media=Media(path="", digest="", duration=Fraction(10)), tracks=(source,)
    )
    found = {}
    for fit in ("reading", "none"):
        options = RunOptions(translation=TranslationOptions(alternatives=2, fit=fit))
        translator = Fake({SOURCE: [(LONG, -0.2), (SHORT, -0.4)]})
        track = translate(
            TranslationJob(
                project=project,
                source=source,
                target="es",
                options=options,
                model=translator.model,
            ),
            translator,
        )
        (found[fit],) = reading_shares(project.with_track(track), options.style).values()
    assert (found["reading"].within, found["reading"].best_scored) == (1, 0)
    assert (found["none"].within, found["none"].best_scored) == (0, 0)
