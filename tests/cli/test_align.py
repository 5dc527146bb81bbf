"""``subkit align``: scripts and subtitles to the words of a film, what is refused, what is left."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import subkit as library
from subkit.store import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.pipeline import Outcome
    from tests.cli.conftest import Answer


@pytest.fixture
def film(tmp_path: Path, demo: Outcome) -> Path:
    """A project whose film was transcribed."""
    path = tmp_path / "film.subkit"
    path.write_bytes(Path(demo.path).read_bytes())
    return path


def _lines(film: Path) -> list[str]:
    return [" ".join(cue.lines) for cue in load(film).track("en").cues]


def _script(path: Path, lines: list[str]) -> Path:
    speeches = (f"{('ANNA', 'HUGO')[n % 2]}\n{line}\n" for n, line in enumerate(lines))
    path.write_text("INT. HOTEL - NIGHT\n\nRain.\n\n" + "\n".join(speeches), encoding="utf-8")
    return path


def _late(project: library.Project, cue: str) -> library.Project:
    track = project.track("en")
    cues = (
        replace(one, span=library.Span(Fraction(50), Fraction(51))) if one.id == cue else one
        for one in track.cues
    )
    return project.with_track(replace(track, cues=tuple(cues)))


def test_a_screenplay_becomes_a_track_with_its_characters(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    script = _script(tmp_path / "a.fountain", _lines(film))
    answer = subkit("align", script, "--to", film, "--model", "demo", "--by", "Kim")
    assert answer.code == 0, answer.err
    assert "words found" in answer.out
    project = load(film)
    track = project.track("en.script")
    assert {cue.speaker for cue in track.cues} == {"ANNA", "HUGO"}
    assert project.transcript is not None
    assert {turn.method for turn in project.transcript.turns} == {"script"}


def test_a_subtitle_of_wrong_times_is_put_to_its_words(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    cues = load(film).track("en").cues
    parts = ["WEBVTT\n"]
    for n, cue in enumerate(cues):
        minutes, seconds = divmod(n * 2, 60)
        at = f"{minutes:02}:{seconds:02}"
        parts.append(f"id{n}\n{at}.000 --> {at}.900 line:0\n{cue.text}\n")
    parts.append("idx\n59:00.000 --> 59:01.000\nNobody ever says a line of this kind anywhere.\n")
    wrong = tmp_path / "wrong.en.vtt"
    wrong.write_text("\n".join(parts), encoding="utf-8")
    answer = subkit("align", wrong, "--to", film, "-o", "right.vtt", "--model", "demo")
    assert answer.code == 0, answer.err
    assert "cues not found: idx" in answer.out
    right = library.load("right.vtt").tracks[0].cues
    assert [cue.id for cue in right] == [f"id{n}" for n in range(len(cues))]
    assert [cue.text for cue in right] == [cue.text for cue in cues]
    errors = [abs(a.span.start - b.span.start) for a, b in zip(right, cues, strict=True)]
    assert sorted(errors)[len(errors) // 2] < 0.1
    assert max(errors) < 2
    again = subkit("align", wrong, "--to", film, "-o", "right.vtt", "--model", "demo")
    assert (again.code, "already exists" in again.err) == (3, True)


def test_cues_of_a_project_go_to_their_words_and_back(
    subkit: Callable[..., Answer], film: Path
) -> None:
    before = load(film).track("en").cues
    late = before[3]
    with library.open(film, by="Ann") as editor:
        editor.save(_late(editor.project, late.id), action="edit")
    assert load(film).track("en").cue(late.id).span.start == 50
    answer = subkit("align", film, "--track", "en", "--model", "demo", "--by", "Kim")
    assert answer.code == 0, answer.err
    now = load(film).track("en").cue(late.id).span.start
    assert abs(now - late.span.start) < 0.3
    assert subkit("undo", film, "--by", "Kim").code == 0
    assert load(film).track("en").cue(late.id).span.start == 50


def test_words_have_times_confidences_and_methods_in_json(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    script = tmp_path / "a.txt"
    script.write_text("\n".join([*_lines(film)[:6], "Plugh xyzzy frotz."]), encoding="utf-8")
    facts = subkit("align", script, "--to", film, "--dry-run", "--json", "--model", "demo").json()
    assert facts["written"] is None
    assert facts["found"] == sum(word["span"] is not None for word in facts["words"])
    assert {word["method"] for word in facts["words"]} >= {"recognised", ""}
    assert all(word["span"] is None for word in facts["words"][-3:])
    assert facts["unspoken"][-1][1] == len(facts["words"])
    assert facts["unlisted"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("누군가 우리를 따라오고 있어. 조용히 해, 휴고. 열두 명이 있어.", "The text is"),
        ("Plugh xyzzy frotz. Gnusto rezrov cleesh ozmoo nitfol.", "No passage"),
    ],
)
def test_a_text_of_something_else_is_refused(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path, text: str, reason: str
) -> None:
    script = tmp_path / "a.txt"
    script.write_text(text, encoding="utf-8")
    answer = subkit("align", script, "--to", film, "--model", "demo")
    assert answer.code == 5
    assert reason in answer.err
    assert "same" not in answer.out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("missing.txt", "--to", "film.subkit"), 3, "missing.txt"),
        (("empty.txt", "--to", "film.subkit"), 3, "nothing that is said"),
        (("a.txt",), 2, "aligned to nothing"),
        (("a.txt", "--to", "film.wav"), 2, "no place for the result"),
        (("a.txt", "--to", "film.wav", "-o", "a.nope"), 2, "nope"),
        (("a.txt", "--to", "film.subkit", "-o", "other.subkit"), 2, "not into another project"),
        (("a.docx", "--to", "film.subkit"), 2, "not a subtitle file"),
    ],
)
def test_what_cannot_be_is_told_in_one_sentence(
    subkit: Callable[..., Answer], tmp_path: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    (tmp_path / "empty.txt").write_text("\n", encoding="utf-8")
    (tmp_path / "a.txt").write_text("Somebody is following us.", encoding="utf-8")
    (tmp_path / "a.docx").write_bytes(b"PK")
    answer = subkit("align", *words)
    assert answer.code == code, answer.err
    assert message in answer.err
    assert "Traceback" not in answer.err


def test_work_of_people_is_not_replaced(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    script = _script(tmp_path / "a.fountain", _lines(film))
    words = ("align", script, "--to", film, "--model", "demo")
    assert subkit(*words).code == 0
    cue = load(film).track("en.script").cues[0].id
    subkit("edit", film, cue, "--track", "en.script", "--text", "Mine.", "--by", "Kim")
    answer = subkit(*words)
    assert answer.code == 3
    assert "people worked on it" in answer.err
    assert subkit(*words, "--as", "en.second").code == 0
    assert load(film).track("en.script").cue(cue).text == "Mine."
