from __future__ import annotations

import pysubs2

import subkit
from subkit.model import Placement
from tests.styled import MEDIA, cue, marked, track


def test_a_track_goes_to_pysubs2_and_comes_back() -> None:
    made = track(
        cue("Hello world", marks=(marked(6, 11, subkit.Feature.ITALIC),)),
        cue("Above", number=2, placement=Placement(vertical="top")),
    )
    script = subkit.to_pysubs2(made, MEDIA)
    assert [event.plaintext for event in script] == ["Hello world", "Above"]
    script.shift(s=1)
    back = subkit.from_pysubs2(script, language="en")
    assert [(c.lines, c.marks, c.placement) for c in back.cues] == [
        (c.lines, c.marks, c.placement) for c in made.cues
    ]
    moved = [new.span.start - old.span.start for new, old in zip(back.cues, made.cues, strict=True)]
    assert moved == [1, 1]


def test_what_pysubs2_reads_becomes_a_track() -> None:
    script = pysubs2.SSAFile.from_string("{1}{1}25.0\n{25}{50}{y:i}Hello|World\n", "microdvd")
    (found,) = subkit.from_pysubs2(script).cues
    assert found.lines == ("Hello", "World")
    assert (float(found.span.start), float(found.span.end)) == (1, 2)
