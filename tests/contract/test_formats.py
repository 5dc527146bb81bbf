"""What every format keeps: run over each reader and writer there is."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from shutil import which

import imageio_ffmpeg
import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.errors import FormatError
from subkit.files.plain_text import split_lines
from subkit.formats import known_formats, reader_for, writer_for
from subkit.interfaces import Reader, Writer
from subkit.model import Cue, FrameRate, Media, Placement, Span, Track

RATES = [
    FrameRate(Fraction(rate))
    for rate in ("24000/1001", "24", "25", "30000/1001", "30", "50", "60000/1001")
]
WRITTEN = [facts.name for facts in known_formats() if facts.writes]
OF_FEW_LETTERS = {
    "mcc",
    "scc",
    "stl",
    "microdvd",
    "mpl2",
    "tmplayer",
    "lrc",
    "sbv",
    "json",
    "smi",
    "edl",
    "fcpxml",
}
OF_FEW_LETTERS |= {"dcinema", "interop"}
"""Formats of one grid, of few letters, short lines or no empty ones: they have their own tests."""
UNKNOWN_TO_FFMPEG = {"txt", "tsv", "json", "imsc", "ebuttd", "smptett", "itt", "netflix"}
UNKNOWN_TO_FFMPEG |= {"netflix-ja"}
PLAYED = [e for e in WRITTEN if e not in UNKNOWN_TO_FFMPEG | OF_FEW_LETTERS]
READ = [facts.name for facts in known_formats() if facts.reads]
BOTH = [e for e in WRITTEN if e in READ and e not in OF_FEW_LETTERS]
DECODERS = {
    "path": which("ffmpeg"),
    "imageio": imageio_ffmpeg.get_ffmpeg_exe(),
}

LINES = st.lists(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
        | st.sampled_from("<>&{}\\N-: \n\t12i")
    )
    | st.sampled_from(["-->", "00:00:01,000 --> 00:00:02,000", "NOTE", "<v x>", "{\\an8}", "12"]),
    max_size=4,
).map(tuple)
PLACES = st.builds(
    Placement,
    vertical=st.sampled_from(["bottom", "middle", "top"]),
    horizontal=st.sampled_from(["left", "center", "right"]),
)


@st.composite
def tracks(draw: st.DrawFn) -> tuple[Track, Media]:
    rate = draw(st.sampled_from(RATES))
    frames = sorted(draw(st.sets(st.integers(0, 500_000), max_size=10)))
    cues = [
        Cue(
            id=str(number),
            span=Span(rate.time(start), rate.time(end)),
            lines=draw(LINES),
            placement=draw(PLACES),
        )
        for number, (start, end) in enumerate(zip(frames[::2], frames[1::2], strict=False), start=1)
    ]
    media = Media(path="/film.mkv", digest="", duration=Fraction(1), frame_rate=rate)
    return Track(id="en", language="en", cues=tuple(cues)), media


@pytest.mark.parametrize("extension", WRITTEN)
def test_a_writer_is_a_writer(extension: str) -> None:
    assert isinstance(writer_for(extension), Writer)


@pytest.mark.parametrize("extension", READ)
def test_a_reader_is_a_reader(extension: str) -> None:
    assert isinstance(reader_for(extension), Reader)


@pytest.mark.parametrize("extension", BOTH)
@given(made=tracks())
def test_what_is_written_is_read_back(extension: str, made: tuple[Track, Media]) -> None:
    track, media = made
    rate = media.frame_rate
    assert rate is not None
    data = writer_for(extension).write(track, media)
    found, repairs = reader_for(extension).read(data, name=f"a.{extension}", language="en")
    on_grid = [
        replace(cue, span=Span(rate.snap(cue.span.start), rate.snap(cue.span.end)))
        for cue in found.cues
    ]
    assert on_grid == [replace(cue, lines=tuple(split_lines(cue.lines))) for cue in track.cues]
    assert repairs == [] or not track.cues
    spans = [cue.span for cue in found.cues]
    assert not any(a.overlaps(b) for a, b in pairwise(spans))


@pytest.mark.parametrize("extension", [name for name in WRITTEN if name != "stl"])
@given(made=tracks(), note=st.text(max_size=50))
def test_writing_is_deterministic_utf8_without_a_mark(
    extension: str, made: tuple[Track, Media], note: str
) -> None:
    track, media = made
    data = writer_for(extension).write(track, media, note=note)
    assert data == writer_for(extension).write(track, media, note=note)
    text = data.decode("utf-8")
    assert not text.startswith("\ufeff")
    assert "\r" not in text


@pytest.mark.parametrize("extension", READ)
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode), whole=st.booleans())
def test_any_bytes_give_a_track_or_a_place(extension: str, data: bytes, whole: bool) -> None:
    head = b"WEBVTT\n\n" if extension == "vtt" else b""
    if whole:
        data = head + b"00:00:01.000 --> 00:00:02.000\n" + data
    try:
        track, repairs = reader_for(extension).read(data, name="x")
    except FormatError as error:
        assert {"line", "column"} <= set(error.facts)  # noqa: PT017 - either is right
    else:
        assert len({cue.id for cue in track.cues}) == len(track.cues)
        assert all(repair.endswith(".") for repair in repairs)


@pytest.mark.parametrize("extension", READ)
def test_a_file_too_large_is_refused(extension: str) -> None:
    with pytest.raises(FormatError, match="bytes"):
        reader_for(extension).read(b" " * (64 * 2**20 + 1), name="x")


@pytest.mark.parametrize("decoder", [name for name, path in DECODERS.items() if path])
@pytest.mark.parametrize("extension", PLAYED)
def test_ffmpeg_reads_every_cue(extension: str, decoder: str, tmp_path: Path) -> None:
    rate = FrameRate(Fraction(24000, 1001))
    texts = [
        ("Twelve men", "in the garden."),
        ("R&B {curly} 1 < 2",),
        ("정원에 열두 남자가 있다.",),
        ("¿Qué --> pasa?",),
        ("שלום",),
        # ffmpeg 5 takes \N for a line break in WebVTT, where it means nothing.
        ("C:New folder" if extension == "vtt" else "C:\\New folder",),
    ]
    cues = tuple(
        Cue(
            id=f"c{i}",
            span=Span(rate.time(100 * i), rate.time(100 * i + 50)),
            lines=lines,
            placement=Placement(vertical="top" if i == 2 else "bottom"),
            speaker="Ana" if i == 3 else None,
            language="es" if i == 3 else None,
        )
        for i, lines in enumerate(texts)
    )
    media = Media(path="/film.mkv", digest="", duration=Fraction(1), frame_rate=rate)
    track = Track(id="en", language="en", cues=cues)
    source = tmp_path / f"in.{extension}"
    source.write_bytes(writer_for(extension).write(track, media, note="A note."))
    target = tmp_path / "out.ass"
    command = [DECODERS[decoder], "-v", "error", "-nostdin", "-i", source, target]
    subprocess.run([str(part) for part in command], check=True, timeout=60)

    found = pysubs2.load(str(target), encoding="utf-8").events
    assert [_shown(event.text) for event in found] == texts
    assert [rate.frame(Fraction(e.start, 1000)) for e in found] == [100 * i for i in range(6)]
    assert [rate.frame(Fraction(e.end, 1000)) for e in found] == [100 * i + 50 for i in range(6)]
    assert ["\\an8" in event.text for event in found] == [
        extension != "vtt" and i == 2 for i in range(6)
    ]


def _shown(text: str) -> tuple[str, ...]:
    """The lines that libass shows of an ASS text."""
    text = text.replace("{\\an8}", "")
    lines = [
        line.replace("\\{{}", "{").replace("\\{", "{").replace("\\}", "}")
        for line in text.split("\\N")
    ]
    return tuple(line.replace("\u2060", "") for line in lines)
