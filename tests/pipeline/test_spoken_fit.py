"""``--fit spoken``: what takes as long to say as its source did is chosen, also without words."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.model import Media, Project, Span, Track, Transcript, Word
from subkit.pipeline import RunOptions
from subkit.pipeline.track_translation import TranslationJob, translate
from subkit.translation import TranslationOptions
from tests.translation.fakes import HEARD, Fake, cue

SHORT, LONG = "Deja de hacer eso.", "Haz el favor de parar ahora mismo."
TABLE = {"Stop it now.": [(SHORT, -0.3), (LONG, -0.25)]}


def chosen(seconds: int, *words: tuple[str, str]) -> str:
    """The text for a cue of so many seconds, in which these words are heard from and to."""
    source = cue(1, "Stop it now.", span=Span(Fraction(10), Fraction(10 + seconds)))
    track = Track(id="en", language="en", cues=(source,))
    heard = tuple(
        Word(text="word", span=Span(Fraction(start), Fraction(end)), confidence=1.0)
        for start, end in words
    )
    transcript = Transcript(language="en", words=heard, provenance=HEARD) if words else None
    project = Project(
        title="t",
        media=Media(path="", digest="", duration=Fraction(60)),
        transcript=transcript,
        tracks=(track,),
    )
    options = replace(RunOptions(), translation=TranslationOptions(fit="spoken"))
    fake = Fake(TABLE)
    job = TranslationJob(
        project=project, source=track, target="es", options=options, model=fake.model
    )
    return " ".join(translate(job, fake).cues[0].lines)


@pytest.mark.parametrize(("seconds", "text"), [(1, SHORT), (2, LONG)])
def test_without_words_the_cue_tells_how_long_is_spoken(seconds: int, text: str) -> None:
    assert chosen(seconds) == text


@pytest.mark.parametrize(("end", "text"), [("10.9", SHORT), ("11.8", LONG)])
def test_words_tell_it_better_than_the_cue(end: str, text: str) -> None:
    assert chosen(4, ("10", "10.2"), (str(Fraction(end) - Fraction(1, 5)), end)) == text


@pytest.mark.parametrize(("seconds", "text"), [(1, SHORT), (2, LONG)])
def test_words_of_other_cues_do_not_count(seconds: int, text: str) -> None:
    assert chosen(seconds, ("1", "1.2"), ("30", "30.2")) == text
