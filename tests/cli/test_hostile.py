"""What strangers write must not command a terminal, and no value of theirs is a traceback."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import shutil
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.progress import Progress
from rich.text import Text

from subkit.demo import scene_file
from subkit.formats import reader_for, writer_for
from subkit.model import Comment, Cue, Media, Project, Span, Term, Track
from subkit.store import ProjectFile
from subkit_cli.main import COMMANDS, main
from subkit_cli.terminal_output import drawing
from tests.builders.stores import sample

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

ROOT = Path(__file__).parents[2]
CASES = ROOT.parent / "shared" / "cases" / "hostile"
DEMO = ("--model", "demo", "--translator", "demo")
EVIL = "\x1b]0;pwned\x07\x1b[31m\x9b31m\u202e\x08\r\x7f"
"""A title of the window, colours in two codes, letters turned round, what was printed wiped out."""

OBEYED = re.compile(r"[^\n\t\x20-\x7e\xa0-\U0010ffff]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]")
SHOWN = re.compile(r"\\u001b|\\x1b|\\u009b|\\x9b")

CALLS: dict[str, tuple[tuple[str, ...], ...]] = {
    "demo": (("demo", "-o", "{name}/x"),),
    "run": (("run", "{name}.mp4"), ("run", "{film}", "--to", "{evil}")),
    "transcribe": (("transcribe", "{name}.mp4"),),
    "shots": (("shots", "{name}.mp4"),),
    "speakers": (("speakers", "{project}"), ("speakers", "{project}", "--rename", "{evil}={evil}")),
    "dub": (
        ("dub", "prepare", "{project}"),
        ("dub", "report", "{project}", "--lines", "--territory", "{evil}"),
        ("dub", "report", "{project}", "--lines"),
        ("dub", "loops", "{project}", "--lock", "{evil}", "--by", "Ana"),
        ("dub", "take", "{project}", "recorded", "--cue", "{evil}", "--by", "Ana"),
        ("dub", "export", "{project}", "-f", "dapt:{evil}"),
        ("dub", "import", "{project}", "{name}.xml", "--by", "Ana"),
        ("dub", "band", "{project}", "-o", "{name}.mov", "--font", "{evil}"),
    ),
    "spot": (
        ("spot", "{words}", "-o", "{name}.en.srt"),
        ("spot", "{name}.json", "-o", "{name}.en.srt"),
    ),
    "translate": (("translate", "{subtitles}", "--to", "{evil}"),),
    "glossary": (("glossary", "check", "{glossary}"), ("glossary", "learn", "{project}")),
    "qc": (("qc", "{project}"), ("qc", "{subtitles}"), ("qc", "{project}", "--format", "csv")),
    "fix": (("fix", "{subtitles}", "--dry-run"),),
    "sync": (
        ("sync", "{subtitles}", "--to", "{subtitles}", "--dry-run"),
        ("sync", "{subtitles}", "--to", "{evil}", "--dry-run"),
    ),
    "batch": (
        ("batch", "plan", "{name}", "-o", "{name}.out"),
        ("batch", "plan", "{film}", "-o", "{name}.out", "--to", "{evil}"),
        ("batch", "status", "{name}.out"),
    ),
    "align": (
        ("align", "{subtitles}", "--to", "{project}", "--dry-run"),
        ("align", "{evil}", "--to", "{name}.mp4", "-o", "{name}.srt"),
    ),
    "conform": (
        ("conform", "{project}", "--to", "{name}.edl", "--dry-run"),
        ("conform", "{project}", "--to", "{evil}.edl", "--dry-run"),
        ("conform", "{subtitles}", "--to", "{film}", "--dry-run"),
    ),
    "review": (("review", "{name}.subkit"), ("review", "{project}", "--gate", "{toml}")),
    "serve": (
        ("serve", "--host", "{evil}"),
        ("serve", "--token-file", "{name}", "--keep", "{name}"),
        ("serve", "--model", "{evil}", "--port", "0"),
    ),
    "edit": (
        ("edit", "{project}", "c{evil}", "--track", "en", "--text", "new {evil}"),
        ("edit", "{project}", "{evil}", "--text", "x"),
    ),
    "undo": (("undo", "{project}", "--by", "{evil}"), ("undo", "{name}.subkit")),
    "completion": (("completion", "{evil}"),),
    "approve": (("approve", "{project}", "--track", "en", "--cue", "{evil}", "--by", "Ana"),),
    "sign": (("sign", "approvals", "{project}", "--key", "{name}.key", "--by", "Ana"),),
    "history": (("history", "{project}"),),
    "diff": (("diff", "{project}", "{other}"),),
    "verify": (("verify", "{project}"), ("verify", "{project}", "--head", "{evil}")),
    "account": (("account", "{project}", "--all"), ("account", "{name}.subkit")),
    "convert": (("convert", "{subtitles}", "-f", "srt", "-o", "{name}"), ("convert", "{evil}")),
    "info": (("info", "{subtitles}"), ("info", "{name}.srt")),
    "extract": (("extract", "{name}.mkv"), ("extract", "{film}", "--list")),
    "mux": (("mux", "{name}.mkv", "{subtitles}", "-o", "{name}.mkv"),),
    "burn": (("burn", "{name}.mkv", "{subtitles}", "-o", "{name}.mp4"),),
    "export": (("export", "{project}", "-o", "{name}"),),
    "consent": (("consent", "list", "{toml}"), ("consent", "list", "{name}.jsonl")),
    "disclose": (("disclose", "{project}"),),
    "import": (("import", "{project}", "{sheet}", "--by", "Ana"),),
    "dump": (("dump", "{project}"),),
    "styles": (("styles", "list", "--styles", "{toml}"), ("styles", "show", "{evil}")),
    "models": (("models", "path", "{evil}"),),
    "doctor": (("doctor", "{evil}"),),
}


def hostile_project(path: Path) -> Project:
    """A project in which every text is hostile."""
    project = sample(cues=2)
    cues = tuple(
        replace(
            cue,
            id=f"c{EVIL}" if number else cue.id,
            lines=(f"A {EVIL}line.", "x" * 90),
            speaker=f"Who {EVIL}",
            comments=(Comment(text=f"Hm {EVIL}", actor=f"B {EVIL}", time="2026-01-01T00:00:00Z"),),
        )
        for number, cue in enumerate(project.tracks[0].cues)
    )
    assert project.transcript is not None
    words = tuple(replace(word, text=f"w {EVIL}") for word in project.transcript.words)
    term = Term(source=f"A {EVIL}", target=f"가 {EVIL}", source_language="en", language="ko")
    hostile = replace(
        project,
        title=f"Film {EVIL}",
        media=replace(project.media, path=f"/{EVIL}.mkv"),
        transcript=replace(project.transcript, words=words),
        tracks=(replace(project.tracks[0], cues=cues), *project.tracks[1:]),
        glossary=(term,),
    )
    ProjectFile.create(path, hostile, actor="Ana").close()
    return hostile


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """What the arguments of :data:`CALLS` stand for."""
    name = tmp_path / f"n{EVIL}"
    places = {
        key: tmp_path / f"{key}{EVIL}{ending}"
        for key, ending in {
            "project": ".subkit", "other": ".subkit", "subtitles": ".en.vtt", "words": ".json",
            "glossary": ".csv", "sheet": ".csv", "toml": ".toml",
        }.items()
    }  # fmt: skip
    hostile_project(places["project"])
    ProjectFile.create(places["other"], sample(cues=2), actor="Ana").close()
    text = f"WEBVTT {EVIL}\n\n{EVIL}\n00:01.000 --> 00:02.000\n<v {EVIL}>A {EVIL}  ...\n"
    places["subtitles"].write_text(text, encoding="utf-8", newline="")
    places["words"].write_text(json.dumps({"words": [{"text": EVIL, "start": EVIL}]}))
    places["glossary"].write_text(f"source,target,{EVIL}\nA {EVIL},\n", newline="")
    places["sheet"].write_text(f"id,edited\nko/{EVIL},text\nen/c{EVIL},{EVIL}\n", newline="")
    places["toml"].write_text(f'"{json.dumps(EVIL)[1:-1]}" = 1\n'.replace("\x9b", "\\u009b")
                              .replace("\x7f", "\\u007f"))  # fmt: skip
    film = tmp_path / f"film{EVIL}.mp4"
    shutil.copy(scene_file(), film)
    return {
        "evil": EVIL,
        "name": str(name),
        "film": str(film),
        **{k: str(v) for k, v in places.items()},
    }


def test_every_command_is_called() -> None:
    assert set(CALLS) == set(COMMANDS)


@pytest.mark.parametrize("command", CALLS)
def test_nothing_commands_the_terminal(
    subkit: Callable[..., Answer], files: dict[str, str], command: str
) -> None:
    told = ""
    for words in CALLS[command]:
        for more in ((), ("--json",), ("-v",)):
            answer = subkit(*(word.format(**files) for word in words), *more)
            printed = answer.out + answer.err
            assert not OBEYED.findall(printed), (words, more)
            assert "Traceback" not in printed
            if more == ("--json",) and answer.out and "--format" not in words:
                json.loads(answer.out)
            told += printed
    assert SHOWN.search(told), "the hostile text was not told at all: the case tests nothing"


def test_json_keeps_what_is_made_neutral(subkit: Callable[..., Answer], tmp_path: Path) -> None:
    project = hostile_project(tmp_path / "x.subkit")
    dumped = subkit("dump", tmp_path / "x.subkit").json()
    assert dumped["title"] == project.title
    assert dumped["tracks"][0]["cues"][0]["lines"][0] == f"A {EVIL}line."


def test_colours_are_those_of_rich_alone() -> None:
    stream = io.StringIO()
    drawn = drawing(stream, force_terminal=True, width=200)
    with Progress(console=drawn, redirect_stdout=False, redirect_stderr=False) as bars:
        bars.add_task(f"task {EVIL}", total=1)
        drawn.print(Text(f"text {EVIL}", style="yellow"))
    out = stream.getvalue()
    assert "\x1b[" in out
    assert r"task \u001b]0;pwned" in out
    assert r"text \u001b]0;pwned" in out
    assert not re.findall("\x1b\\]|\x9b|\u202e|\x07|\x08|\x7f", out)


def test_rich_draws_in_one_place() -> None:
    makers = [
        path.name
        for path in (ROOT / "cli").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Console")
    ]
    assert makers == [], (
        "make it with terminal_output.drawing, which lets no text command the terminal"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("deep", ("styles", "list", "--styles")),
        ("bigint", ("styles", "list", "--styles")),
        ("bigriskgate", ("review", "x.subkit", "--gate")),
        ("cfg_deep", ("run", "x.mp4", "--config")),
    ],
)
def test_toml_of_any_size_and_depth(
    subkit: Callable[..., Answer], name: str, words: tuple[str, ...]
) -> None:
    if not CASES.is_dir():
        pytest.skip("the shared cases are not here")
    answer = subkit(*words, CASES / "toml" / f"{name}.toml")
    assert answer.code == 3
    assert answer.err.count("\n") == 1
    assert f"{name}.toml" in answer.err


def test_a_number_that_never_ends(subkit: Callable[..., Answer], tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text('max_cps = "1e999999999"\nmax_cpl = 9223372036854775807\n')
    answer = subkit("styles", "list", "--styles", own)
    assert answer.code == 3
    assert "max_cps" in answer.err
    assert "max_cpl" in answer.err


def test_refining_is_not_offline(subkit: Callable[..., Answer], tmp_path: Path) -> None:
    (tmp_path / "film.en.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    words = ("translate", "film.en.srt", "--to", "ko", "--translator", "demo", "--offline")
    answer = subkit(*words, "--refine", "http://127.0.0.1:9/v1", "--refine-model", "m")
    assert answer.code == 2
    assert "--offline" in answer.err
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["film.en.srt"]


@pytest.mark.skipif(sys.platform == "win32", reason="names are measured otherwise there")
@pytest.mark.parametrize("letters", range(74, 82))
def test_names_of_eighty_syllables_work_or_are_refused_before_the_work(
    subkit: Callable[..., Answer], tmp_path: Path, letters: int
) -> None:
    stem = "가" * letters
    (tmp_path / f"{stem}.en.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    answer = subkit("translate", f"{stem}.en.srt", "--to", "ko", "--translator", "demo")
    made = {p.name.removeprefix(stem) for p in tmp_path.iterdir() if p.is_file()}
    if len(os.fsencode(stem)) + len(".ko.disclosure.json") <= 255:
        assert answer.code == 0, answer.err
        assert made == {".en.srt", ".ko.srt", ".ko.disclosure.json", ".subkit"}
        edited = subkit("edit", f"{stem}.subkit", "1", "--track", "en", "--text", "Hi.")
        assert edited.code == 0, edited.err
    else:
        assert answer.code == 3
        assert "too long" in answer.err
        assert made == {".en.srt"}, "nothing is left of it"


@pytest.mark.parametrize("command", sorted(set(CALLS) - {"demo", "doctor"}))
def test_a_name_longer_than_any_file_s(
    subkit: Callable[..., Answer], files: dict[str, str], command: str
) -> None:
    long = {**dict.fromkeys(files, "x" * 300), "evil": "en"}
    answer = subkit(*(word.format(**long) for word in CALLS[command][0]))
    assert "Traceback" not in answer.err
    assert answer.code in {0, 2, 3, 4}


def test_text_with_any_arrow_survives() -> None:
    times = "00:00:43.585", "00:00:45,879", "1:02", "43.5"
    arrows = "-->", "->", "--->", "- ->", "-- >", "→", "⟶", "–>", "=>", "-‑>"
    lines = [f"{a}{gap}{arrow}{gap}{b}{rest}" for a in times for b in times for arrow in arrows
             for gap in ("", " ", "\t") for rest in ("", " line:1", " x")]  # fmt: skip
    lines += [f"\u2060{line}" for line in lines[:50]]
    cues = tuple(
        Cue(id=str(n), span=Span(Fraction(n), Fraction(n + 1)), lines=(line, "hi"))
        for n, line in enumerate(lines, 1)
    )
    track = Track(id="en", language="en", cues=cues)
    media = Media(path="", digest="", duration=Fraction(9), frame_rate=None)
    for extension in ("srt", "vtt"):
        data = writer_for(extension).write(track, media)
        back, _ = reader_for(extension).read(data, name="x", language="en")
        assert [cue.lines for cue in back.cues] == [cue.lines for cue in cues], extension
        again = writer_for(extension).write(back, media)
        assert again == data


def test_the_arrow_of_a_stranger() -> None:
    if not CASES.is_dir():
        pytest.skip("the shared cases are not here")
    media = Media(path="", digest="", duration=Fraction(9), frame_rate=None)
    data = (CASES / "arrow.en.vtt").read_bytes()
    track, _ = reader_for("vtt").read(data, name="arrow.en.vtt", language="en")
    srt = writer_for("srt").write(track, media)
    back, repairs = reader_for("srt").read(srt, name="arrow.en.srt", language="en")
    assert [cue.text for cue in back.cues] == ["00:00:43.585 -> 00:00:45.879\nhi"]
    assert repairs == []


def test_main_gives_the_streams_back(capsys: pytest.CaptureFixture[str]) -> None:
    before = sys.stdout, sys.stderr
    assert main(["styles", "show", EVIL]) == 2
    assert (sys.stdout, sys.stderr) == before
    assert not OBEYED.findall(capsys.readouterr().err)
