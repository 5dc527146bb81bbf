"""Which formats there are: a row for each, its reader and writer loaded when they are needed."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from subkit.errors import PlanError
from subkit.formats.sniffing import format_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.interfaces import Reader, Writer

__all__ = [
    "FormatFacts",
    "format_facts",
    "known_formats",
    "reader_for",
    "reader_of_content",
    "writer_for",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatFacts:
    """What a user wants to know of a format before choosing it.

    Attributes:
        name: Its name on the command line: usually its file extension.
        extension: The extension of its files, without the dot.
        title: Its full name.
        reader: ``"module:attribute"`` of what makes its reader; empty where it is not read.
        writer: The same of its writer.
        note: Whether a written file has a place for the disclosure of how it was made.
        also: Other extensions that its files are found under.
    """

    name: str
    extension: str
    title: str
    reader: str = ""
    writer: str = ""
    note: bool = False
    also: tuple[str, ...] = ()

    @property
    def reads(self) -> bool:
        """Whether subkit reads it."""
        return bool(self.reader)

    @property
    def writes(self) -> bool:
        """Whether subkit writes it."""
        return bool(self.writer)


def _row(
    name: str,
    title: str,
    module: str,
    *,
    reader: str = "",
    writer: str = "",
    note: bool = False,
    extension: str = "",
    also: Iterable[str] = (),
) -> FormatFacts:
    place = f"subkit.formats.{module}:"
    return FormatFacts(
        name=name,
        extension=extension or name,
        title=title,
        reader=place + reader if reader else "",
        writer=place + writer if writer else "",
        note=note,
        also=tuple(also),
    )


def _piped(name: str, extension: str, title: str, maker: str) -> FormatFacts:
    place = "subkit.formats.piped_"
    return FormatFacts(
        name=name,
        extension=extension,
        title=title,
        reader=f"{place}lines:{maker}Reader",
        writer=f"{place}writers:{maker}Writer",
    )


_FORMATS: tuple[FormatFacts, ...] = (
    _row("srt", "SubRip", "srt", reader="SrtReader", writer="SrtWriter"),
    _row("vtt", "WebVTT", "webvtt", reader="WebVttReader", writer="WebVttWriter", note=True),
    _row(
        "ass",
        "Advanced SubStation Alpha",
        "ass",
        reader="AssReader",
        writer="AssWriter",
        note=True,
    ),
    _row("ssa", "SubStation Alpha", "ass", reader="SsaReader", writer="SsaWriter", note=True),
    _row("scc", "Scenarist closed captions", "scc", reader="SccReader", writer="SccWriter"),
    _row("mcc", "MacCaption, CEA-608 and CEA-708", "mcc", reader="MccReader", writer="MccWriter"),
    _row(
        "imsc",
        "IMSC 1.1 text (TTML)",
        "ttml",
        reader="TtmlReader",
        writer="ImscWriter",
        note=True,
        extension="ttml",
    ),
    _row(
        "ebuttd",
        "EBU-TT-D",
        "ttml",
        reader="TtmlReader",
        writer="EbuTtDWriter",
        note=True,
        extension="xml",
    ),
    _row(
        "smptett",
        "SMPTE-TT",
        "ttml",
        reader="TtmlReader",
        writer="SmpteTtWriter",
        note=True,
        extension="xml",
    ),
    _row(
        "itt",
        "iTunes Timed Text",
        "ttml",
        reader="TtmlReader",
        writer="IttWriter",
        note=True,
    ),
    _row(
        "netflix",
        "TTML1 as Netflix takes it",
        "ttml",
        reader="TtmlReader",
        writer="NetflixWriter",
        note=True,
        extension="dfxp",
    ),
    _row(
        "netflix-ja",
        "Japanese IMSC 1.1 as Netflix takes it",
        "ttml",
        reader="TtmlReader",
        writer="NetflixJapaneseWriter",
        note=True,
        extension="xml",
    ),
    _row("smi", "SAMI", "sami", reader="SamiReader", writer="SamiWriter", note=True, also=["sami"]),
    _row(
        "dcinema",
        "D-cinema subtitles (SMPTE ST 428-7)",
        "dcinema",
        reader="DCinemaReader",
        writer="SmpteCinemaWriter",
        note=True,
        extension="xml",
    ),
    _row(
        "interop",
        "D-cinema subtitles (Interop)",
        "dcinema",
        reader="DCinemaReader",
        writer="InteropWriter",
        note=True,
        extension="xml",
    ),
    _row("sbv", "SubViewer as of YouTube", "sbv", reader="SbvReader", writer="SbvWriter"),
    _row("lrc", "Lyrics with times", "lrc", reader="LrcReader", writer="LrcWriter"),
    _piped("microdvd", "sub", "MicroDVD", "MicroDvd"),
    _piped("mpl2", "mpl", "MPL2", "Mpl2"),
    _piped("tmplayer", "tmp", "TMPlayer", "Tmplayer"),
    _row(
        "edl",
        "Markers in an EDL, of Resolve and Avid",
        "edl_markers",
        reader="EdlMarkerReader",
        writer="EdlMarkerWriter",
    ),
    _row(
        "fcpxml",
        "Captions and markers of Final Cut Pro",
        "fcpxml",
        reader="FcpxmlReader",
        writer="FcpxmlWriter",
        note=True,
    ),
    _row("fcp7", "Final Cut Pro 7 XML", "nle_markers", reader="XmemlReader", extension="xml"),
    _row("xmp", "Markers of Premiere in XMP", "nle_markers", reader="XmpReader"),
    _row("stl", "EBU STL, open and teletext", "stl", reader="StlReader", writer="StlWriter"),
    _row("txt", "Plain text, a line a cue", "whisper_text", writer="TxtWriter"),
    _row("tsv", "Tab-separated values as of openai-whisper", "whisper_text", writer="TsvWriter"),
    _row(
        "json",
        "JSON as of openai-whisper, with word times",
        "whisper_json",
        reader="WhisperJsonReader",
        writer="WhisperJsonWriter",
        note=True,
    ),
    _row(
        "whisper-log",
        "What faster-whisper prints",
        "whisper_log",
        reader="WhisperLogReader",
        extension="log",
    ),
)


def known_formats() -> tuple[FormatFacts, ...]:
    """Every format, in the order of the table in :mod:`subkit.formats`."""
    return _FORMATS


def format_facts(name: str) -> FormatFacts | None:
    """The format of a name or of a file extension; ``None`` where there is none."""
    wanted = name.strip().lower().removeprefix(".")
    tests = (
        lambda facts: wanted == facts.name,
        lambda facts: wanted == facts.extension,
        lambda facts: wanted in facts.also,
    )
    return next((facts for test in tests for facts in _FORMATS if test(facts)), None)


def writer_for(name: str) -> Writer:
    """The writer of a format.

    Args:
        name: Its name, or an extension of its files: ``"srt"``, ``".srt"`` or ``"SRT"``.

    Raises:
        PlanError: no format of that name is written; names the nearest.
    """
    return cast("Writer", _made(name, "write"))


def reader_for(name: str) -> Reader:
    """The reader of a format.

    Args:
        name: Its name, or an extension of its files: ``"srt"``, ``".srt"`` or ``"SRT"``.

    Raises:
        PlanError: no format of that name is read; names the nearest.
    """
    return cast("Reader", _made(name, "read"))


def reader_of_content(head: bytes) -> Reader | None:
    """The reader of a format by what stands in a file; ``None`` where nothing tells it.

    Args:
        head: The first bytes of the file.
    """
    name = format_of(head)
    return None if name is None else reader_for(name)


def _made(name: str, verb: str) -> Any:
    """What makes the reader or the writer of a format, called."""
    facts = format_facts(name)
    place = "" if facts is None else (facts.reader if verb == "read" else facts.writer)
    if not place:
        known = [f.name for f in _FORMATS if (f.reads if verb == "read" else f.writes)]
        wanted = name.strip().lower().removeprefix(".")
        nearest = get_close_matches(wanted, known, n=1)
        hint = f"Did you mean {nearest[0]!r}? " if nearest else ""
        raise PlanError(
            f"subkit does not {verb} the format {name!r}.",
            remedy=f"{hint}It can {verb}: {', '.join(known)}.",
            format=name,
            nearest=nearest[0] if nearest else None,
        )
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)()
