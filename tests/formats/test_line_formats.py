"""SBV, LRC, MicroDVD, MPL2, TMPlayer, and what recognisers write."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pysubs2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.errors import FormatError
from subkit.files.plain_text import split_lines
from subkit.formats import reader_for, reader_of_content, writer_for
from subkit.formats.losses import told_losses
from subkit.formats.word_list import read_words
from subkit.interfaces.file_contents import FileContent, ReadRequest, WriteRequest
from subkit.model import Feature, FrameRate, Media, Span, Track
from tests.styled import FORMATS, MEDIA, cue, letters, marked, styled_tracks, track

FILM = Media(
    path="/film.mkv", digest="", duration=Fraction(100), frame_rate=FrameRate(Fraction(25))
)
NAMES = ("sbv", "lrc", "microdvd", "mpl2", "tmplayer")
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="|"), max_size=9)


def read(name: str, data: str | bytes, **asked: Any) -> FileContent:
    found = data.encode() if isinstance(data, str) else data
    content: FileContent = reader_for(name).read_file(found, ReadRequest(name="a", **asked))  # type: ignore[attr-defined]
    return content


def written(name: str, found: Track, media: Media = FILM) -> str:
    return writer_for(name).write(found, media).decode()


def told(name: str, found: Track) -> str:
    return told_losses(writer_for(name).write_file(found, FILM, WriteRequest()).losses)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=30)
@given(
    lines=st.lists(PLAIN | st.sampled_from(["{y:i}a", "0:00:01.000,0:00:02.000", "/a", "[1][2]"]))
)
def test_any_text_comes_back(name: str, lines: list[str]) -> None:
    wanted = tuple(line for line in (line.strip() for line in split_lines(lines)) if line)
    if name == "lrc":
        wanted = tuple(wanted[:1])
    made = track(cue(*wanted, number=1), cue("next", number=2))
    (found,) = read(name, written(name, made)).tracks
    texts = [c.lines for c in found.cues]
    assert texts == [(*wanted,), ("next",)] or (not wanted and texts == [("next",)])


@pytest.mark.parametrize("name", ["sbv", "lrc", "microdvd"])
@pytest.mark.parametrize("rate", ["24000/1001", "25", "30000/1001", "60000/1001"])
def test_frames_are_found_again(name: str, rate: str) -> None:
    grid = FrameRate(Fraction(rate))
    media = Media(path="", digest="", duration=Fraction(1), frame_rate=grid)
    frames = [0, 1, 99, 1234, 150_001, 199_999]
    made = track(
        *(cue("a", number=1, id=str(n), span=Span(grid.time(n), grid.time(n + 1))) for n in frames)
    )
    content = read(name, written(name, made, media))
    assert [grid.frame(c.span.start) for c in content.tracks[0].cues] == frames
    assert name != "microdvd" or content.rate == grid


def test_sbv_is_what_youtube_writes() -> None:
    source = "0:00:01.000,0:00:02.500\nOne\ntwo\n\n0:00:03.000,0:00:04.000\nThree\n"
    content = read("sbv", source)
    assert [c.lines for c in content.tracks[0].cues] == [("One", "two"), ("Three",)]
    assert content.repairs == ()
    assert written("sbv", content.tracks[0]) == source
    assert read("sbv", source.replace("One\n", "One[br]")).tracks[0].cues[0].lines == ("One", "two")
    italic = track(cue("a", marks=(marked(0, 1, Feature.ITALIC),), speaker="Kim"))
    assert told("sbv", italic) == "1 italic, 1 speaker (cue 1)"


def test_lrc_has_times_of_lines_and_words() -> None:
    data = (FORMATS / "lrc" / "lyric.lrc").read_bytes()
    content = read("lrc", data)
    (found,) = content.tracks
    assert [(float(c.span.start), float(c.span.end), c.text) for c in found.cues] == [
        (23.02, 25.61, "Lyric 01"),
        (25.61, 30.24, "Lyric 02"),
        (34.07, 40.02, "Lyric 03"),
        (43.75, 49.45, "Lyric 04"),
    ]
    assert content.repairs == ()
    assert written("lrc", found).split() == data.decode().split()
    source = "[ti:A song]\n[by:Kim]\n[00:01.00]Hello <00:01.50>you\n[00:02.00]\n"
    content = read("lrc", source)
    assert content.title == "A song"
    assert content.tracks[0].cues[0].marks == (marked(6, 9, Feature.DELAY, "1/2"),)
    assert written("lrc", content.tracks[0]) == source
    moved = read("lrc", "[offset:500]\n[00:01.00][00:05.00]x\n[00:02.00]\n[00:06.00]\n")
    assert [float(c.span.start) for c in moved.tracks[0].cues] == [0.5, 4.5]
    assert told("lrc", track(cue("a", "b"))) == "1 line break (cue 1)"


def test_microdvd_needs_a_rate() -> None:
    data = (FORMATS / "microdvd" / "sample.sub").read_bytes()
    with pytest.raises(FormatError, match="--fps"):
        read("microdvd", data)
    content = read("microdvd", data, rate=FrameRate(Fraction(25)))
    assert content.tracks[0].cues[0].span == Span(Fraction(230, 25), Fraction(307, 25))
    assert content.tracks[0].cues[1].lines == ("MAN:", "When we think", "♪ ...say bow, wow, ♪")
    assert written("microdvd", content.tracks[0]).splitlines()[1:] == data.decode().splitlines()
    assert read("microdvd", "{1}{1}23.976\n{24}{48}a\n").rate == FrameRate(Fraction(24000, 1001))
    with pytest.raises(FormatError, match="frame rate"):
        written("microdvd", track(cue("a")), MEDIA)


def test_microdvd_codes_are_styling() -> None:
    source = "{1}{1}25\n{25}{50}{Y:b}{y:i}{c:$0000ff}One|two\n{75}{100}{f:Arial}a|{s:24}b\n"
    content = read("microdvd", source)
    first, second = content.tracks[0].cues
    assert first.marks == (
        marked(0, 7, Feature.BOLD),
        marked(0, 3, Feature.COLOR, "#ff0000ff"),
        marked(0, 3, Feature.ITALIC),
    )
    assert second.marks == (
        marked(0, 1, Feature.FONT, "Arial"),
        marked(2, 3, Feature.SIZE, "24", "points"),
    )
    again = read("microdvd", written("microdvd", content.tracks[0]))
    assert again.tracks == content.tracks
    peer = pysubs2.SSAFile.from_string(written("microdvd", content.tracks[0]), format_="microdvd")
    assert [e.start for e in peer.events] == [1000, 3000]
    off = track(cue("a", span=Span(Fraction(1), Fraction(5, 2))))
    assert told("microdvd", off) == "1 time off the format's grid (cue 1)"
    part = track(cue("ab|c", marks=(marked(0, 1, Feature.ITALIC),)))
    assert told("microdvd", part) == "1 italic, 1 letter (|) (cue 1)"


def test_mpl2_has_tenths_and_italics() -> None:
    source = "[10][25]/One|two\n[30][40]\\/b\n"
    content = read("mpl2", source)
    first, second = content.tracks[0].cues
    assert (first.span, first.marks) == (
        Span(Fraction(1), Fraction(5, 2)),
        (marked(0, 3, Feature.ITALIC),),
    )
    assert {m.feature for m in second.marks} == {Feature.BOLD, Feature.ITALIC}
    assert written("mpl2", content.tracks[0]) == source
    off = track(cue("a", span=Span(Fraction(1, 24), Fraction(1))))
    assert told("mpl2", off) == "1 time off the format's grid (cue 1)"


def test_tmplayer_has_only_in_times() -> None:
    content = read("tmplayer", "00:00:01:One|two\n00:00:02:Three\n00:01:00:End\n")
    first = content.tracks[0].cues[0].span
    assert first.start == 1
    assert float(first.end) == pytest.approx(1.97, abs=0.01)
    assert "without an out-time" in content.repairs[0]
    made = track(cue("a", span=Span(Fraction(1), Fraction(3))), cue("b", number=5))
    assert written("tmplayer", made) == "00:00:01:a\n00:00:03:\n00:00:05:b\n00:00:06:\n"
    assert [c.text for c in read("tmplayer", written("tmplayer", made)).tracks[0].cues] == [
        "a",
        "b",
    ]


WHISPER = {
    "text": " Hi you.",
    "language": "en",
    "segments": [
        {
            "id": 0,
            "start": 0.5,
            "end": 2,
            "text": " Hi you.",
            "words": [
                {"word": " Hi", "start": 0.5, "end": 1.0, "probability": 0.5},
                {"word": " you.", "start": 1.0, "end": 2.0, "probability": 1.0},
            ],
        },
    ],
}
WHISPERX = {
    "segments": [
        {
            "start": 0.5,
            "end": 2,
            "text": " Hi 3 you.",
            "speaker": "SPEAKER_01",
            "words": [
                {"word": "Hi", "start": 0.5, "end": 1.0, "score": 0.5},
                {"word": "3"},
                {"word": "you.", "start": 1.0, "end": 2.0, "score": 1.0},
            ],
        },
    ],
    "word_segments": [],
}


def test_json_of_recognisers_is_a_track() -> None:
    content = read("json", json.dumps(WHISPER))
    (found,) = content.tracks
    assert (found.language, found.cues[0].lines, found.cues[0].confidence) == (
        "en",
        ("Hi you.",),
        0.75,
    )
    (found,) = read("json", json.dumps(WHISPERX), language="de").tracks
    assert (found.language, found.cues[0].speaker) == ("de", "SPEAKER_01")
    assert found.cues[0].span == Span(Fraction(1, 2), Fraction(2))
    made = track(cue("one", "two", id="c1", speaker="Kim"))
    (again,) = read("json", written("json", made)).tracks
    assert (again.cues[0].id, again.cues[0].lines, again.cues[0].speaker) == (
        "c1",
        ("one two",),
        "Kim",
    )


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"segments": [1]}', '{"segments": [{"text": "a", "start": 1}]}', "{"]
)
def test_json_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        read("json", text)


def test_spot_takes_the_words_of_the_same_files() -> None:
    language, words = read_words(json.dumps(WHISPERX).encode(), name="a.json")
    assert language == "und"
    assert [(w.text, float(w.span.start), float(w.span.end), w.confidence) for w in words] == [
        ("Hi", 0.5, 1.0, 0.5),
        ("3", 1.0, 1.0, None),
        ("you.", 1.0, 2.0, 1.0),
    ]
    assert read_words(json.dumps(WHISPER).encode(), name="a.json")[0] == "en"


def test_what_faster_whisper_prints_is_a_track() -> None:
    content = read("whisper-log", (FORMATS / "whisper" / "faster_whisper_stdout.txt").read_bytes())
    (found,) = content.tracks
    assert content.repairs == ()
    assert len(found.cues) == 14
    assert (found.cues[0].span, found.cues[0].text) == (
        Span(Fraction(149, 2), Fraction(151, 2)),
        "Okay.",
    )
    (found,) = read(
        "whisper-log", "[0.00s -> 2.00s] a\n[01:00:02.500 --> 01:00:03.000]  b\n"
    ).tracks
    assert [float(c.span.start) for c in found.cues] == [0, 3602.5]


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        ((FORMATS / "lrc" / "lyric.lrc").read_bytes(), "lrc"),
        ((FORMATS / "microdvd" / "sample.sub").read_bytes(), "sub"),
        ((FORMATS / "whisper" / "faster_whisper_stdout.txt").read_bytes(), "log"),
        (b"[10][25]/One|two\n", "mpl"),
        (b"00:00:01:One\n00:00:02:two\n", "tmp"),
        (b"0:00:01.000,0:00:02.500\nOne\n", "sbv"),
        (json.dumps(WHISPERX).encode(), "json"),
        ((FORMATS / "ssa" / "script_v4.ssa").read_bytes(), "ass"),
    ],
)
def test_a_format_is_known_by_its_content(data: bytes, extension: str) -> None:
    found = reader_of_content(data)
    assert found is not None
    assert found.extension == extension


@pytest.mark.parametrize("name", [*NAMES, "json", "whisper-log"])
def test_hostile_text_is_read_in_linear_time(name: str) -> None:
    heads = {
        "sbv": "0:00:01.000,0:00:02.000\n",
        "lrc": "[00:01.00]",
        "microdvd": "{1}{1}25\n{1}{2}",
        "mpl2": "[1][2]",
        "tmplayer": "00:00:01:",
        "json": "",
        "whisper-log": "[0 -> 1]",
    }
    for part in (
        "{y:i}a|",
        "[00:01.00]",
        "<00:02.00>a",
        "/|",
        "[",
        "{1}{2}\n",
        "a\n",
        '{"segments":[',
    ):
        try:
            found = read(name, heads[name] + part * 20_000)
        except FormatError:
            continue
        if name != "whisper-log":
            assert len(written(name, found.tracks[0])) < 2_000_000


@settings(max_examples=30)
@given(styled_tracks({Feature.ITALIC: [("", "")], Feature.COLOR: [("#ff0000ff", "")]}, "ab c\n"))
def test_microdvd_keeps_what_holds_for_lines(made: Track) -> None:
    (found,) = read("microdvd", written("microdvd", made)).tracks
    lost = told("microdvd", made)
    if not lost:
        assert [letters(c) for c in found.cues] == [letters(c) for c in made.cues]
    assert [c.lines for c in found.cues] == [c.lines for c in made.cues]
