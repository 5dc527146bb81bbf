"""What edits refuse, and what they do at their edges."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from subkit.edit import approve, comment, lock, merge, omit, place, resolve, retext
from subkit.edit.comparison import compare_tracks
from subkit.edit.content import track_digest
from subkit.errors import InputError
from subkit.model import Origin, Span, Track
from tests.edit.test_edits import HAND, ids, project


@pytest.mark.parametrize(("vertical", "horizontal"), [("high", "left"), ("top", "far"), ("x", "y")])
def test_a_place_is_right_in_both_ways_or_refused(vertical: str, horizontal: str) -> None:
    with pytest.raises(InputError, match="not a place"):
        place(project(), "en", "c1", HAND, vertical=vertical, horizontal=horizontal)


def test_a_merged_text_is_a_machines_where_one_part_is() -> None:
    mixed = retext(project(), "en", "c1", ["Mine."], HAND)
    made = merge(mixed, "en", "c1", "c2", HAND).track("en").cue("c1").provenance
    assert made is not None
    assert made.origin is Origin.MT
    both = retext(mixed, "en", "c2", ["Mine too."], HAND)
    made = merge(both, "en", "c1", "c2", HAND).track("en").cue("c1").provenance
    assert made is not None
    assert made == both.track("en").cue("c1").provenance, "the first of two people's"
    track = both.track("en")
    cues = (replace(track.cues[0], provenance=None), *track.cues[1:])
    unknown = both.with_track(replace(track, cues=cues))
    made = merge(unknown, "en", "c1", "c2", HAND).track("en").cue("c1").provenance
    assert made == both.track("en").cue("c2").provenance


@pytest.mark.parametrize("sealed", ["c1", "c2"])
def test_translations_are_merged_along_only_where_both_are_open(sealed: str) -> None:
    assert ids(merge(project(), "en", "c1", "c2", HAND), "ko") == ["c1", "c3"]
    for kept in (lock(project(), "ko", sealed), approve(project(), "ko", "x", HAND, cues=[sealed])):
        merged = merge(kept, "en", "c1", "c2", HAND)
        assert ids(merged, "ko") == ["c1", "c2", "c3"]
        assert merged.track("ko").cue(sealed) == kept.track("ko").cue(sealed)


@pytest.mark.parametrize("reason", ["", "  "])
def test_an_omission_is_taken_back_by_an_empty_reason(reason: str) -> None:
    span = Span(Fraction(1), Fraction(2))
    told = omit(project(), span, " laughter ", HAND)
    assert [(o.reason, o.actor) for o in told.omissions] == [("laughter", "Kim")]
    assert omit(told, span, reason, HAND).omissions == ()


def test_a_digest_of_some_cues_is_of_those_alone() -> None:
    track = project().track("en")
    other = replace(track, cues=(*track.cues[:2], replace(track.cues[2], lines=("Other.",))))
    assert track_digest(track, ["c1", "c2"]) == track_digest(other, ["c1", "c2"])
    assert track_digest(track, ["c3"]) != track_digest(other, ["c3"])
    assert track_digest(track) != track_digest(other)
    assert track_digest(track) == track_digest(track, ["c1", "c2", "c3"])


def test_cues_of_files_are_paired_by_text_whatever_their_numbers() -> None:
    cues = project().track("en").cues
    old = Track(id="a", language="en", cues=tuple(replace(c, id=c.id[1:]) for c in cues))
    new = replace(old, cues=tuple(replace(c, id=str(int(c.id) - 1)) for c in old.cues[1:]))
    (change,) = compare_tracks(old, new)
    assert (change.fields, change.cue.id) == (("removed",), "1")


def test_one_comment_is_settled_and_the_others_stay_open() -> None:
    noted = project()
    for text in ("One?", "Two?", "Three?"):
        noted = comment(noted, "en", "c1", text, HAND)
    settled = resolve(noted, "en", "c1", 1)
    assert [c.resolved for c in settled.track("en").cue("c1").comments] == [False, True, False]
    again = resolve(settled, "en", "c1", 1, resolved=False)
    assert again.track("en").cue("c1").comments == noted.track("en").cue("c1").comments


@pytest.mark.parametrize(
    ("first", "second", "both"),
    [(0.5, 0.25, 0.25), (0.25, 0.5, 0.25), (None, 0.5, None), (0.5, None, None)],
)
def test_a_merged_cue_is_as_sure_as_its_least_sure_part(
    first: float | None, second: float | None, both: float | None
) -> None:
    track = project().track("en")
    sure = (replace(track.cues[0], confidence=first), replace(track.cues[1], confidence=second))
    made = project().with_track(replace(track, cues=(*sure, track.cues[2])))
    assert merge(made, "en", "c1", "c2", HAND).track("en").cue("c1").confidence == both
