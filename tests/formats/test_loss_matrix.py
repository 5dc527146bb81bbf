"""What each format holds: a cue with one feature is written to each, and read back.

The table in ``docs/formats.md`` is what this finds. A writer that neither holds a feature nor names
it as lost fails here.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from subkit.formats import known_formats, reader_for, writer_for
from subkit.formats.losses import FEATURES
from subkit.interfaces.file_contents import FileReader, FileWriter, ReadRequest, WriteRequest
from subkit.model import Area, Cue, Fade, Feature, FrameRate, Media, Placement, Span, Track
from tests.styled import marked

DOCS = Path(__file__).parents[2] / "docs" / "formats.md"
BEGIN, END = "<!-- what each format holds -->\n", "<!-- end of what each format holds -->"
RATE = FrameRate(Fraction(25))
MEDIA = Media(
    path="/film.mkv", digest="", duration=Fraction(100), frame_rate=RATE, width=1920, height=1080
)
ONE = Cue(id="probe", span=Span(Fraction(4), Fraction(8)), lines=("two words", "more"))
OTHER = Cue(id="other", span=Span(Fraction(20), Fraction(22)), lines=("plain",))
HALF = Fraction(1, 2)
FADE = Fade(up=RATE.time(12), down=RATE.time(6))
MARKS = {
    "italic": ("", ""),
    "bold": ("", ""),
    "underline": ("", ""),
    "strike": ("", ""),
    "color": ("#ffff00ff", ""),
    "background": ("#0000ffff", ""),
    "outline": ("#ff0000ff", ""),
    "font": ("Arial", ""),
    "size": ("24", "points"),
    "ruby": ("reading", ""),
    "emphasis": ("filled dot before", ""),
    "combine": ("all", ""),
    "shear": ("16.67", ""),
    "language": ("fr", ""),
    "voice": ("Ana", ""),
    "css_class": ("loud", ""),
    "delay": ("2", ""),
}
PROBES: dict[str, Cue] = {
    **{
        name: replace(ONE, marks=(marked(0, 9, Feature(name), *value),))
        for name, value in MARKS.items()
    },
    "size in per cent": replace(ONE, marks=(marked(0, 9, Feature.SIZE, "150"),)),
    "half-clear colour": replace(ONE, marks=(marked(0, 9, Feature.COLOR, "#ffff0080"),)),
    "place": replace(ONE, placement=Placement(vertical="top")),
    "area": replace(
        ONE, placement=Placement(area=Area(x=HALF / 2, y=HALF, width=HALF, height=HALF / 2))
    ),
    "vertical": replace(
        ONE, placement=Placement(vertical="top", horizontal="right", writing="vertical-rl")
    ),
    "speaker": replace(ONE, speaker="Ana"),
    "cue language": replace(ONE, language="fr"),
    "forced": replace(ONE, forced=True),
    "fade": replace(ONE, fade=FADE),
    "mode": replace(ONE, mode="roll-up 2"),
    "line break": ONE,
    "cue id": ONE,
}
"""A cue for each feature. What depends on its source or its letters (opaque marks, carried blocks,
named styles, regions, letters, overlaps, times) is in the tests of each format."""
UNTOLD = frozenset({"cue id"})
"""Lost without being counted: a name that nobody sees."""


def _held(name: str, track: Track) -> bool:
    """Whether a feature is in what was read back."""
    feature, found = _feature(name), track.cues
    if name == "half-clear colour":
        return any(mark.value == "#ffff0080" for mark in found[0].marks)
    if feature in MARKS:
        marks = [mark for cue in found for mark in cue.marks if mark.feature.value == feature]
        exact = feature in ("color", "background", "outline", "ruby", "voice", "language")
        if feature in ("voice", "language") and not marks:
            return any(getattr(cue, "speaker" if feature == "voice" else feature) for cue in found)
        return any(not exact or mark.value == MARKS[feature][0] for mark in marks)
    cue = found[0]
    return {
        "place": lambda: cue.placement.vertical == "top",
        "area": lambda: cue.placement.area is not None or cue.placement.cell is not None,
        "vertical": lambda: cue.placement.writing == "vertical-rl",
        "speaker": lambda: cue.speaker == "Ana",
        "cue language": lambda: cue.language == "fr",
        "forced": lambda: cue.forced,
        "fade": lambda: cue.fade == FADE,
        "mode": lambda: cue.mode == "roll-up 2",
        "line break": lambda: len(cue.lines) == 2,
        "cue id": lambda: cue.id == "probe",
    }[feature]()


def _feature(name: str) -> str:
    """The key of a probe's feature."""
    return {"size in per cent": "size", "half-clear colour": "color"}.get(name, name)


@cache
def outcome(name: str, feature: str) -> str:
    """``kept``, ``written`` (nothing reads it back), ``lost``, or ``silent``: lost and not told."""
    writer = writer_for(name)
    assert isinstance(writer, FileWriter)
    track = Track(id="en", language="en", cues=(PROBES[feature], OTHER))
    written = writer.write_file(track, MEDIA, WriteRequest())
    told = any(loss.feature == _feature(feature) for loss in written.losses)
    facts = next(facts for facts in known_formats() if facts.name == name)
    if not facts.reads:
        return "lost" if told else "written"
    reader = reader_for(name)
    if isinstance(reader, FileReader):
        request = ReadRequest(name="a", language="en", rate=RATE)
        found = reader.read_file(written.data, request).tracks[0]
    else:
        found = reader.read(written.data, name="a", language="en")[0]
    if told:
        return "lost"
    if _held(feature, found):
        return "kept"
    return "lost" if feature in UNTOLD else "silent"


def names() -> list[str]:
    """The formats that are written, but for those without times."""
    return [facts.name for facts in known_formats() if facts.writes and facts.name not in PLAIN]


PLAIN = ("txt", "tsv")
"""Text for programs: nothing but lines."""
SIGNS = {"kept": "●", "written": "○", "lost": "·"}


def table() -> str:
    """The table as it stands in the documentation."""
    columns = names()
    rows = ["| | " + " | ".join(columns) + " |", "|---" * (len(columns) + 1) + "|"]
    for feature in PROBES:
        signs = " | ".join(SIGNS.get(outcome(name, feature), "?") for name in columns)
        rows.append(f"| {FEATURES.get(feature, (feature,))[0]} | {signs} |")
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("name", names())
def test_nothing_is_lost_in_silence(name: str) -> None:
    assert [feature for feature in PROBES if outcome(name, feature) == "silent"] == []


def test_the_documentation_has_the_table() -> None:
    text = DOCS.read_text("utf-8")
    found = text.partition(BEGIN)[2].partition(END)[0]
    assert found == table(), f"Put this into docs/formats.md:\n\n{table()}"


def test_every_feature_is_probed_or_named_as_an_exception() -> None:
    exceptions = {
        "opaque", "letters", "overlap", "times", "style", "region", "carried", "limit",
    }  # fmt: skip
    assert set(FEATURES) - set(map(_feature, PROBES)) == exceptions
