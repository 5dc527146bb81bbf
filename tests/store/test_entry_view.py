"""An entry of the ledger as people and programs read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from subkit.store import ProjectFile
from subkit.store.entry_view import split_target, view_entry
from tests.builders.stores import edited, sample


def test_a_target_names_its_track_and_cue() -> None:
    assert split_target("cue:en/c0001") == ("en", "c0001")
    assert split_target("cue:ko.forced/a/b") == ("ko.forced", "a/b")
    assert split_target("track:ko") == ("ko", "")
    assert split_target("project:") == ("", "")


@pytest.fixture
def store(tmp_path: Path) -> ProjectFile:
    return ProjectFile.create(tmp_path / "film.subkit", sample(), actor="ana")


def test_an_edit_shows_what_was_and_what_is(store: ProjectFile) -> None:
    with store:
        store.commit(edited(store.load(), "c0001", "New."), actor="ben", action="edit")
        view = view_entry(list(store.ledger())[-1])
    assert (view["track"], view["cue"], view["actor"], view["action"]) == (
        "en",
        "c0001",
        "ben",
        "edit",
    )
    assert view["changes"] == [
        {"field": "lines", "before": "Line 1,\nand one more.", "after": "New."}
    ]


def test_a_new_cue_shows_all_that_it_has_and_a_deleted_one_all_that_it_had(
    store: ProjectFile,
) -> None:
    with store:
        views = [view_entry(entry) for entry in store.ledger()]
        made = next(view for view in views if view["cue"] == "c0001" and view["track"] == "en")
        assert {"lines": "Line 1,\nand one more."}.items() <= {
            row["field"]: row["after"] for row in made["changes"]
        }.items()
        assert all(row["before"] is None for row in made["changes"])
        project = store.load()
        track = project.track("en")
        left = tuple(cue for cue in track.cues if cue.id != "c0001")
        rest = project.with_track(replace(track, cues=left))
        store.commit(rest, actor="ben", action="edit")
        gone = next(
            view
            for entry in list(store.ledger())[len(views) :]
            if (view := view_entry(entry))["cue"] == "c0001"
        )
    assert {row["field"]: row["before"] for row in gone["changes"]}["lines"].startswith("Line 1")
    assert all(row["after"] is None for row in gone["changes"])
