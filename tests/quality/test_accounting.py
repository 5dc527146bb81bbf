"""Every stretch of voice has a cue or a reason."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.edit import Hand, delete, omit
from subkit.model import Span
from subkit.quality.accounting import account, voice_of
from tests.risk.seeding import title

if TYPE_CHECKING:
    from subkit.pipeline import Outcome

HAND = Hand(actor="Kim", time="2026-01-01T00:00:00Z")


def test_the_demo_scene_is_accounted_for_and_a_deleted_cue_is_not(demo: Outcome) -> None:
    found = account(demo.project)
    assert found.stretches
    assert {s.state for s in found.stretches} <= {"cue", "reason", "open"}
    before = found.seconds("open")
    assert before < found.seconds() / 20
    gone = demo.project.track("en").cues[4]
    project = delete(demo.project, "en", gone.id)
    after = account(project)
    assert after.seconds("open") - before > gone.span.duration / 2
    assert after.seconds() == found.seconds()


def test_the_parts_of_all_voice_add_up() -> None:
    for seed in range(5):
        project = title(seed, 60)
        for cue in ("c0010", "c0030"):
            project = delete(project, "en", cue)
        found = account(project)
        voice = voice_of(project.transcript)
        assert found.seconds() == sum((v.duration for v in voice), Fraction(0))
        assert found.seconds() == found.seconds("cue") + found.seconds("open")
        for first, second in zip(found.stretches, found.stretches[1:], strict=False):
            assert first.span.end <= second.span.start
        assert sum(s.state == "open" for s in found.stretches) == 2


def test_a_persons_reason_closes_a_stretch_and_can_be_taken_back() -> None:
    project = delete(title(1, 20), "en", "c0010")
    (open_,) = [s for s in account(project).stretches if s.state == "open"]
    told = omit(project, open_.span, "A radio in the background.", HAND)
    (closed,) = [s for s in account(told).stretches if s.state == "reason"]
    assert (closed.reason, closed.actor) == ("A radio in the background.", "Kim")
    back = omit(told, open_.span, "", HAND)
    assert back == project
    elsewhere = omit(project, Span(Fraction(0), Fraction(1)), "Logo.", HAND)
    assert account(elsewhere).seconds("open") == open_.span.duration


def test_the_machine_gives_its_reason() -> None:
    project = delete(title(2, 20), "en", "c0010")
    assert project.transcript is not None
    windows = tuple(
        replace(w, warnings=("no-speech",)) if place == 9 else w
        for place, w in enumerate(project.transcript.windows)
    )
    project = replace(project, transcript=replace(project.transcript, windows=windows))
    (told,) = [s for s in account(project).stretches if s.state == "reason"]
    assert told.actor == "subkit"
    assert "no speech" in told.reason


def test_without_a_transcript_there_is_nothing_to_account_for() -> None:
    assert account(replace(title(3, 10), transcript=None)).stretches == ()
