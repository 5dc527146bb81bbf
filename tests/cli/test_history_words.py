"""The history in words: every field has them, and none is told as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from subkit.edit import Hand, approve, comment, omit, resolve, retext, retime
from subkit.model import Span
from subkit.store import ProjectFile
from subkit.store.entry_view import view_entry
from subkit_cli.history_words import change_lines
from tests.builders.stores import sample

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = sample()
HAND = Hand(actor="Kim", time="2026-12-01T00:00:00Z")


def told(field: str, before: Any, after: Any) -> list[str]:
    view = {"changes": [{"field": field, "before": before, "after": after}]}
    return change_lines(view, PROJECT)


@pytest.mark.parametrize(
    ("field", "before", "after", "words"),
    [
        ("lines", "One.", "One,\ntwo.", "text: One. → One, ⏎ two."),
        ("start", "0/1", "1001/1000", "in-time: 00:00:00:00 → 00:00:01:00"),
        ("locked", False, True, "locked: no → yes"),
        ("review.state", "unreviewed", "approved", "state: unreviewed → approved"),
        ("speaker", None, "Emma", "speaker: Emma"),
        ("confidence", 0.75, None, "confidence: was 0.75"),
        (
            "placement",
            {"vertical": "bottom", "horizontal": "center"},
            {"vertical": "top", "horizontal": "center"},
            "place: bottom, center → top, center",
        ),
        (
            "provenance",
            {"origin": "mt", "tool": "t", "model": "m2m100", "options_digest": "sha256:0"},
            {"origin": "human", "tool": "subkit", "model": None, "actor": "Kim"},
            "made by: machine translation (m2m100) → a person (Kim)",
        ),
        ("alternatives", [], [{"text": "a"}, {"text": "b"}], "alternatives: 2 alternatives"),
        ("words", {"count": 5, "digest": "sha256:0"}, {"count": 6, "digest": "sha256:1"},
         "words: 5 words → 6 words"),
        ("cues", {"count": 5, "digest": "sha256:0"}, {"count": 5, "digest": "sha256:1"},
         "cues: changed"),
        ("marks", None, [{"start": 0, "end": 11, "feature": "italic"},
                         {"start": 12, "end": 21, "feature": "color", "value": "#ff0000ff"}],
         "marks: italic 0-11, color #ff0000ff 12-21"),
        ("strange", {"a": 1}, {"a": 2}, ""),
    ],
)  # fmt: skip
def test_a_field_in_words(field: str, before: Any, after: Any, words: str) -> None:
    assert told(field, before, after) == ([words] if words else [])


def test_no_edit_is_told_as_json(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path / "film.subkit", PROJECT, actor="subkit") as store:
        project = comment(
            retext(PROJECT, "en", "c0001", ["New."], HAND), "en", "c0001", "Hm?", HAND
        )
        project = retime(project, "en", "c0001", Span(2, 3), HAND)  # type: ignore[arg-type]
        project = omit(approve(project, "en", "reviewer", HAND), Span(500, 501), "Wind.", HAND)  # type: ignore[arg-type]
        store.commit(project, actor="Kim", action="edit")
        store.commit(resolve(project, "en", "c0001", 0), actor="Kim", action="resolve")
        lines = [
            line for entry in store.ledger() for line in change_lines(view_entry(entry), project)
        ]
    assert not [line for line in lines if "{" in line or "sha256" in line or "[" in line]
    assert "comment of Kim: Hm?" in lines
    assert "comment of Kim: Hm? (changed)" in lines
    assert "approval of Kim as reviewer" in lines
    assert "sign-off of Kim as reviewer for en" in lines
    assert "voice without a cue, says Kim: Wind." in lines
    assert "made by: speech recognition (example) → a person (Kim)" in lines


def test_a_new_cue_begins_with_its_text_and_leaves_out_what_it_has_not() -> None:
    changes = [
        {"field": "locked", "before": None, "after": False},
        {"field": "confidence", "before": None, "after": 0.9746039},
        {"field": "end", "before": None, "after": "2/1"},
        {"field": "lines", "before": None, "after": "Hello."},
    ]
    lines = change_lines({"changes": changes}, PROJECT)
    assert lines == ["text: Hello.", "out-time: 00:00:02:00", "confidence: 0.97"]
