"""Work that begins with a subtitle file: translated, reviewed, gone on with, refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from subkit.demo import scene_file
from subkit.edit import Hand, retime
from subkit.errors import InputError
from subkit.formats import reader_for
from subkit.model import Origin, ReviewState, Span
from subkit.store import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from subkit.model import Track
    from subkit.pipeline import Outcome

DEMO = ("--translator", "demo")
TEXTS = ("Emma, somebody is following us.", "Please help me, Hugo.", "I left the diary.")


def srt(*texts: str) -> str:
    """Cues of two seconds with times that stand on no frame grid."""
    return "\n".join(
        f"{n}\n00:00:{3 * n:02d},101 --> 00:00:{3 * n + 2:02d},337\n{text}\n"
        for n, text in enumerate(texts, 1)
    )


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.en.srt"
    path.write_text(srt(*TEXTS), encoding="utf-8")
    return path


def read(path: Path) -> Track:
    track, _ = reader_for(path.suffix).read(path.read_bytes(), name=path.name)
    return track


def test_people_see_how_much_can_be_read_and_what_of_a_register_never_holds(
    subkit: Callable[..., Any], film: Path
) -> None:
    register = film.with_name("register.csv")
    register.write_text("language,speaker,addressee,level\nko,Hugo,*,haeyo\nes,*,*,tu\n")
    answer = subkit("translate", film, "--to", "ko,es", "--register", register, *DEMO)
    assert answer.code == 0, answer.err
    assert "ko: 3 cues, 3 within 12 CPS (3 with the best-scored texts)" in answer.out
    assert "en: 3 cues\n" in answer.out
    assert "1 register entry holds in no cue of 'ko': nobody is called 'Hugo'." in answer.err
    assert "of 'es'" not in answer.err


def test_a_subtitle_file_becomes_a_project_and_files(
    subkit: Callable[..., Any], film: Path, tmp_path: Path
) -> None:
    answer = subkit("translate", film, "--to", "ko,es", *DEMO, "--json")
    assert answer.code == 0, answer.err
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {
        *("film.en.srt", "film.subkit", "film.ko.srt", "film.es.srt"),
        *("film.ko.disclosure.json", "film.es.disclosure.json"),
    }
    facts = answer.json()
    assert facts["tracks"] == {"en": 3, "ko": 3, "es": 3}
    assert facts["reading"]["ko"] == {"cues": 3, "within": 3, "best_scored": 3, "max_cps": 12.0}
    assert (facts["demo"], facts["repairs"], len(facts["files"])) == (True, [], 4)
    project = load(tmp_path / "film.subkit")
    assert project.title == "film"
    source = project.track("en")
    assert [(c.id, c.span, c.text) for c in source.cues] == [
        (str(n), Span(3 * n + Fraction(101, 1000), 3 * n + 2 + Fraction(337, 1000)), text)
        for n, text in enumerate(TEXTS, 1)
    ]
    assert {c.provenance.origin for c in source.cues if c.provenance} == {Origin.IMPORT}
    for language in ("ko", "es"):
        track = project.track(language)
        assert [(c.id, c.span) for c in track.cues] == [(c.id, c.span) for c in source.cues]
        written = [c.span for c in read(tmp_path / f"film.{language}.srt").cues]
        assert written[1:] == [c.span for c in track.cues]  # the first is the demo mark
    told = json.loads((tmp_path / "film.ko.disclosure.json").read_text(encoding="utf-8"))
    assert [(s["stage"], s["cues"]) for s in told["stages"]] == [("import", 3), ("translation", 3)]
    assert "read from a subtitle file, its makers not recorded: 3 cues" in told["statement"]


def test_what_people_did_is_gone_on_with(
    subkit: Callable[..., Any], film: Path, tmp_path: Path
) -> None:
    project = tmp_path / "film.subkit"
    assert subkit("translate", film, "--to", "ko", *DEMO, "-q").out.split() == [
        str(tmp_path / name) for name in ("film.subkit", "film.ko.srt", "film.ko.disclosure.json")
    ]
    for cue in ("1", "2", "3"):
        assert subkit("edit", project, cue, "--text", "By Kim.", "--by", "Kim").code == 0
        words = ("edit", project, cue, "--track", "ko", "--text", "김이 썼다.", "--by", "Kim")
        assert subkit(*words).code == 0
    answer = subkit("translate", film, "--to", "es", *DEMO)
    assert answer.code == 0, answer.err
    done = load(project)
    assert {c.text for c in done.track("ko").cues} == {"김이 썼다."}
    assert {c.text for c in done.track("en").cues} == {"By Kim."}
    again = subkit("translate", film, "--to", "ko", *DEMO)
    assert (again.code, "film.ko.srt" in again.err, "-y" in again.err) == (3, True, True)
    assert subkit("translate", film, "--to", "ko", *DEMO, "-y").code == 0
    assert {c.text for c in read(tmp_path / "film.ko.srt").cues[1:]} == {"김이 썼다."}


def test_every_command_takes_such_a_project(
    subkit: Callable[..., Any], film: Path, tmp_path: Path
) -> None:
    project, out = tmp_path / "film.subkit", tmp_path / "out"
    out.mkdir()
    assert subkit("translate", film, "--to", "ko", *DEMO, "-q").code == 0
    for words in (
        ("qc", project),
        ("fix", project),
        ("glossary", "learn", project),
        ("glossary", "check", project),
        ("diff", film, project, "--track", "en"),
        ("export", project, "-f", "vtt,ass,xlsx,xlf", "-o", out),
        ("import", project, out / "film.ko.xlsx", "--by", "Kim"),
        ("import", project, out / "film.ko.xlf", "--by", "Kim"),
        ("approve", project, "--track", "ko", "--by", "Kim"),
        ("export", project, "--track", "ko", "--require", "approved", "-y"),
        ("disclose", project),
        ("history", project),
        ("verify", project),
        ("dump", project),
    ):
        answer = subkit(*words)
        assert answer.code == 0, (words, answer.err)
    assert all(c.review.state is ReviewState.APPROVED for c in load(project).track("ko").cues)
    unheard = subkit("account", project)
    assert (unheard.code, "has no transcript yet" in unheard.err) == (3, True)
    unspotted = subkit("spot", project)
    assert (unspotted.code, "has no transcript yet" in unspotted.err) == (3, True)


def test_the_film_is_tied_when_it_is_named(
    subkit: Callable[..., Any], film: Path, speech: Path, tmp_path: Path
) -> None:
    project = tmp_path / "film.subkit"
    assert subkit("translate", film, "--to", "ko", *DEMO, "--fps", "24", "-q").code == 0
    rate = load(project).media.frame_rate
    assert rate is not None
    assert rate.rate == 24
    untied = subkit("transcribe", scene_file(), "-o", project, "--model", "demo")
    assert (untied.code, "is not tied to any media" in untied.err) == (3, True)
    tied = subkit("translate", film, "--to", "ko", *DEMO, "--media", scene_file(), "-y", "-q")
    assert tied.code == 0, tied.err
    media = load(project).media
    assert media.path == str(scene_file())
    assert media.frame_rate is not None
    other = subkit("translate", film, "--to", "es", *DEMO, "--media", speech)
    assert (other.code, "is the project of" in other.err) == (3, True)
    assert load(project).media == media
    moved = shutil.copy(scene_file(), tmp_path / "moved.mp4")
    words = ("translate", film, "--to", "ko", *DEMO, "--media", moved, "-y", "-q")
    assert subkit(*words).code == 0
    assert load(project).media == replace(media, path=str(moved))
    assert subkit("verify", project).code == 0


def test_another_text_never_takes_the_project_over(
    subkit: Callable[..., Any], film: Path, tmp_path: Path
) -> None:
    assert subkit("translate", film, "--to", "ko", *DEMO, "-q").code == 0
    before = (tmp_path / "film.subkit").read_bytes()
    other = tmp_path / "other"
    other.mkdir()
    (other / "film.en.srt").write_text(srt("Where is the key?"), encoding="utf-8")
    twin = subkit("translate", other / "film.en.srt", "--to", "es", "-o", tmp_path, *DEMO)
    assert (twin.code, "was made from another subtitle file" in twin.err) == (3, True)
    film.write_text(srt(*TEXTS, "Where is the key?"), encoding="utf-8")
    changed = subkit("translate", film, "--to", "es", *DEMO)
    assert (changed.code, "this one has changed since" in changed.err) == (3, True)
    assert "-o" in changed.err
    assert (tmp_path / "film.subkit").read_bytes() == before
    assert not (tmp_path / "film.es.srt").exists()


def test_the_project_of_a_film_is_not_taken(
    subkit: Callable[..., Any], demo: Outcome, tmp_path: Path
) -> None:
    for path in (demo.path, demo.path.with_name("scene.en.srt")):
        shutil.copy(path, tmp_path)
    answer = subkit("translate", tmp_path / "scene.en.srt", "--to", "ko", *DEMO)
    assert (answer.code, "was not made from a subtitle file" in answer.err) == (3, True)


def test_webvtt_comes_back_as_webvtt(subkit: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "film.en.sdh.vtt"
    path.write_text(
        "WEBVTT\n\nNOTE by hand\n\nintro/1\n00:01.000 --> 00:02.500\n<v Emma>Please help me.\n",
        encoding="utf-8",
    )
    answer = subkit("translate", path, "--to", "ko", *DEMO)
    assert answer.code == 0, answer.err
    assert "NOTE" not in answer.err
    cue = load(tmp_path / "film.subkit").track("ko.sdh").cue("intro/1")
    assert (cue.speaker, cue.span.start) == ("Emma", Fraction(1))
    assert "intro/1\n00:00:01.000" in (tmp_path / "film.ko.sdh.vtt").read_text(encoding="utf-8")


BAD = (
    ("film.srt", srt(*TEXTS), 2, "The language of"),
    ("film.en.srt", "", 3, "holds no cue"),
    ("film.en.srt", "Dear all,\n", 3, "line 1, column 1"),
    ("film.en.srt", "1\n00:00:01,000 --> 00:00:02,000\na" + 99 * "\0", 3, "line 3, column 2"),
    ("film.en.docx", "PK", 2, "docx"),
    ("film.ko.srt", srt("제발 도와줘."), 2, "is in ko already"),
    ("film.hi.srt", srt(*TEXTS), 2, "does not know 'hi'"),
)


@pytest.mark.parametrize(("name", "text", "code", "said"), BAD)
def test_what_cannot_be_translated_is_told_and_leaves_nothing(
    subkit: Callable[..., Any], tmp_path: Path, name: str, text: str, code: int, said: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    answer = subkit("translate", tmp_path / name, "--to", "ko", *DEMO, "-q")
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert answer.err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--to", "en"), 2, "is in en already"),
        (("--to", "fr"), 2, "does not know 'fr'"),
        (("--to", "ko,ko"), 2, "named twice"),
        (("--to", "ko", "-f", "foo"), 2, "foo"),
        (("--to", "ko", "--fps", "x"), 2, "'x'"),
        (("--to", "ko", "--media", "none.mp4"), 3, "none.mp4"),
        (("--to", "ko", "--language", "klingonese"), 2, "klingonese"),
        ((), 2, "--to"),
    ],
)
def test_mistakes_beside_a_subtitle_file(
    subkit: Callable[..., Any],
    film: Path,
    tmp_path: Path,
    words: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    answer = subkit("translate", film, *words, *DEMO, "-q")
    assert (answer.code, said in answer.err) == (code, True), answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["film.en.srt"]


@pytest.mark.parametrize("flag", ["--media", "--fps", "--language", "-o", "-f"])
def test_flags_of_subtitle_files_are_refused_for_projects(
    subkit: Callable[..., Any], film: Path, tmp_path: Path, flag: str
) -> None:
    assert subkit("translate", film, "--to", "ko", *DEMO, "-q").code == 0
    answer = subkit("translate", tmp_path / "film.subkit", "--to", "es", *DEMO, flag, "vtt")
    assert (answer.code, "is for a subtitle file" in answer.err) == (2, True)


def test_files_of_a_project_come_from_export(
    subkit: Callable[..., Any], film: Path, tmp_path: Path
) -> None:
    assert subkit("translate", film, "--to", "ko", *DEMO, "-q").code == 0
    answer = subkit("translate", tmp_path / "film.subkit", "--to", "es", *DEMO, "--json")
    assert answer.json()["tracks"] == {"en": 3, "ko": 3, "es": 3}
    assert not (tmp_path / "film.es.srt").exists()


def test_a_file_in_the_way_is_told_before_the_work(
    subkit: Callable[..., Any], film: Path, tmp_path: Path
) -> None:
    (tmp_path / "film.ko.srt").write_text("mine")
    answer = subkit("translate", film, "--to", "ko", *DEMO)
    assert (answer.code, "film.ko.srt" in answer.err) == (3, True)
    assert not (tmp_path / "film.subkit").exists()
    assert (tmp_path / "film.ko.srt").read_text() == "mine"


def test_odd_text_is_carried(subkit: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "odd.en.srt"
    long = "I left the diary. " * 560
    path.write_text(srt(long, "Please\x01 help me. 😀", "😀", "♪ … ♪", ""), encoding="utf-8")
    assert len(long) > 10_000
    answer = subkit("translate", path, "--to", "ko", *DEMO, "--json")
    assert answer.code == 0, answer.err
    cues = load(tmp_path / "odd.subkit").track("ko").cues
    assert [cue.id for cue in cues] == ["1", "2", "3", "4", "5"]
    assert len(cues[0].text) > 3000
    assert [cue.text for cue in cues[2:]] == ["😀", "♪ … ♪", ""]
    assert cues[1].text.endswith("😀")
    findings = subkit("qc", tmp_path / "odd.subkit", "--json").json()["findings"]
    assert {"cpl", "reading-speed"} <= {f["rule"] for f in findings if f["cue"] == "1"}


def test_files_of_before_utf_8_are_read_as_their_language_was(
    subkit: Callable[..., Any], tmp_path: Path
) -> None:
    path = tmp_path / "film.ko.srt"
    path.write_bytes(srt("제발 도와줘.").encode("cp949"))
    answer = subkit("translate", path, "--to", "en", *DEMO)
    assert answer.code == 0, answer.err
    assert "it was read as cp949" in answer.err
    assert load(tmp_path / "film.subkit").track("ko").cues[0].text == "제발 도와줘."


def test_a_retimed_cue_may_outlast_the_file(
    subkit: Callable[..., Any], film: Path, tmp_path: Path
) -> None:
    """Without a film nobody knows where the programme ends."""
    path = tmp_path / "film.subkit"
    assert subkit("translate", film, "--to", "ko", *DEMO, "-q").code == 0
    project = load(path)
    later = Span(Fraction(60), Fraction(62))
    hand = Hand(actor="Kim", time="2026-01-31T12:00:00Z")
    moved = retime(project, "ko", "3", later, hand=hand)
    assert moved.track("ko").cue("3").span == later
    tied = replace(project, media=replace(project.media, path="film.mp4"))
    with pytest.raises(InputError, match="media ends"):
        retime(tied, "ko", "3", later, hand=hand)
