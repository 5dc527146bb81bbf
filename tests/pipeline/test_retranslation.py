"""One source cue edited: only its unit is translated again, and what people decided stays."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from subkit.edit import Hand, approve, delete, lock, merge, retext, split
from subkit.errors import InputError
from subkit.interfaces import Hypothesis, ModelFacts
from subkit.model import Cue, FrameRate, Media, Project, Span, Track, canonical
from subkit.pipeline import RunOptions
from subkit.pipeline.retranslation import retranslate
from subkit.pipeline.track_translation import TranslationJob, translate
from subkit.translation import TranslationOptions
from subkit.translation.staleness import stale, untranslated

if TYPE_CHECKING:
    from collections.abc import Sequence

HAND = Hand(actor="Kim", time="2026-01-01T00:00:00Z")
RATE = FrameRate(Fraction(25))
TEXTS = (
    "We leave at dawn.",
    "Nobody knows the",
    "way through the hills.",
    "Hugo does.",
    "Then ask him.",
)
OPTIONS = RunOptions()


class Counting:
    """A translator that counts what it is asked; a fake, since the count is what is tested."""

    def __init__(self) -> None:
        self.model = ModelFacts(name="fake", directory="", digest="sha256:fake")
        self.asked: list[str] = []

    def check(self, source: str, target: str) -> None:
        assert (source, target) == ("en", "es")

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        self.asked += texts
        return [[Hypothesis(text=f"« {text} »", score=-0.1)] for text in texts]


@pytest.fixture
def translator() -> Counting:
    return Counting()


@pytest.fixture
def project(translator: Counting) -> Project:
    cues = tuple(
        Cue(id=f"c{i}", span=Span(Fraction(3 * i), Fraction(3 * i + 2)), lines=(text,))
        for i, text in enumerate(TEXTS, start=1)
    )
    media = Media(path="", digest="", duration=Fraction(60), frame_rate=RATE)
    source = Track(id="en", language="en", cues=cues)
    made = Project(title="t", media=media, tracks=(source,))
    made = made.with_track(
        translate(
            TranslationJob(
                project=made,
                source=source,
                target="es",
                options=OPTIONS,
                model=translator.model,
            ),
            translator,
        )
    )
    translator.asked.clear()
    return made


def again(project: Project, translator: Counting) -> Project:
    """What a run does: the source track translated, on what is there."""
    return project.with_track(
        translate(
            TranslationJob(
                project=project,
                source=project.track("en"),
                target="es",
                options=OPTIONS,
                model=translator.model,
            ),
            translator,
        )
    )


def test_only_the_unit_of_the_edited_cue_is_translated_again(
    project: Project, translator: Counting
) -> None:
    edited = retext(project, "en", "c2", ["Nobody finds the"], HAND)
    assert [cue.id for cue, _ in stale(edited, edited.track("es"))] == ["c2", "c3"]
    after = again(edited, translator)
    assert translator.asked == ["Nobody finds the way through the hills."]
    for name in ("c1", "c4", "c5"):
        assert canonical(after.track("es").cue(name)) == canonical(project.track("es").cue(name))
    assert stale(after, after.track("es")) == []
    translator.asked.clear()
    assert again(after, translator) == after
    assert translator.asked == []


def test_locked_and_approved_cues_are_stale_and_byte_identical(
    project: Project, translator: Counting
) -> None:
    project = lock(project, "es", "c2")
    project = approve(project, "es", "reviewer", HAND, cues=["c3"])
    edited = retext(project, "en", "c2", ["Nobody finds the"], HAND)
    after = again(edited, translator)
    for name in ("c2", "c3"):
        assert canonical(after.track("es").cue(name)) == canonical(project.track("es").cue(name))
    reasons = {cue.id: reason for cue, reason in stale(after, after.track("es"))}
    assert set(reasons) == {"c2", "c3"}
    assert "was changed after it was translated" in reasons["c2"]


def test_one_cue_can_be_asked_for_alone(project: Project, translator: Counting) -> None:
    edited = retext(project, "en", "c4", ["Victor does."], HAND)
    edited = retext(edited, "en", "c1", ["We leave at noon."], HAND)
    after = retranslate(edited, "es", "c4", OPTIONS, translator)
    assert translator.asked == ["Victor does."]
    new = after.track("es").cue("c4")
    assert "Victor" in new.text
    assert [old.text for old in new.alternatives] == [project.track("es").cue("c4").text]
    assert [cue.id for cue, _ in stale(after, after.track("es"))] == ["c1"]
    for name in ("c1", "c2", "c3", "c5"):
        assert after.track("es").cue(name) is edited.track("es").cue(name)


def test_one_cue_alone_has_the_context_that_it_has_in_its_track(
    project: Project, translator: Counting
) -> None:
    options = replace(OPTIONS, translation=TranslationOptions(context=1))
    retranslate(project, "es", "c4", options, translator)
    assert translator.asked[0] == "Nobody knows the way through the hills. Hugo does."


def test_what_people_decided_stays_when_a_cue_is_asked_for(
    project: Project, translator: Counting
) -> None:
    edited = retext(project, "es", "c3", ["a mano"], HAND)
    edited = retext(edited, "en", "c2", ["Nobody finds the"], HAND)
    after = retranslate(edited, "es", "c2", OPTIONS, translator)
    assert after.track("es").cue("c3") is edited.track("es").cue("c3")
    asked = retranslate(edited, "es", "c3", OPTIONS, translator)
    assert asked.track("es").cue("c3").alternatives[0].text == "a mano"
    for seal in (lock(edited, "es", "c3"), approve(edited, "es", "reviewer", HAND, cues=["c3"])):
        with pytest.raises(InputError, match=r"is locked|is approved"):
            retranslate(seal, "es", "c3", OPTIONS, translator)
    with pytest.raises(InputError, match="is not a translation"):
        retranslate(edited, "en", "c3", OPTIONS, translator)
    with pytest.raises(InputError, match="no cue 'x'"):
        retranslate(edited, "es", "x", OPTIONS, translator)


def test_split_merged_and_deleted_sources(project: Project, translator: Counting) -> None:
    cut = split(project, "en", "c1", (0, 9), HAND)
    assert untranslated(cut, cut.track("es")) == ["c1.2"]
    assert [cue.id for cue, _ in stale(cut, cut.track("es"))] == ["c1"]
    assert cut.track("es").cue("c1").sources == ("c1", "c1.2")
    whole = retranslate(cut, "es", "c1", OPTIONS, translator)
    assert untranslated(whole, whole.track("es")) == []
    assert stale(whole, whole.track("es")) == []
    joined = merge(project, "en", "c4", "c5", HAND)
    assert joined.track("es").cue("c4").text == (
        project.track("es").cue("c4").text + "\n" + project.track("es").cue("c5").text
    )
    assert [cue.id for cue, _ in stale(joined, joined.track("es"))] == ["c4"]
    sealed = lock(project, "es", "c5")
    kept = merge(sealed, "en", "c4", "c5", HAND)
    assert kept.track("es") == sealed.track("es")
    reasons = {cue.id: reason for cue, reason in stale(kept, kept.track("es"))}
    assert reasons["c5"].endswith("is gone.")
    less = delete(project, "en", "c5")
    assert [cue.id for cue in less.track("es").cues] == ["c1", "c2", "c3", "c4"]


def test_a_track_that_was_not_translated_here_is_never_stale(project: Project) -> None:
    cues = tuple(replace(cue, made_from=None, sources=()) for cue in project.track("es").cues)
    foreign = project.with_track(replace(project.track("es"), cues=cues))
    edited = retext(foreign, "en", "c1", ["Other."], HAND)
    assert stale(edited, edited.track("es")) == []
