"""What is fed: every reader of strangers' bytes, with good files to start from."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.compliance.consent import load_register
from subkit.compliance.consent.grants import read_grant
from subkit.compliance.disclosure import disclose, is_own_sidecar, sidecar
from subkit.compliance.signoff import read_gate
from subkit.errors import SubkitError
from subkit.exchange.dub_files import DUB_FILES, read_dub_file, write_dub_file
from subkit.exchange.memory_files import load_memory
from subkit.exchange.sheet_formats import read_sheet, write_sheet
from subkit.formats import known_formats, reader_for, writer_for
from subkit.formats.cut_lists import read_edit
from subkit.formats.shot_list import read_shots
from subkit.formats.word_list import read_words
from subkit.interfaces.file_contents import FileReader, ReadRequest
from subkit.model import FrameRate, LineKind, Media, canonical
from subkit.review.api.answers import Request, parse_body
from subkit.review.api.get import READING
from subkit.review.api.post import EDITING
from subkit.review.desk import Desk
from subkit.review.operations import OPERATIONS
from subkit.review.review_options import ReviewOptions
from subkit.store import ProjectFile
from subkit.styles import Styles
from subkit.styles.own import read_own_styles
from subkit.terminology import read_register
from subkit.terminology.glossary_files import read_glossary, write_glossary
from subkit_cli.settings import gather
from tests.builders.sheets import project, sheet
from tests.builders.stores import sample
from tests.compliance.test_consent import GRANT
from tests.exchange.dub_files.dub_builders import line as dubbed_line
from tests.exchange.dub_files.dub_builders import script as dubbed_script
from tests.exchange.dub_files.dub_builders import word as dubbed_word

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Feed = Callable[[bytes], object]

__all__ = ["TARGETS"]

CASES = Path(__file__).parents[3] / "shared" / "cases"
_MEDIA = Media(path="", digest="", duration=Fraction(60), frame_rate=None)
_FILM = replace(_MEDIA, frame_rate=FrameRate(Fraction(25)))
_STYLE = b'inherits = "netflix"\nmax_cps = 15\nmin_duration = "5/6"\n[languages.ko]\nmax_cpl = 14\n'
_SETTINGS = b'model = "x"\nto = ["ko"]\nbeam_size = 5\nvad_filter = true\nvad_threshold = 0.5\n'
_GATE = b'roles = ["translator", "reviewer"]\nerrors = true\nrisk = 0.6\ncomments = true\n'
_REGISTER = b'language = "ko"\n[[address]]\nspeaker = "A"\naddressee = "*"\nlevel = "haeyo"\n'
_WORDS = (
    b'{"language": "en", "words": [{"text": "Hi", "start": 0.5, "end": "3/4", "speaker": "A"}]}'
)
_EDL = (
    b"TITLE: X\nFCM: NON-DROP FRAME\n001  AX  V  C  00:00:00:00 00:00:04:00 01:00:00:00 01:00:04:00"
    b"\n002  AX  V  D 012 00:00:04:00 00:00:08:00 01:00:04:00 01:00:08:00\n"
)
_TIME = b'{"OTIO_SCHEMA": "RationalTime.1", "rate": 24, "value": 48}'
_OTIO = (
    b'{"OTIO_SCHEMA": "Timeline.1", "tracks": {"OTIO_SCHEMA": "Stack.1", "children": ['
    b'{"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": [{"OTIO_SCHEMA": "Clip.2",'
    b' "source_range": {"start_time": ' + _TIME + b', "duration": ' + _TIME + b'}, "effects": '
    b'[{"OTIO_SCHEMA": "LinearTimeWarp.1", "time_scalar": 2}], "media_references":'
    b' {"DEFAULT_MEDIA": {"target_url": "a.mov"}}}, {"OTIO_SCHEMA": "Transition.1"}]}]}}'
)
_STYLED_VTT = (
    b"WEBVTT - x\nX-TIMESTAMP-MAP=MPEGTS:900000,LOCAL:00:00:00.000\n\nSTYLE\n::cue {}\n\nNOTE a\n\n"
    b"id\n00:01.000 --> 00:02.000 line:10% align:start\n<v Ana><i>Hello</i> &amp; <ruby>a<rt>b</rt>"
    b"</ruby>\n<lang ko>x</lang>\n"
)
_STYLED_SRT = (
    b"1\n00:00:01,000 --> 00:00:02,000 X1:1 X2:2 Y1:1 Y2:2\n{\\an8}<i>Hello</i>\n<font color='red'>"
    b"x</font>\n\n2\n1:02 -> 1:03.5\n- A\n- B\n\n\n2\n00:00:04,000 --> 00:00:03,000\n{\\p1}m 0 0\n"
)


def _shared(*patterns: str) -> tuple[bytes, ...]:
    """Real files of strangers, where they are here; small ones, since much is made of each."""
    paths = sorted(path for pattern in patterns for path in CASES.glob(pattern))
    return tuple(path.read_bytes() for path in paths if path.stat().st_size < 12_000)


def _by_path(read: Callable[[Path], object], ending: str) -> Feed:
    def feed(data: bytes) -> object:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"x{ending}"
            path.write_bytes(data)
            return read(path)

    return feed


def _subtitles(extension: str) -> Feed:
    """Read, and write again what was read: what a reader lets through a writer must take."""

    def feed(data: bytes) -> object:
        track, _ = reader_for(extension).read(data, name="x", language="en")
        for other in ("srt", "vtt", "ass"):
            writer_for(other).write(track, _MEDIA)
        return canonical(track)

    return feed


def _every_format(data: bytes) -> None:
    """Every reader on the same bytes; what it lets through is written in its own format and SRT."""
    asked = ReadRequest(name="x", language="en", rate=_FILM.frame_rate)
    for facts in known_formats():
        if not facts.reads:
            continue
        reader = reader_for(facts.name)
        assert isinstance(reader, FileReader)
        with suppress(SubkitError):
            for track in reader.read_file(data, asked).tracks[:2]:
                canonical(track)
                for name in (facts.name, "srt") if facts.writes else ("srt",):
                    with suppress(SubkitError):
                        writer_for(name).write(track, _FILM)


def _files_of_formats() -> tuple[bytes, ...]:
    folder = Path(__file__).parents[1] / "data" / "formats"
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(path.read_bytes() for path in paths if path.stat().st_size < 12_000)


def _sheet(extension: str) -> Feed:
    return lambda data: read_sheet(data, "x", extension)


def _scripts() -> tuple[bytes, ...]:
    made = dubbed_script(
        dubbed_line("d1", 24, 60, "one two", anchors=(dubbed_word(0, 1.1),), alternate="uno"),
        dubbed_line("d2", 90, 120, "three", kind=LineKind.BREATH),
    )
    written = (write_dub_file(made, name).data for name, known in DUB_FILES.items() if known.reader)
    return (*written, *_shared("dapt/*.xml", "formats/detx/*"))


def _dubbing(data: bytes) -> None:
    """Every reader of the stage's files on the same bytes; what it reads is written again."""
    asked = ReadRequest(name="x", rate=_FILM.frame_rate)
    for name, known in DUB_FILES.items():
        if known.reader:
            with suppress(SubkitError):
                script = read_dub_file(data, asked, name).script
                canonical(script.track)
                write_dub_file(script, name)


