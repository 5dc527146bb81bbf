"""``subkit qc`` on subtitle files: with and without media, every report, every mistake."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

from subkit.demo import scene_file

if TYPE_CHECKING:
    from subkit.pipeline import Outcome

GOOD = "1\n00:00:01,000 --> 00:00:03,000\nWhere did you hide it?\n\n"
BAD = GOOD + (
    "2\n00:00:03,100 --> 00:00:03,500\n=HYPERLINK(1)  damn it,then\n\n"
    "3\n00:00:10,000 --> 00:00:12,000\n[DOOR SLAMS]\n\n"
)


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "film.en.sdh.srt"
    path.write_text(BAD, encoding="utf-8")
    return path


def rules(answer: Any) -> set[str]:
    return {finding["rule"] for finding in answer.json()["findings"]}


def test_the_name_of_a_file_tells_language_and_purpose(
    subkit: Callable[..., Any], bad: Path
) -> None:
    report = subkit("qc", bad, "--profile", "netflix-sdh", "--json").json()
    (track,) = report["tracks"]
    assert (track["id"], track["language"], track["cues"]) == ("en.sdh", "en", 3)
    assert "from secondary sources or own proposals" in track["statement"]
    assert "label-case" in {finding["rule"] for finding in report["findings"]}
    (bad.parent / "film.srt").write_text(GOOD)
    answer = subkit("qc", "film.srt")
    assert "--language" in answer.err
    assert subkit("qc", "film.srt", "--language", "en").err == ""


def test_an_empty_file_is_no_delivery(subkit: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "film.en.srt").write_text("")
    answer = subkit("qc", "film.en.srt", "--fail-on", "warning")
    assert answer.code == 5
    assert "no-cue: The track holds no cue." in answer.out
    (tmp_path / "film.en.forced.srt").write_text("")
    assert subkit("qc", "film.en.forced.srt", "--fail-on", "warning").code == 0


def test_the_gap_of_two_frames_is_closed_where_nobody_says_the_rate(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    second = "2\n00:00:03,{:03d} --> 00:00:05,000\nI gave it to Tom.\n"
    found = {}
    for gap in (80, 83, 84, 125):  # two frames at 25, at 24 and at 24000/1001; three at 24
        (tmp_path / "film.en.srt").write_text(GOOD + second.format(gap))
        found[gap] = rules(subkit("qc", "film.en.srt", "--json"))
    assert found == {80: set(), 83: set(), 84: set(), 125: {"chained-gap"}}


def test_scripts_are_called_by_name(subkit: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "film.ko.srt").write_text(GOOD)
    out = subkit("qc", "film.ko.srt").out
    assert "Cue 1 is written in Latin letters, not in Korean as Korean is." in out


def test_a_demo_file_passes_but_for_being_one(subkit: Callable[..., Any], demo: Outcome) -> None:
    """The mark of the demo fits its line and goes on a frame."""
    for name in ("scene.ko.srt", "scene.es.srt"):
        answer = subkit("qc", demo.path.parent / name, "--fps", "23.976", "--json")
        mark = {f["rule"] for f in answer.json()["findings"] if f["cue"] == "1"}
        assert mark <= {"wrong-script"}


@pytest.mark.parametrize("profile", ["netflix", "bbc", "subkit"])
def test_what_is_fine_has_no_findings(
    profile: str, subkit: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "film.en.srt").write_text(GOOD)
    answer = subkit(
        "qc", "film.en.srt", "--profile", profile, "--fps", "24", "--fail-on", "warning"
    )
    assert answer.code == 0
    assert answer.out.startswith("en: Within the")
    assert answer.out.endswith("\n0 findings\n")


def test_csv_is_neutralised(subkit: Callable[..., Any], bad: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(subkit("qc", bad, "--format", "csv").out)))
    assert {"min-duration", "double-space", "missing-space"} <= {row["rule"] for row in rows}
    texts = {row["text"] for row in rows if row["cue"] == "2"}
    assert texts == {"'=HYPERLINK(1)  damn it,then"}


def test_junit_and_html_are_written_whole_and_never_over_another(
    subkit: Callable[..., Any], bad: Path
) -> None:
    folder = bad.parent
    answer = subkit("qc", bad, "--format", "junit", "-o", "qc.xml", "--fail-on", "error")
    assert (answer.code, answer.out) == (5, "qc.xml\n")
    tree = etree.parse(str(folder / "qc.xml"))
    assert tree.getroot().tag == "testsuites"
    assert int(tree.getroot().get("failures")) >= 1
    assert subkit("qc", bad, "--format", "html", "-o", "qc.html").code == 0
    page = (folder / "qc.html").read_text(encoding="utf-8")
    assert "=HYPERLINK(1)  damn it,then" in page
    again = subkit("qc", bad, "--format", "html", "-o", "qc.html")
    assert again.code == 3
    assert "qc.html" in again.err
    assert subkit("qc", bad, "--format", "csv", "-o", "qc.html", "-y").code == 0
    assert (folder / "qc.html").read_bytes().startswith(b"\xef\xbb\xbftrack,")
    report = subkit("qc", bad, "--format", "html", "-o", "other.html", "--json").json()
    assert report["file"] == "other.html"
    assert report["summary"]["findings"] == len(report["findings"])
    subkit("qc", bad, "--format", "json", "-o", "qc.json")
    assert json.loads((folder / "qc.json").read_text(encoding="utf-8"))["tracks"]
    assert sorted(p.name for p in folder.iterdir() if p.name != "models") == [
        "film.en.sdh.srt", "other.html", "qc.html", "qc.json", "qc.xml",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", ["text", "json", "csv", "junit", "html"])
def test_every_report_goes_to_standard_output_too(
    kind: str, subkit: Callable[..., Any], bad: Path
) -> None:
    answer = subkit("qc", bad, "--format", kind)
    assert answer.code == 0
    assert "min-duration" in answer.out


def test_media_give_the_grid_the_end_and_the_shot_changes(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "film.en.srt").write_text(
        "1\n00:00:07,341 --> 00:00:09,000\nWhere did you hide it?\n\n"
        "2\n00:01:12,000 --> 00:01:15,000\nIn the garden.\n\n"
    )
    bare = rules(subkit("qc", "film.en.srt", "--json"))
    assert not {"off-grid", "past-end", "shot-in"} & bare
    media = rules(subkit("qc", "film.en.srt", "--json", "--media", scene_file()))
    assert {"off-grid", "past-end"} <= media
    assert "shot-out" not in media | bare
    (tmp_path / "shots.txt").write_text("9.25\n60.5\n")
    words = ("qc", "film.en.srt", "--json", "--media", scene_file(), "--shots", "shots.txt")
    assert "shot-out" in rules(subkit(*words))


def test_a_translation_is_held_against_its_source(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / "film.en.srt").write_text(BAD)
    (tmp_path / "film.es.srt").write_text(GOOD)
    found = rules(subkit("qc", "film.es.srt", "--source", "film.en.srt", "--json"))
    assert {"untranslated", "missing-cue"} <= found


def test_lists_of_words_are_the_users(subkit: Callable[..., Any], bad: Path) -> None:
    (bad.parent / "bad.txt").write_text("# mine\ndamn\n")
    (bad.parent / "known.txt").write_text("where\ndid\nyou\nhide\nit\n", encoding="utf-8-sig")
    words = ("qc", bad, "--json", "--unwanted-words", "bad.txt", "--known-words", "known.txt")
    assert {"unwanted-word", "unknown-word"} <= rules(subkit(*words))
    answer = subkit("qc", bad, "--unwanted-words", "none.txt")
    assert answer.code == 3
    assert "none.txt" in answer.err


def test_tracks_of_a_project_are_chosen(
    demo: Outcome, subkit: Callable[..., Any], tmp_path: Path
) -> None:
    shutil.copy(demo.path, tmp_path / "scene.subkit")
    all_ = subkit("qc", "scene.subkit", "--json").json()["tracks"]
    assert [track["id"] for track in all_] == ["en", "ko", "es"]
    one = subkit("qc", "scene.subkit", "--track", "ko", "--json", "--profile", "bbc").json()
    assert [track["id"] for track in one["tracks"]] == ["ko"]
    assert (
        subkit("qc", "scene.subkit", "--language", "ko", "--json").json()["tracks"]
        == (subkit("qc", "scene.subkit", "--track", "ko", "--json").json()["tracks"])
    )
    assert subkit("qc", "scene.subkit", "--track", "fr").code == 3
    assert subkit("qc", "scene.subkit", "--fps", "24").code == 2


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (("film.en.sdh.srt", "--fps", "x"), 2, "x"),
        (("film.en.sdh.srt", "--fps", "0"), 2, "0"),
        (("film.en.sdh.srt", "--profile", "netflicks"), 2, "netflix"),
        (("film.en.sdh.srt", "--language", "klingonese"), 2, "klingonese"),
        (("film.en.sdh.srt", "--media", "none.mp4"), 3, "none.mp4"),
        (("film.en.sdh.srt", "--source", "none.srt"), 3, "none.srt"),
        (("none.srt",), 3, "none.srt"),
        (("film.docx",), 2, "docx"),
        (("film.en.sdh.srt", "--track", "en"), 2, "--track"),
    ],
)
def test_mistakes_are_named(
    words: tuple[str, ...], code: int, named: str, subkit: Callable[..., Any], bad: Path
) -> None:
    answer = subkit("qc", *words, "-o", "out.txt")
    assert answer.code == code, answer.err
    assert named in answer.err
    assert not (bad.parent / "out.txt").exists()
