"""Find and replace, import of an edited file, and undo, as a person gives them."""

from __future__ import annotations

import getpass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from subkit.model import Cue, Media, Project, Span, Track
from subkit.store import ProjectFile, load
from subkit_cli import replacements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXTS = ["Hugo is here.", "Is Hugo\nwith Hugo?", "hugo!", "Where is Emma?"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of four cues, the last of which is locked."""
    cues = tuple(
        Cue(
            id=f"c{number:04}",
            span=Span(Fraction(2 * number), Fraction(2 * number + 1)),
            lines=tuple(text.split("\n")),
            locked=number == 4,
        )
        for number, text in enumerate(TEXTS, 1)
    )
    path = tmp_path / "film.subkit"
    document = Project(
        title="film",
        media=Media(path="film.mkv", digest="", duration=Fraction(60)),
        tracks=(Track(id="en", language="en", cues=cues),),
    )
    with ProjectFile.create(path, document, actor="subkit"):
        return path


def _texts(path: Path) -> list[str]:
    return [cue.text for cue in load(path).tracks[0].cues]


def test_replace_shows_first_then_does_then_is_undone(
    subkit: Callable[..., Any], project: Path
) -> None:
    words = ("edit", project, "--find", "Hugo", "--replace", "Victor", "--by", "Kim")
    answer = subkit(*words, "--dry-run")
    assert answer.code == 0, answer.err
    assert answer.out.splitlines()[:3] == [
        "en c0001",
        "  - Hugo is here.",
        "  + Victor is here.",
    ]
    assert answer.out.splitlines()[-1] == "3 places in 2 cues would be replaced."
    assert _texts(project) == TEXTS
    assert subkit(*words).out.splitlines()[-1] == "3 places in 2 cues replaced."
    assert _texts(project)[:3] == ["Victor is here.", "Is Victor\nwith Victor?", "hugo!"]
    assert subkit(*words).out == "Nothing was replaced.\n"
    answer = subkit("undo", project, "--by", "Kim")
    assert answer.out == "undid replace by Kim: en/c0001, en/c0002\n"
    assert _texts(project) == TEXTS
    assert subkit("undo", project, "--by", "Kim", "--redo", "--json").json()["entries"] == 2
    assert _texts(project)[0] == "Victor is here."
    assert subkit("verify", project).code == 0


def test_replace_leaves_locked_cues_and_says_so(subkit: Callable[..., Any], project: Path) -> None:
    answer = subkit("edit", project, "--find", "is", "--replace", "was", "--json")
    assert answer.code == 7
    found = {change["cue"]: change["refused"] for change in answer.json()["changes"]}
    assert found == {"c0001": None, "c0004": "it is locked"}
    assert _texts(project)[3] == TEXTS[3]
    answer = subkit("edit", project, "--find", "hugo!", "--replace", "")
    assert "would be left without text" in answer.err


def test_replace_in_any_case_and_by_pattern(subkit: Callable[..., Any], project: Path) -> None:
    words = ("edit", project, "--dry-run", "--json")
    answer = subkit(*words, "--find", "HUGO", "--replace", r"\1", "--ignore-case")
    assert answer.json()["replaced"] == 4
    assert answer.json()["changes"][0]["after"] == [r"\1 is here."]
    answer = subkit(*words, "--find", r"(\w+) is (\w+)", "--replace", r"\2 is \1", "--regex")
    assert answer.json()["changes"][0]["after"] == ["here is Hugo."]


def test_a_pattern_that_never_ends_is_stopped(
    subkit: Callable[..., Any], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replacements, "_SECONDS", 1)
    with ProjectFile.open(project) as store:
        document = store.load()
        cue = Cue(id="c0009", span=Span(Fraction(30), Fraction(31)), lines=("a" * 60 + "b",))
        track = document.tracks[0]
        store.commit(
            document.with_track(Track(id="en", language="en", cues=(*track.cues, cue))),
            actor="Kim",
            action="edit",
        )
    answer = subkit("edit", project, "--find", "(a+)+$", "--replace", "x", "--regex")
    assert (answer.code, "without an end" in answer.err) == (2, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--find", "x"), "belong together"),
        (("--find", "", "--replace", "x"), "belong together"),
        (("c1", "--find", "x", "--replace", "y"), "Leave the cue out"),
        (("--find", "(", "--replace", "y", "--regex"), "not a regular expression"),
        (("--find", "x", "--replace", r"\7", "--regex"), "not a regular expression"),
        (("--text", "x"), "No cue was named"),
        (("c1", "--text", "x", "--dry-run"), "--dry-run goes with --find"),
    ],
)
def test_what_edit_refuses(
    words: tuple[str, ...], said: str, subkit: Callable[..., Any], project: Path
) -> None:
    answer = subkit("edit", project, *words)
    assert (answer.code, said in answer.err) == (2, True), answer.err


def test_undo_names_those_who_did_something(subkit: Callable[..., Any], project: Path) -> None:
    subkit("edit", project, "1", "--text", "Hi.", "--by", "Kim")
    answer = subkit("undo", project, "--by", "Lee")
    assert answer.code == 3
    assert "nothing to undo by 'Lee'" in answer.err
    assert "Kim" in answer.err
    subkit("edit", project, "1", "--text", "Ho.")
    assert subkit("undo", project).out.startswith(f"undid edit by {getpass.getuser()}")


def test_an_edited_file_comes_back_as_one_transaction(
    subkit: Callable[..., Any], project: Path, tmp_path: Path
) -> None:
    assert subkit("export", project, "-q").code == 0
    path = tmp_path / "film.en.srt"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("here.", "there.").replace("with", "and").replace("Emma", "he"))
    dry = subkit("import", project, path, "--by", "Kim", "--dry-run", "--json")
    assert (dry.code, dry.json()["edited"]) == (7, ["en/c0001", "en/c0002"])
    assert _texts(project) == TEXTS
    answer = subkit("import", project, path, "--by", "Kim")
    assert answer.code == 7
    assert "the cue is locked: 'Where is he?'" in answer.err
    assert answer.out.startswith("2 edited, ")
    assert _texts(project)[:2] == ["Hugo is there.", "Is Hugo\nand Hugo?"]
    assert subkit("undo", project, "--by", "Kim").code == 0
    assert _texts(project) == TEXTS
