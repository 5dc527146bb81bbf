"""The document goes into the file and comes back, and the ledger tells each difference."""

from __future__ import annotations

import dataclasses
import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings

from subkit.errors import InputError, SchemaError, StaleError, StoreError
from subkit.model import Project, Speaker, Track, digest
from subkit.store import ProjectFile, load, tables
from subkit.store.rows import ProjectHead, TrackHead
from tests.builders.stores import edited, sample
from tests.builders.strategies import projects

PROPERTY = settings(max_examples=25)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProjectFile]:
    clock = iter(f"2026-01-01T00:00:{second:02d}.000Z" for second in range(60))
    path = tmp_path / "film.subkit"
    with ProjectFile.create(path, sample(), actor="ada", now=lambda: next(clock)) as file:
        yield file


@PROPERTY
@given(first=projects, second=projects)
def test_whole_documents_come_back(first: Project, second: Project) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        path = folder / "film.subkit"
        with ProjectFile.create(path, first, actor="ada") as store:
            assert load(path) == first
            store.commit(second, actor="bo", action="replace")
            assert store.load() == second
            assert digest(load(path)) == digest(second)
            assert store.verify() is None
        with ProjectFile.open(path) as store:
            store.commit(first, actor="ada", action="undo")
            assert store.verify() is None
        assert load(path) == first
        assert [entry.name for entry in folder.iterdir()] == ["film.subkit"]
    finally:
        shutil.rmtree(folder)


def test_heads_carry_every_field_of_the_document() -> None:
    def names(kind: type) -> set[str]:
        return {field.name for field in dataclasses.fields(kind)}

    assert names(ProjectHead) == names(Project) - {"transcript"}
    assert names(TrackHead) == names(Track)


def test_creation_is_in_the_ledger(store: ProjectFile) -> None:
    entries = list(store.ledger())
    assert [entry.target for entry in entries][:5] == [
        "project",
        "transcript",
        "track:en",
        "track:ko",
        "cue:en/c0000",
    ]
    assert {(entry.action, entry.actor, entry.before) for entry in entries} == {
        ("create", "ada", None)
    }
    words = next(entry for entry in entries if entry.target == "transcript").after["words"]
    assert words["count"] == 6
    assert words["digest"].startswith("sha256:")
    assert store.pristine()


def test_one_edit_is_one_entry(store: ProjectFile) -> None:
    head = store.head()
    entries = store.commit(
        edited(store.load(), "c0001", "Hello."), actor="bo", action="edit", tool="t"
    )
    (written,) = entries
    (entry,) = store.entries_of(written.transaction)
    assert entry.brief() == written
    assert (entry.target, entry.actor, entry.action, entry.tool) == (
        "cue:en/c0001",
        "bo",
        "edit",
        "t",
    )
    assert entry.time == "2026-01-01T00:00:01.000Z"
    assert entry.before["lines"] == ["Line 1,", "and one more."]
    assert entry.after["lines"] == ["Hello."]
    assert entry.previous == head
    assert entry.hash == entry.computed() == store.head()
    assert not store.pristine()


def test_nothing_changed_is_no_entry(store: ProjectFile) -> None:
    head = store.head()
    assert store.commit(sample(), actor="bo", action="edit") == []
    assert store.commit(load(store.path), actor="bo", action="edit") == []
    assert store.head() == head


def test_each_kind_of_change_names_its_target(store: ProjectFile) -> None:
    project = store.load()

    def targets(new: Project) -> list[str]:
        return [entry.target for entry in store.commit(new, actor="bo", action="edit")]

    project = replace(project, title="Film")
    assert targets(project) == ["project"]
    assert project.transcript is not None
    named = replace(project.transcript, speakers=(Speaker(id="s1", name="Ann"),))
    project = replace(project, transcript=named)
    assert targets(project) == ["transcript"]
    english = project.track("en")
    project = project.with_track(replace(english, cues=english.cues[:1] + english.cues[2:]))
    assert targets(project) == ["cue:en/c0001", "track:en"]
    project = project.with_track(english)
    assert targets(project) == ["track:en", "cue:en/c0001"]
    project = project.with_track(replace(english, profile="strict"))
    assert targets(project) == ["track:en"]
    project = replace(project, tracks=project.tracks[::-1])
    assert targets(project) == ["project"]
    project = replace(project, tracks=project.tracks[1:], transcript=None)
    assert targets(project) == [
        *("transcript", "track:ko"),
        *(f"cue:ko/c000{i}" for i in range(4)),
        "project",
    ]
    assert load(store.path) == project
    assert store.verify() is None


