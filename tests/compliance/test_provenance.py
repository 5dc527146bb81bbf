"""Who made what: the values that a run puts into words and cues, and the lines people read."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from subkit.compliance import disclose
from subkit.compliance.provenance import (
    import_provenance,
    is_demo,
    makers,
    recognition_provenance,
    tool_version,
    translation_provenance,
)
from subkit.edit import Hand, approve, retext, unapprove
from subkit.interfaces import ModelFacts
from subkit.model import Origin, Project, Provenance, ReviewState, Transcript
from subkit.translation import MEMORY_TOOL
from tests.builders.sheets import project, with_cue

KIM = Hand(actor="Kim", time="2026-02-02T10:00:00Z")
ANA = Hand(actor="Ana", time="2026-03-03T10:00:00Z")


def model(**more: Any) -> ModelFacts:
    facts: dict[str, Any] = {"name": "m", "directory": "d", "digest": "sha256:1", "low_score": -2.0}
    return ModelFacts(**{**facts, **more})


def test_a_recognisers_words_say_in_which_mode_and_whether_they_are_a_translation() -> None:
    made = recognition_provenance(model(), "key", "fast", "transcribe")
    assert (made.origin, made.tool, made.model) == (Origin.ASR, "faster-whisper", "m")
    assert (made.model_digest, made.options_digest, made.demo) == ("sha256:1", "key", False)
    assert made.version == f"{tool_version('faster-whisper')} (fast mode)"
    english = recognition_provenance(model(), "key", "exact", "translate")
    assert english.version.endswith("(exact mode, translating into English)")
    own = model(plugin="mine", plugin_version="3", demo=True)
    other = recognition_provenance(own, "key", "fast", "transcribe")
    assert (other.tool, other.version, other.demo) == ("mine", "3", True)


def test_a_translators_text_carries_its_low_score() -> None:
    made = translation_provenance(model(), "key")
    assert (made.origin, made.tool, made.low_score) == (Origin.MT, "ctranslate2", -2.0)
    assert made.version == tool_version("ctranslate2") != ""
    assert tool_version("no-such-package-anywhere") == ""
    read = import_provenance("key")
    assert (read.origin, read.tool, read.options_digest) == (Origin.IMPORT, "subkit", "key")
    assert read.time


def test_an_embedded_model_anywhere_marks_the_track() -> None:
    document = project()
    track = document.track("ko")
    assert not is_demo(document, track)
    cue = replace(track.cues[1], provenance=Provenance(origin=Origin.MT, tool="x", demo=True))
    shown = with_cue(document, track.cues[1].id, provenance=cue.provenance)
    assert is_demo(shown, shown.track("ko"))
    heard = Provenance(origin=Origin.ASR, tool="y", demo=True)
    words = replace(document, transcript=Transcript(language="en", provenance=heard))
    assert is_demo(words, words.track("ko"))
    assert heard in makers(words, words.track("ko"))
    assert not is_demo(document, document.track("en"))


def statement(document: Project) -> list[str]:
    return disclose(document, document.track("ko")).statement.splitlines()


def test_the_statement_says_what_came_from_where() -> None:
    document = project()
    first, second, third = (cue.id for cue in document.track("ko").cues[:3])
    document = with_cue(
        document, first, provenance=Provenance(origin=Origin.HUMAN, tool=MEMORY_TOOL)
    )
    document = with_cue(
        document, second, provenance=Provenance(origin=Origin.IMPORT, tool="subkit")
    )
    document = with_cue(document, third, provenance=Provenance(origin=Origin.IMPORT, tool="subkit"))
    lines = statement(document)
    assert "from a translation memory: 1 cues" in lines
    assert "read from a subtitle file, its makers not recorded: 2 cues" in lines
    assert "approved by a person: 0 of 5 cues" in lines
    assert "review: none" in lines
    assert not any(line.startswith("DEMO") for line in lines)
    plain = statement(project())
    assert not any("memory" in line or "subtitle file" in line for line in plain)
    assert sum("translated by machine" in line for line in plain) == 1


def test_machines_are_named_with_their_version_and_model() -> None:
    made = Provenance(origin=Origin.MT, tool="ctranslate2", version="4.6", model="m2m")
    document = project()
    for cue in document.track("ko").cues:
        document = with_cue(document, cue.id, provenance=made)
    assert "translated by machine: ctranslate2 4.6, model m2m" in statement(document)
    assert statement(document)[-1].startswith("digital source type: http")


def test_people_are_counted_by_what_they_did_last() -> None:
    document = project()
    first, second, *_ = (cue.id for cue in document.track("ko").cues)
    document = retext(document, "ko", first, ["하나."], KIM)
    document = approve(document, "ko", "reviewer", ANA, cues=[first, second])
    found = disclose(document, document.track("ko"))
    assert [(r.actor, r.role, r.cues, r.time) for r in found.reviewers] == [
        ("Ana", "reviewer", 2, ANA.time)
    ]
    assert (found.approved, found.edited) == (2, 0)
    later = retext(document, "ko", second, ["둘."], KIM)
    found = disclose(later, later.track("ko"))
    assert [(r.actor, r.role, r.cues) for r in found.reviewers] == [
        ("Ana", "reviewer", 1), ("Kim", "", 1)
    ]  # fmt: skip
    open_again = unapprove(document, "ko", cues=[second])
    review = open_again.track("ko").cue(second).review
    assert review.state is ReviewState.UNREVIEWED


@pytest.mark.parametrize("same", [True, False])
def test_options_are_told_where_all_had_the_same(same: bool) -> None:
    document = project()
    times = []
    for number, cue in enumerate(document.track("ko").cues):
        made = Provenance(
            origin=Origin.MT,
            tool="ctranslate2",
            options_digest="a" if same or number else "b",
            time=f"2026-01-0{number + 1}T00:00:00Z",
        )
        times.append(made.time)
        document = with_cue(document, cue.id, provenance=made)
    (stage,) = [s for s in disclose(document, document.track("ko")).stages if s.track == "ko"]
    assert stage.options_digest == ("a" if same else None)
    assert (stage.since, stage.until) == (times[0], times[-1])
    assert (stage.cues, stage.actors, stage.offline) == (5, (), True)
