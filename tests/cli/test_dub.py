"""``subkit dub``: from a project with words to lines, loops and takes."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from docx import Document

from subkit.edit import Hand, retext
from subkit.store import ProjectFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.pipeline import Outcome
    from tests.cli.conftest import Answer

TO_KOREAN = ("--to", "ko", "--translator", "demo")


@pytest.fixture
def film(demo: Outcome, tmp_path: Path) -> Path:
    """The project of the demo film, free to be changed."""
    return Path(shutil.copy(demo.plan.project, tmp_path / "film.subkit"))


def test_a_project_becomes_lines_with_loops_in_another_language(
    subkit: Callable[..., Answer], film: Path
) -> None:
    made = subkit("dub", "prepare", film, *TO_KOREAN, "--territory", "ES", "--json").json()
    assert [track["id"] for track in made["tracks"]] == ["en.dubbing", "ko.dubbing"]
    assert made["demo"] is True
    report = subkit("dub", "report", film, "--json").json()
    assert report["territory"]["id"] == "ES"
    told = subkit("dub", "report", film, "--lines").out
    assert "faster" not in told
    assert "collective agreement" in told, "each rule says where it comes from"
    again = subkit("dub", "prepare", film, *TO_KOREAN, "--territory", "ES", "--json").json()
    assert again == made
    assert subkit("verify", film).code == 0


def test_loops_are_computed_anew_around_those_that_people_lock(
    subkit: Callable[..., Answer], film: Path
) -> None:
    subkit("dub", "prepare", film, *TO_KOREAN, "--territory", "ES")
    first = subkit("dub", "loops", film, "--lock", "2", "--by", "Kim", "--json").json()["loops"]
    other = subkit("dub", "loops", film, "--territory", "US", "--by", "Kim", "--json").json()
    kept = next(loop for loop in other["loops"] if loop["locked"])
    assert kept == next(loop for loop in first if loop["locked"])
    assert len(other["loops"]) != len(first)
    assert subkit("undo", film, "--by", "Kim").code == 0
    assert subkit("dub", "loops", film, "--json").json()["loops"] == first


def test_a_recorded_line_that_is_adapted_anew_says_that_it_needs_a_retake(
    subkit: Callable[..., Answer], film: Path
) -> None:
    subkit("dub", "prepare", film, *TO_KOREAN)
    takes = subkit("dub", "take", film, "recorded", "--loop", "1", "--by", "Kim", "--json").json()
    assert set(takes["takes"].values()) == {"recorded", "open"}
    with ProjectFile.open(film) as store:
        project, hand = store.load(), Hand(actor="Kim", time="2026-01-01T00:00:00Z")
        project = retext(project, "en.dubbing", "d0001", ("Please help me, Hugo.",), hand=hand)
        store.commit(project, actor="Kim", action="edit")
    subkit("dub", "prepare", film, *TO_KOREAN)
    with ProjectFile.open(film) as store:
        lines = [cue.dub for cue in store.load().track("ko.dubbing").cues if cue.dub is not None]
    assert [dub.take.value for dub in lines[:2]] == ["retake", "recorded"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("prepare", "film.subkit", "--territory", "ESP"), 2, "Did you mean ES?"),
        (("prepare", "film.subkit", "--territory", "SP"), 2, "Did you mean ES?"),
        (("prepare", "film.subkit", "--territory", "Korea"), 2, "Did you mean KR?"),
        (("prepare", "film.subkit", "--territory", "mine.toml"), 3, "mine.toml"),
        (("report", "film.subkit"), 3, "Run subkit dub prepare first."),
        (("take", "film.subkit", "recorded"), 2, "Give --cue ID or --loop NAME."),
        (("prepare", "film.subkit", "--script", "none.txt"), 3, "none.txt"),
        (("prepare", "film.subkit", "--script", "film.pdf"), 2, "NAME: what is said"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_changes_nothing(
    subkit: Callable[..., Answer], film: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    before = film.read_bytes()
    answer = subkit("dub", *words)
    assert (answer.code, answer.out) == (code, "")
    assert told in answer.err
    assert answer.err.count("\n") == 1
    assert film.read_bytes() == before


def test_a_screenplay_names_the_characters(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    script = tmp_path / "script.txt"
    script.write_text(
        "LUCAS: Emma, somebody is following us.\nEMMA: Please help me, Hugo.\n", encoding="utf-8"
    )
    people = subkit("dub", "prepare", film, "--script", script, "--json").json()["characters"]
    assert {"LUCAS", "EMMA", "unknown"} == {one["name"] for one in people}


NEW_CUT = """TITLE: NEW CUT
001  AX       V     C        00:00:00:00 00:00:12:00 01:00:00:00 01:00:12:00
002  AX       V     C        00:00:18:00 00:01:10:00 01:00:12:00 01:01:04:00
"""


def test_a_new_cut_moves_nothing_in_silence_that_was_locked_or_recorded(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    subkit("dub", "prepare", film, *TO_KOREAN)
    with ProjectFile.open(film) as store:
        project = store.load()
        track = project.track("ko.dubbing")
        cues = tuple(replace(cue, locked=cue.id in {"d0006", "d0004"}) for cue in track.cues)
        store.commit(project.with_track(replace(track, cues=cues)), actor="Kim", action="lock")
    for line in ("d0001", "d0003", "d0007"):
        subkit("dub", "take", film, "recorded", "--cue", line, "--by", "Kim")
    loops = subkit("dub", "loops", film, "--lock", "3", "--by", "Kim", "--json").json()["loops"]
    edit = tmp_path / "new.edl"
    edit.write_text(NEW_CUT, encoding="utf-8")
    before = film.read_bytes()
    shown = subkit("dub", "conform", film, "--to", edit, "--dry-run")
    assert "Line 'd0007' (recorded)" in shown.out
    assert film.read_bytes() == before

    told = subkit("dub", "conform", film, "--to", edit, "--by", "Kim", "--json").json()
    flags = {flag["what"]: flag for flag in told["flags"]}
    assert set(flags) == {"d0003", "d0004", "d0006", "d0007", "3"}, "d0001 stays where it was"
    assert flags["d0003"]["retake"]
    assert not flags["d0007"]["retake"]
    with ProjectFile.open(film) as store:
        track = store.load().track("ko.dubbing")
    assert track.cue("d0006").locked
    dub = track.cue("d0003").dub
    assert dub is not None
    assert (dub.take.value, dub.reason) == ("retake", "picture change")
    moved = next(loop for loop in track.loops if loop.name == "3")
    assert Fraction(loops[2]["start"]) - moved.span.start == pytest.approx(6, abs=0.03)
    assert subkit("undo", film, "--by", "Kim").code == 0


def test_a_new_cut_needs_lines_and_an_edit(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    edit = tmp_path / "new.edl"
    edit.write_text(NEW_CUT, encoding="utf-8")
    assert "no lines to be dubbed" in subkit("dub", "conform", film, "--to", edit).err
    subkit("dub", "prepare", film, *TO_KOREAN)
    assert subkit("dub", "conform", film, "--to", tmp_path / "none.edl").code == 3
    other = tmp_path / "other.edl"
    other.write_text(NEW_CUT.replace("C        00:0", "C        02:0"), encoding="utf-8")
    refused = subkit("dub", "conform", film, "--to", other)
    assert refused.code == 5
    assert "Only 0% of other.edl comes from what the old cut shows" in refused.err
    late = subkit("dub", "conform", film, "--to", edit, "--edit-start", "00:59:50:00", "--dry-run")
    plain = subkit("dub", "conform", film, "--to", edit, "--dry-run")
    assert (late.code, plain.code) == (0, 0)
    assert late.out != plain.out
    assert subkit("dub", "conform", film, "--to", edit, "--edit-start", "soon").code in {2, 3}
    gone = subkit("dub", "conform", film, "--to", edit, "--film", tmp_path / "none.mov")
    assert gone.code == 3


def test_a_fountain_script_names_the_characters(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    script = tmp_path / "scene.fountain"
    script.write_text("INT. HOTEL - DAY\n\nHUGO\nSomebody is following us, Emma.\n")
    subkit("dub", "prepare", film, "--script", script)
    with ProjectFile.open(film) as store:
        assert "HUGO" in {one.name.upper() for one in store.load().characters}
    other = tmp_path / "scene.pdf"
    other.write_bytes(b"%PDF")
    assert subkit("dub", "prepare", film, "--script", other).code == 2


def test_a_script_goes_to_the_stage_and_comes_back_as_edits(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    subkit("dub", "prepare", film, *TO_KOREAN, "--territory", "ES")
    out = tmp_path / "out"
    made = subkit("dub", "export", film, "-f", "dapt", "-o", out, "--json").json()
    script, sidecar = (Path(name) for name in made["files"])
    assert script.name == "film.ko.dubbing.dapt.xml"
    assert sidecar.name == "film.ko.dubbing.disclosure.json"
    same = subkit("dub", "import", film, script, "--by", "Kim", "--json").json()
    assert (same["edited"], same["refused"], same["absent"]) == ([], [], [])
    text = script.read_text(encoding="utf-8")
    sent = tmp_path / "from-the-stage.xml"
    sent.write_text(text.replace('onScreen="ON"', 'onScreen="OFF"', 1), encoding="utf-8")
    told = subkit("dub", "import", film, sent, "--by", "Kim", "--dry-run", "--json").json()
    done = subkit("dub", "import", film, sent, "--by", "Kim", "--json").json()
    assert done["edited"] == told["edited"] == ["ko.dubbing/d0001"]
    assert subkit("undo", film, "--by", "Kim").code == 0
    again = subkit("dub", "import", film, sent, "--by", "Kim", "--json").json()
    assert again["edited"] == ["ko.dubbing/d0001"]


def test_a_script_that_nobody_approved_does_not_pass_the_gate(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    subkit("dub", "prepare", film, *TO_KOREAN)
    refused = subkit("dub", "export", film, "-o", tmp_path / "out", "--require", "approved")
    assert refused.code == 6
    assert not (tmp_path / "out").exists()


def test_subtitles_are_no_script(subkit: Callable[..., Answer], film: Path, tmp_path: Path) -> None:
    refused = subkit("export", film, "--track", "en", "-f", "dapt", "-o", tmp_path / "out")
    assert refused.code == 2
    assert "lines to be dubbed" in refused.err


def test_scripts_for_actors_say_what_a_new_cut_changed_until_it_is_undone(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    subkit("dub", "prepare", film, *TO_KOREAN)
    subkit("dub", "take", film, "recorded", "--cue", "d0003", "--by", "Kim")
    edit = tmp_path / "new.edl"
    edit.write_text(NEW_CUT, encoding="utf-8")
    told = subkit("dub", "conform", film, "--to", edit, "--by", "Kim")
    once = [one for one in told.out.splitlines() if "ko.dubbing" in one and "'d0003'" in one]
    assert len(once) == 1, "a line that is flagged is not listed again"
    assert "part of it is not in the new cut" in once[0]

    def log(folder: str) -> list[str]:
        names = "docx,docx:characters,docx:loops,dapt"
        made = subkit("dub", "export", film, "-f", names, "-o", tmp_path / folder, "--json").json()
        files = [Path(name) for name in made["files"] if name.endswith(".docx")]
        assert len(files) == 3
        assert b"new cut" in (tmp_path / folder / "film.ko.dubbing.dapt.xml").read_bytes() or (
            folder == "undone"
        )
        logs = [[p.text for p in Document(str(one)).paragraphs] for one in files]
        found = [[text for text in one if ", new cut: " in text] for one in logs]
        assert found[0] == found[1] == found[2]
        return found[0]

    changes = log("conformed")
    assert any("line d0003 is from" in one and "needs a retake" in one for one in changes)
    assert any("moved by -6.00" in one and "lines d0005 to" in one for one in changes)
    assert subkit("undo", film, "--by", "Kim").code == 0
    assert log("undone") == []


def test_a_studio_prints_scripts_as_it_likes(
    subkit: Callable[..., Answer], film: Path, tmp_path: Path
) -> None:
    subkit("dub", "prepare", film, *TO_KOREAN)
    mine = tmp_path / "studio.toml"
    mine.write_text('inherits = "ko"\ntitles = {changes = "x"}\nsize = 14\n', encoding="utf-8")
    out = ("-f", "docx", "-o", tmp_path / "out")
    assert subkit("dub", "export", film, *out, "--layout", mine).code == 0
    script = Document(str(tmp_path / "out" / "film.ko.dubbing.script.docx"))
    assert [cell.text for cell in script.tables[1].rows[0].cells] == ["시간", "이름", "대사"]
    mine.write_text("sise = 14\n", encoding="utf-8")
    refused = subkit("dub", "export", film, *out, "--layout", mine)
    assert (refused.code, "Did you mean size?" in refused.err) == (3, True)
    assert subkit("dub", "export", film, *out, "--layout", "kor").code == 2
    came = subkit("dub", "import", film, tmp_path / "out" / "film.ko.dubbing.script.docx")
    assert (came.code, "does not read it" in came.err) == (2, True)