def test_ledger_of_one_thing(store: ProjectFile) -> None:
    project = edited(store.load(), "c0001", "Hi.")
    store.commit(edited(project, "c0001", "안녕.", "ko"), actor="bo", action="edit")
    assert [e.target for e in store.ledger(cue="c0001")] == [
        *("cue:en/c0001", "cue:ko/c0001"),
        *("cue:en/c0001", "cue:ko/c0001"),
    ]
    assert [e.action for e in store.ledger(cue="c0001", track="ko")] == ["create", "edit"]
    assert {e.target.split("/")[0] for e in store.ledger(track="ko")} == {"track:ko", "cue:ko"}
    assert len(list(store.ledger(track="ko"))) == 6
    assert list(store.ledger(track="k")) == []


def test_a_long_ledger_is_read_in_pages_while_it_grows(tmp_path: Path) -> None:
    path = tmp_path / "film.subkit"
    with ProjectFile.create(path, sample(cues=600), actor="ada") as store:
        count = 0
        for entry in store.ledger():
            count += 1
            assert entry.sequence == count
            if count == 100:
                store.commit(edited(store.load(), "c0300", "Late."), actor="bo", action="edit")
        assert count == 2 * 600 + 4 + 1
        assert store.verify() is None


def test_a_stale_change_is_refused(store: ProjectFile) -> None:
    head = store.head()
    project = store.load()
    store.commit(edited(project, "c0001", "First."), actor="bo", action="edit", expected=head)
    with pytest.raises(StaleError, match="was changed since it was read"):
        store.commit(edited(project, "c0002", "Second."), actor="cy", action="edit", expected=head)
    assert store.load() == edited(project, "c0001", "First.")


@pytest.mark.parametrize(
    "bad",
    [
        replace(sample(), tracks=(*sample().tracks, sample().tracks[0])),
        sample().with_track(Track(id="a/b", language="en")),
        sample().with_track(Track(id="", language="en")),
        sample().with_track(replace(sample().tracks[0], cues=sample().tracks[0].cues * 2)),
        replace(sample(), title="half a character \ud800"),
        replace(sample(), title=7),  # type: ignore[arg-type]
        replace(sample(), shots=(0.5,)),  # type: ignore[arg-type]
        edited(sample(), "c0001", b"bytes"),  # type: ignore[arg-type]
        sample().with_track(
            replace(
                sample().tracks[0],
                cues=(replace(sample().tracks[0].cues[0], confidence=float("nan")),),
            )
        ),
    ],
)
def test_what_could_not_be_read_again_is_not_written(store: ProjectFile, bad: Project) -> None:
    head = store.head()
    with pytest.raises(SchemaError):
        store.commit(bad, actor="bo", action="edit")
    assert store.head() == head
    assert store.load() == sample()
    assert store.verify() is None
    store.commit(edited(sample(), "c0001", "Fine."), actor="bo", action="edit")


def test_a_whole_number_for_a_float_keeps_the_ledger_true(store: ProjectFile) -> None:
    english = store.load().tracks[0]
    cues = tuple(replace(cue, confidence=1) for cue in english.cues)
    project = store.load().with_track(replace(english, cues=cues))
    store.commit(project, actor="bo", action="edit")
    store.commit(edited(project, "c0001", "More."), actor="bo", action="edit")
    assert store.verify() is None
    assert load(store.path) == store.load()


