"""Every stretch of voice has a cue or a reason."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.edit import Hand, delete, insert, omit
from subkit.model import Project, Span, Unheard, from_plain, to_plain
from subkit.quality.accounting import account, voice_of
from tests.builders.titles import title

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


def skipping(project: Project, *unheard: tuple[float, float, str]) -> Project:
    """The project with stretches that voice detection skipped."""
    assert project.transcript is not None
    told = tuple(
        Unheard(span=Span(Fraction(a), Fraction(b)), reason=reason) for a, b, reason in unheard
    )
    return replace(project, transcript=replace(project.transcript, unheard=told))


def far(project: Project, seconds: float = 10.0) -> float:
    """A time after all that is said."""
    return float(project.tracks[0].cues[-1].span.end) + seconds


def test_every_skipped_stretch_is_a_cue_a_reason_or_open() -> None:
    project = title(4, 12)
    at = far(project)
    cue = project.track("en").cues[5]
    start, end = float(cue.span.start), float(cue.span.end)
    found = account(
        skipping(
            project,
            (start, end, "unsure"),
            (at, at + 5, "silence"),
            (at + 5, at + 8, "no-voice"),
            (at + 8, at + 12, "not-speech"),
            (at + 12, at + 14, "unsure"),
            (at + 14, at + 14.2, "unsure"),  # too short for a word
            (at + 20, at + 21, "reason of a later version"),
        )
    )
    assert [s.state for s in found.skipped] == ["reason"] * 4
    assert [s.actor for s in found.skipped] == ["subkit"] * 4
    reasons = [s.reason for s in found.skipped]
    assert "-60 dBFS" in reasons[0]
    assert "sure that nobody speaks" in reasons[1]
    assert "the recogniser heard nobody either" in reasons[2]
    assert reasons[3] == "reason of a later version"
    (open_,) = [s for s in found.stretches if s.state == "open"]
    assert open_.span == Span(Fraction(at + 12), Fraction(at + 14))
    assert (open_.skipped, open_.reason, open_.cues) == (True, "", ())
    assert found.skipped_seconds() == {
        reasons[0]: 5,
        reasons[2]: 4,
        reasons[1]: 3,
        reasons[3]: 1,
    }
    # What was skipped is no voice: the share that is accounted for stays true.
    assert found.seconds() == account(project).seconds() + 2


def test_an_unsure_stretch_is_closed_by_a_persons_reason_or_a_cue() -> None:
    project = title(4, 12)
    at = far(project)
    skipped = skipping(project, (at, at + 2, "unsure"))
    assert [s.span.start for s in account(skipped).stretches if s.state == "open"] == [at]
    told = omit(skipped, Span(Fraction(at), Fraction(at + 2)), "A dog.", HAND)
    found = account(told)
    assert found.seconds("open") == account(project).seconds("open")
    (closed,) = [s for s in found.skipped if s.actor == "Kim"]
    assert (closed.reason, closed.skipped) == ("A dog.", True)
    shown = insert(skipped, "en", Span(Fraction(at), Fraction(at + 2)), ["Wait!"], HAND)
    assert account(shown).seconds("open") == account(project).seconds("open")


def test_what_only_the_second_opinion_heard_is_voice_too() -> None:
    project = title(4, 12)
    assert project.transcript is not None
    at = Fraction(far(project))
    window = replace(
        project.transcript.windows[0],
        span=Span(at, at + 30),
        parts=(Span(at, at + 3), Span(at + 20, at + 24)),
        warnings=("second-opinion",),
    )
    transcript = replace(
        project.transcript,
        voice=voice_of(project.transcript),
        windows=(*project.transcript.windows, window),
    )
    found = account(replace(project, transcript=transcript))
    assert [(s.span.start - at, s.span.end - at) for s in found.stretches if s.state == "open"] == [
        (Fraction(0), Fraction(3)),
        (Fraction(20), Fraction(24)),
    ]


def test_a_project_from_before_opens_unchanged() -> None:
    """Its transcript has no stretches that were skipped and its windows no parts."""
    project = title(5, 8)
    assert project.transcript is not None
    plain = to_plain(project)
    del plain["transcript"]["unheard"]
    for window in plain["transcript"]["windows"]:
        window.pop("parts")
    opened = from_plain(Project, plain)
    assert opened == project
    assert account(opened) == account(project)
    assert account(opened).skipped == ()


def test_a_cue_at_the_edge_of_an_unsure_stretch_does_not_close_it() -> None:
    project = title(4, 12)
    at = far(project)
    skipped = skipping(project, (at, at + 10, "unsure"))
    shown = insert(skipped, "en", Span(Fraction(at - 2), Fraction(at + 1)), ["Wait!"], HAND)
    (open_,) = [s for s in account(shown).stretches if s.state == "open"]
    assert open_.skipped
    assert at + 1 <= open_.span.start < at + 2
    assert open_.span.end == at + 10


def test_a_window_without_speech_gives_no_reason_for_what_lies_between_its_parts() -> None:
    project = title(4, 12)
    assert project.transcript is not None
    at = Fraction(far(project))
    silent = replace(
        project.transcript.windows[0],
        span=Span(at, at + 20),
        parts=(Span(at, at + 3), Span(at + 17, at + 20)),
        warnings=("no-speech",),
    )
    windows = (*project.transcript.windows, silent)
    project = replace(project, transcript=replace(project.transcript, windows=windows))
    project = skipping(project, (float(at) + 6, float(at) + 9, "unsure"))
    inside = [s for s in account(project).stretches if s.skipped]
    assert [(s.state, s.reason) for s in inside] == [("open", "")]
