"""``subkit batch`` as a user meets it, with real speech and the demo models."""

from __future__ import annotations

import json
import shutil
import sys
import wave
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

DEMO = ("--model", "demo", "--translator", "demo", "--to", "ko")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes of POSIX")


@pytest.fixture
def films(tmp_path: Path, speech: Path) -> Path:
    folder = tmp_path / "films"
    (folder / "s1").mkdir(parents=True)
    shutil.copyfile(speech, folder / "s1" / "e1.wav")
    shutil.copyfile(speech, folder / "e2.wav")
    (folder / "broken.mkv").write_bytes(b"no film at all")
    (folder / "notes.txt").write_text("x", encoding="utf-8")
    return folder


def test_a_batch_is_planned_run_and_run_again(
    subkit: Callable[..., Answer], films: Path, tmp_path: Path
) -> None:
    plan = subkit("batch", "plan", films, "-o", "out", *DEMO)
    assert plan.code == 7
    assert "titles      2, " in plan.out
    assert "left out    1 .txt" in plan.out
    assert "will fail   broken: " in plan.out
    assert not (tmp_path / "out").exists()
    done = subkit("batch", "run", films, "-o", "out", *DEMO, "--json")
    assert done.code == 7
    assert done.json()["counts"]["done"] == 2
    assert [p["titles"] for p in done.json()["problems"]] == [["broken"]]
    shown = {p.relative_to(tmp_path / "out").as_posix() for p in (tmp_path / "out").rglob("*.srt")}
    assert shown == {"e2.en.srt", "e2.ko.srt", "s1/e1.en.srt", "s1/e1.ko.srt"}
    assert subkit("batch", "status", "out", "-q").out == "broken\n"
    shutil.copyfile(films / "e2.wav", films / "broken.mkv")
    again = subkit("batch", "run", films, "-o", "out", *DEMO)
    assert again.code == 0
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / "out").rglob("*.srt")}
    again = subkit("batch", "run", films, "-o", "out", *DEMO)
    assert again.code == 0
    assert {p: p.stat().st_mtime_ns for p in before} == before


def test_what_a_title_gives_is_the_same_in_any_company(
    subkit: Callable[..., Answer], films: Path, tmp_path: Path
) -> None:
    (films / "broken.mkv").unlink()
    assert subkit("run", films / "e2.wav", "-o", "alone", *DEMO).code == 0
    assert subkit("batch", "run", films, "-o", "out", *DEMO, "--workers", 2).code == 0
    for language in ("en", "ko"):
        alone = (tmp_path / "alone" / f"e2.{language}.srt").read_bytes()
        assert (tmp_path / "out" / f"e2.{language}.srt").read_bytes() == alone
        assert (tmp_path / "out" / "s1" / f"e1.{language}.srt").read_bytes() == alone


def test_the_state_of_a_batch_is_told_and_set(
    subkit: Callable[..., Answer], films: Path, tmp_path: Path, speech: Path
) -> None:
    manifest = tmp_path / "films.jsonl"
    rows = [{"media": str(speech), "id": "one"}, {"media": str(speech), "id": "two"}]
    manifest.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    (tmp_path / "out").mkdir()
    words = ("-o", "out", "--model", "demo", "--names", "{language}/{id}", "--shots", "none")
    subkit("batch", "run", manifest, *words, "--min-free", "1000000")
    assert subkit("batch", "status", "out", "--json").json()["counts"]["waiting"] == 2
    assert "set to pause" in subkit("batch", "pause", "out").out
    assert subkit("batch", "status", "out", "--json").json()["mode"] == "pause"
    assert subkit("batch", "resume", "out").code == 0
    (tmp_path / "out" / "two.subkit").write_text("in the way", encoding="utf-8")
    done = subkit("batch", "run", manifest, *words)
    assert done.code == 7
    assert "1 of 2 titles failed" in done.err
    assert "quarantined two (store)" in done.out
    assert (tmp_path / "out" / "en" / "one.srt").exists()
    assert subkit("batch", "status", "out", "-q").out == "two\n"
    (tmp_path / "out" / "two.subkit").unlink()
    assert "1 titles wait again" in subkit("batch", "retry", "out").out
    assert subkit("batch", "run", manifest, *words).code == 0


