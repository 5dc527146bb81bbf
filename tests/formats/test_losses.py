from __future__ import annotations

from fractions import Fraction

from subkit.formats.losses import losses_of, told_losses
from subkit.model import Carried, Cue, Feature, Mark, Placement, Span, Track


def cue(number: int, *marks: Mark, **more: object) -> Cue:
    span = Span(Fraction(number), Fraction(number + 1))
    return Cue(id=str(number), span=span, lines=("text",), marks=marks, **more)  # type: ignore[arg-type]


def test_losses_are_counted_by_feature_and_name_their_cues() -> None:
    red = Mark(start=0, end=2, feature=Feature.COLOR, value="#ff0000ff")
    blue = Mark(start=2, end=4, feature=Feature.COLOR, value="#0000ffff")
    ruby = Mark(start=0, end=4, feature=Feature.RUBY, value="reading")
    track = Track(id="ja", language="ja", cues=(cue(4, red, blue), cue(9, red), cue(12, ruby)))
    losses = losses_of(track, {"italic"}, format="srt")
    assert told_losses(losses) == "3 colours, 1 ruby (cues 4, 9, 12)"
    assert losses_of(track, {"color", "ruby"}, format="srt") == ()


def test_what_a_format_carries_of_its_own_is_no_loss() -> None:
    opaque = Mark(start=0, end=0, feature=Feature.OPAQUE, value="{\\blur2}", how="ass")
    note = Carried(format="vtt", kind="note", text="NOTE by Kim")
    track = Track(id="en", language="en", cues=(cue(1, opaque),), carried=(note,))
    assert told_losses(losses_of(track, (), format="ass")) == "1 block of the source file"
    assert told_losses(losses_of(track, (), format="vtt")) == (
        "1 override of another format (cue 1)"
    )


def test_places_and_speakers_are_features_too() -> None:
    placed = cue(1, placement=Placement(vertical="top"), speaker="Kim", forced=True)
    track = Track(id="en", language="en", cues=(placed,))
    assert [loss.feature for loss in losses_of(track, ())] == ["place", "speaker", "forced"]