@pytest.mark.parametrize("actor", ["", "  ", "two\nlines", "\x1b[31mred"])
def test_an_edit_has_an_actor(store: ProjectFile, actor: str) -> None:
    with pytest.raises(InputError, match="actor"):
        store.commit(edited(sample(), "c0001", "x"), actor=actor, action="edit")


def test_a_reader_cannot_write_and_sees_the_latest(store: ProjectFile) -> None:
    with ProjectFile.open(store.path, writable=False) as reader:
        assert reader.load() == sample()
        new = edited(sample(), "c0001", "New.")
        store.commit(new, actor="bo", action="edit")
        assert reader.load() == new
        assert reader.head() == store.head()
        with pytest.raises(StoreError, match="reading only"):
            reader.commit(sample(), actor="bo", action="edit")
        with pytest.raises(StoreError, match="reading only"):
            reader.remember("key", b"")
        assert reader.verify() is None


def test_cache(store: ProjectFile, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MAX_VALUE", 5000)
    head = store.head()
    assert store.cached("window/1") is None
    store.remember("window/1", b"")
    assert not store.pristine()
    store.remember("window/2", b"\0\xff" * 1000)
    store.remember("window/2", b"\0\xff" * 1000)
    store.remember_all({"window/1": b"later", "window/3": b"3"})
    with pytest.raises(StoreError, match="too large"):
        store.remember_all({"window/3": b"", "window/4": bytes(5000)})
    assert (store.cached("window/3"), store.cached("window/4")) == (b"3", None), "all or none"
    with ProjectFile.open(store.path, writable=False) as reader:
        assert reader.cached("window/1") == b"later"
        assert reader.cached("window/2") == b"\0\xff" * 1000
        assert reader.cached("' OR 1=1 --") is None
    assert store.head() == head


def test_a_closed_file_says_so(store: ProjectFile) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="is closed"):
        store.load()
    with pytest.raises(StoreError, match="is closed"):
        store.verify()


def test_times_stay_exact(store: ProjectFile) -> None:
    end = store.load().track("en").cues[3].span.end
    assert end == Fraction(1001 * (48 * 3 + 40), 24000)


def test_an_existing_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "film.subkit"
    path.write_text("mine")
    with pytest.raises(StoreError, match="already exists"):
        ProjectFile.create(path, sample(), actor="ada")
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_a_project_that_cannot_be_stored_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(SchemaError):
        ProjectFile.create(tmp_path / "f.subkit", replace(sample(), title=7), actor="ada")  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []


def test_a_project_that_could_not_be_given_its_name_can_be_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.subkit"
    with monkeypatch.context() as patch:

        def link(*_: object, **__: object) -> None:
            raise OSError(errno.EIO, "Input/output error")

        patch.setattr(os, "link", link)
        with pytest.raises(StoreError, match="cannot be written"):
            ProjectFile.create(path, sample(), actor="ada")
    assert list(tmp_path.iterdir()) == []
    ProjectFile.create(path, sample(), actor="ada").close()
    assert load(path) == sample()


def test_a_journal_left_by_another_project_is_not_played_into_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "film.subkit-journal").write_bytes(b"x" * 600)
    with pytest.raises(StoreError, match="left over"):
        ProjectFile.create(tmp_path / "film.subkit", sample(), actor="ada")
    assert not (tmp_path / "film.subkit").exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no folder"):
        ProjectFile.create(tmp_path / "no" / "film.subkit", sample(), actor="ada")


@pytest.mark.parametrize("name", ["a b?mode=memory#x%20.subkit", "영화.subkit", "-film.subkit"])
def test_odd_names(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    ProjectFile.create(path, sample(), actor="ada").close()
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    assert load(path) == sample()


def test_an_edit_writes_only_what_it_changes(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path / "film.subkit", sample(cues=300), actor="ada") as store:
        before = store._connection.total_changes
        store.commit(edited(store.load(), "c0100", "New."), actor="bo", action="edit")
        assert store._connection.total_changes - before == 2  # one row, one entry