def _damaged_project(data: bytes) -> None:
    """Everything that can be asked of a project file, each on its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.subkit"
        path.write_bytes(data)

        def ask(question: Callable[[ProjectFile], object], *, writable: bool = False) -> None:
            with suppress(SubkitError), ProjectFile.open(path, writable=writable) as store:
                question(store)

        ask(lambda store: store.verify())
        ask(lambda store: store.load())
        ask(lambda store: list(store.ledger()))
        ask(lambda store: store.latest(cue="c0001"))
        ask(lambda store: [store.revisions(), store.head(), store.cached("x")])
        ask(_edit, writable=True)


def _edit(store: ProjectFile) -> None:
    store.commit(replace(store.load(), title="y"), actor="ana", action="edit")


def _requests(data: bytes) -> None:
    """One body, posted everywhere and asked for everywhere."""
    body = parse_body(data)
    with (
        tempfile.TemporaryDirectory() as folder,
        ProjectFile.create(Path(folder) / "x.subkit", sample(cues=3), actor="ana") as store,
    ):
        desk = Desk(store, ReviewOptions(reviewer="ana", cache=Path(folder)))
        query = {str(key): str(value)[:5000] for key, value in body.items()}
        try:
            for handler in READING.values():
                with suppress(SubkitError):
                    handler(desk, Request(seat="k", query=query))
            for address, handler in EDITING.items():
                if address != "/api/retranslate":  # asks engines that are not here
                    with suppress(SubkitError):
                        handler(desk, Request(seat="k", body=body))
        finally:
            desk.stop()


def _bodies() -> Iterator[bytes]:
    values: dict[str, Any] = {
        "cue": "c0001", "revision": 9, "lines": ["a", "b"], "start": "1/1", "end": "3003/1000",
        "line": 0, "column": 3, "at": "1/2", "with": "c0002", "with_revision": 9, "speaker": "A",
        "alternative": "x", "vertical": "top", "horizontal": "left", "text": "x", "comment": 0,
        "name": "B", "others": ["B"],
        "cues": [{"cue": "c0001", "revision": 9}], "all": True, "head": 9, "role": "reviewer",
        "reason": "x", "feature": "italic", "value": "#ff0000ff", "forced": True,
        "status": "recorded", "loop": "l1", "edge": "start", "to": "3/1", "locked": True,
    }  # fmt: skip
    for name, operation in OPERATIONS.items():
        fields = (*operation.fields, "cue", "revision") if operation.cue else operation.fields
        places = {"start": 0, "end": 3} if "feature" in fields else {}  # letters, and no seconds
        body = {"op": name, "track": "en", **{f: values[f] for f in fields}, **places}
        yield json.dumps(body).encode()
    yield b'{"track": "en", "seen": ["c0001"], "played": []}'
    yield b'{"name": "Ben", "role": "reviewer"}'
    yield b'{"track": "en", "cue": "c0001", "from": "0/1", "to": "9/1", "points": "9"}'


def _project_bytes() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.subkit"
        with ProjectFile.create(path, sample(cues=3), actor="ana") as store:
            store.remember("x", b"y")
            _edit(store)
        return path.read_bytes()


def _glossaries(ending: str) -> tuple[bytes, ...]:
    return (write_glossary(project().glossary, ending.removeprefix(".")),)


def _tracks(extension: str) -> tuple[bytes, ...]:
    return tuple(writer_for(extension).write(track, _MEDIA) for track in project().tracks)


def _settings(path: Path) -> object:
    from argparse import Namespace

    return gather(Namespace(), {}, path)


TARGETS: dict[str, tuple[Callable[[], tuple[bytes, ...]], Feed]] = {
    "srt": (lambda: (*_tracks("srt"), _STYLED_SRT, *_shared("formats/srt/*", "wild/*/*.srt")),
            _subtitles("srt")),
    "vtt": (lambda: (*_tracks("vtt"), _STYLED_VTT, *_shared("formats/vtt/*", "wild/*/*.vtt")),
            _subtitles("vtt")),
    "formats": (_files_of_formats, _every_format),
    **{name: ((lambda name=name: (write_sheet(sheet(), name),)), _sheet(name))  # type: ignore[misc]
       for name in ("xlsx", "docx", "csv", "xliff", "tmx")},
    "memory": (lambda: (write_sheet(sheet(), "tmx"), *_shared("wild/T01/*.tmx")),
               _by_path(lambda path: load_memory([path], "ko"), ".tmx")),
    "glossary-csv": (lambda: _glossaries(".csv"), _by_path(read_glossary, ".csv")),
    "glossary-tbx": (lambda: _glossaries(".tbx"), _by_path(read_glossary, ".tbx")),
    "register": (lambda: (_REGISTER,), _by_path(read_register, ".toml")),
    "styles": (lambda: (_STYLE,), _by_path(
        lambda path: [Styles(profile=key, own=own).load("ko")
                      for own in [read_own_styles(path)] for key in own], ".toml")),
    "settings": (lambda: (_SETTINGS,), _by_path(_settings, ".toml")),
    "gate": (lambda: (_GATE,), _by_path(read_gate, ".toml")),
    "grant": (lambda: (canonical(GRANT).encode(),), _by_path(read_grant, ".json")),
    "consent": (lambda: (b"",), _by_path(load_register, ".jsonl")),
    "words": (lambda: (_WORDS,), lambda data: read_words(data, name="x")),
    "shots": (lambda: (_EDL, b'{"shots": [{"time": "3/2"}, 2.5]}', b"1.5\n00:00:02:10 # x\n"),
              lambda data: read_shots(data, name="x", rate=FrameRate(Fraction(25)))),
    "edits": (lambda: (_EDL, _OTIO),
              lambda data: read_edit(data, name="x", rate=FrameRate(Fraction(24)))),
    "sidecar": (lambda: (sidecar(disclose(project(), project().tracks[0])),), is_own_sidecar),
    "dubbing": (_scripts, _dubbing),
    "project": (lambda: (_project_bytes(),), _damaged_project),
    "request": (lambda: tuple(_bodies()), _requests),
}  # fmt: skip
"""Name -> good files, and what reads them. A ``SubkitError`` is an answer, all else is a fault."""