def test_the_page_of_a_catalogue_shows_failures_queue_and_approvals(
    subkit: Callable[..., Answer], films: Path, tmp_path: Path
) -> None:
    (films / "<b>bold.mkv").write_bytes(b"no film")
    subkit("batch", "run", films, "-o", "out", *DEMO)
    subkit("approve", tmp_path / "out" / "e2.subkit", "--track", "en", "--by", "Ana <i>")
    report = subkit("batch", "report", "out")
    assert report.code == 0
    page = (tmp_path / "out" / "batch.html").read_text(encoding="utf-8")
    assert "<b>2</b><span>titles done" in page
    assert "<b>2</b><span>in quarantine" in page
    assert "<script" not in page
    assert "&lt;b&gt;bold" in page
    assert "<b>bold" not in page
    assert "Ana &lt;i&gt;" in page
    assert "quarantined, 0 attempts" in page
    assert "films/broken.mkv" in page
    assert ">passes<" in page
    assert "cues are not approved by a person" in page
    assert "The demo models know only a small domain" in page
    assert subkit("batch", "report", "out", "-o", tmp_path / "own.html").code == 0
    assert (tmp_path / "own.html").exists()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("plan", "films"), 2, "needs an output folder"),
        (("run", "gone", "-o", "out"), 3, "There is no 'gone'"),
        (("run", "films", "-o", "out", "--names", "../{id}.{language}"), 2, "not a path below"),
        (("run", "films", "-o", "out", "--workers", "none"), 2, "--workers"),
        (("run", "s3://films", "-o", "out"), 3, "s3 addresses are not read"),
        (("status", "films"), 3, "not the output folder of a batch"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(
    subkit: Callable[..., Answer], films: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    answer = subkit("batch", *words)
    assert answer.code == code
    assert told in answer.err


def test_a_missing_model_is_told_once(subkit: Callable[..., Answer], films: Path) -> None:
    plan = subkit("batch", "plan", films, "-o", "out", "--model", "large-v3", "--json")
    assert plan.code == 7
    missing = [p for p in plan.json()["problems"] if p["kind"] == "ModelNotFound"]
    assert [sorted(p["titles"]) for p in missing] == [["broken", "e2", "s1/e1"]]


def test_what_is_gone_is_told_and_made_again(
    subkit: Callable[..., Answer], films: Path, tmp_path: Path
) -> None:
    (films / "broken.mkv").unlink()
    run = ("batch", "run", films, "-o", "out", *DEMO)
    assert subkit(*run).code == 0
    gone = tmp_path / "out" / "e2.en.srt"
    before = gone.read_bytes()
    gone.unlink()
    status = subkit("batch", "status", "out")
    assert status.code == 7
    assert "'e2.en.srt' is gone" in status.out
    report = subkit("batch", "report", "out", "--json")
    assert (report.code, report.json()["lost"]) == (7, ["e2"])
    assert "done, and lost since" in (tmp_path / "out" / "batch.html").read_text(encoding="utf-8")
    assert subkit(*run).code == 0
    assert gone.read_bytes() == before
    assert subkit("batch", "status", "out").code == 0


def test_a_project_that_is_none_any_more_is_told_and_not_written_over(
    subkit: Callable[..., Answer], films: Path, tmp_path: Path
) -> None:
    (films / "broken.mkv").unlink()
    run = ("batch", "run", films, "-o", "out", *DEMO)
    assert subkit(*run).code == 0
    project = tmp_path / "out" / "e2.subkit"
    project.write_bytes(b"garbage")
    assert "no project any more" in subkit("batch", "status", "out").out
    assert subkit(*run).code == 7
    assert project.read_bytes() == b"garbage"


def test_two_films_of_one_name_are_both_in_the_ledger(
    subkit: Callable[..., Answer], films: Path
) -> None:
    (films / "broken.mkv").unlink()
    shutil.copyfile(films / "e2.wav", films / "e2.mkv")
    done = subkit("batch", "run", films, "-o", "out", *DEMO, "--json")
    assert done.code == 7
    states = {title["id"]: title["state"] for title in done.json()["titles"]}
    assert sorted(states.values()) == ["done", "done", "quarantined"]
    (other,) = [name for name, state in states.items() if state == "quarantined"]
    assert other.startswith("e2 (e2.")


def test_another_film_under_the_same_name_is_done_anew(
    subkit: Callable[..., Answer], films: Path, tmp_path: Path
) -> None:
    (films / "broken.mkv").unlink()
    run = ("batch", "run", films, "-o", "out", *DEMO)
    assert subkit(*run).code == 0
    out = tmp_path / "out"
    before = (out / "e2.en.srt").read_text(encoding="utf-8")
    with wave.open(str(films / "e2.wav")) as sound:
        facts, data = sound.getparams(), sound.readframes(sound.getnframes())
    later = bytes(facts.sampwidth * facts.framerate * 3)
    with wave.open(str(films / "e2.wav"), "wb") as sound:
        sound.setparams(facts)
        sound.writeframes(later + data)
    assert subkit(*run).code == 0
    after = (out / "e2.en.srt").read_text(encoding="utf-8")
    assert after != before
    edited = after + "\n"
    (out / "e2.en.srt").write_text(edited, encoding="utf-8")
    shutil.copyfile(films / "s1" / "e1.wav", films / "e2.wav")
    assert subkit(*run).code == 7
    assert (out / "e2.en.srt").read_text(encoding="utf-8") == edited


def test_a_page_is_not_written_over_a_file_of_another_name(
    subkit: Callable[..., Answer], films: Path
) -> None:
    (films / "broken.mkv").unlink()
    assert subkit("batch", "run", films, "-o", "out", *DEMO).code == 0
    film = films / "e2.wav"
    before = film.read_bytes()
    assert subkit("batch", "report", "out", "-o", film).code == 3
    assert film.read_bytes() == before
    assert subkit("batch", "report", "out").code == 0
    assert subkit("batch", "report", "out").code == 0


def test_a_ledger_that_a_full_disk_left_empty_is_begun_anew(
    subkit: Callable[..., Answer], films: Path, tmp_path: Path
) -> None:
    (films / "broken.mkv").unlink()
    folder = tmp_path / "out" / ".subkit-batch"
    folder.mkdir(parents=True)
    (folder / "ledger.sqlite").touch()
    assert subkit("batch", "run", films, "-o", "out", *DEMO).code == 0


def test_a_film_that_was_only_touched_is_the_same_film(
    subkit: Callable[..., Answer], films: Path, tmp_path: Path
) -> None:
    (films / "broken.mkv").unlink()
    run = ("batch", "run", films, "-o", "out", *DEMO)
    assert subkit(*run).code == 0
    reviewed = tmp_path / "out" / "e2.en.srt"
    reviewed.write_text(reviewed.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    (films / "e2.wav").touch()
    done = subkit(*run, "--json")
    assert done.code == 0, "what people have edited is not in the way of work that is done"
    assert done.json()["counts"]["done"] == 2
