"""Tags and labels are taken off before translation and put back after it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.language import normalize_spaces
from subkit.model import Track
from subkit.translation import build_units, dress, find_tags, undress
from tests.translation.fakes import Fake, cue, translated


@pytest.mark.parametrize(
    ("lines", "bare"),
    [
        (("<i>The old man</i>",), ("The old man",)),
        ((r"{\an8}Exit",), ("Exit",)),
        (("<i>One</i>", "<b>two</b>"), ("One", "two")),
        (("I <3 you", "a < b > c"), ("I <3 you", "a < b > c")),
        (("JOHN: Where is", "the key?"), ("Where is", "the key?")),
        (("<i>MR. BROWN: Go.</i>",), ("Go.",)),
        (("OK: go.", "{not a tag}"), ("go.", "{not a tag}")),
        (("WARNING: KEEP OUT",), ("WARNING: KEEP OUT",)),
        (("He said: go.",), ("He said: go.",)),
        (("10:30",), ("10:30",)),
        (("JOHN: Hi.", "MARY: Hello."), ("JOHN: Hi.", "MARY: Hello.")),
        (("- JOHN: Hi.", "- Hello."), ("- JOHN: Hi.", "- Hello.")),
        (("<i></i>",), ()),
    ],
)
def test_only_words_are_left(lines: tuple[str, ...], bare: tuple[str, ...]) -> None:
    naked, dressing = undress(cue(1, *lines))
    assert naked.lines == bare
    if bare:
        assert normalize_spaces(" ".join(dress(bare, dressing, "en"))) == " ".join(lines)


@pytest.mark.parametrize(
    ("source", "result"),
    [
        (("<i>The old man waits.</i>",), ("<i>THE OLD MAN WAITS.</i>",)),
        ((r"{\an8}<i>Go home.</i>",), (r"{\an8}<i>GO HOME.</i>",)),
        (("I <i>never</i> said so.",), ("I <i>NEVER</i> SAID SO.",)),
        (("JOHN: Go home now.",), ("JOHN: GO HOME NOW.",)),
        (("<i>JOHN: Go.</i>",), ("<i>JOHN: GO.</i>",)),
        (("♪ <i>Go home</i> ♪",), ("♪ <i>GO HOME</i> ♪",)),
        (("- <i>Who?</i>", "- Me."), ("- <i>WHO?</i>", "- ME.")),
        (("<i>- Who?</i>", "- Me, <b>John</b>."), ("<i>- WHO?</i>", "- ME, <b>JOHN</b>.")),
        (("♪ Go home ♪", "♪ and stay ♪"), ("♪ GO HOME ♪ ♪ AND STAY ♪",)),
        (("JOHN: Who?", "MARY: Me."), ("JOHN: WHO?", "MARY: ME.")),
        (("- JOHN: Who?", "- MARY: Me."), ("- JOHN: WHO?", "- MARY: ME.")),
        (("(JOHN) Go.",), ("(JOHN) GO.",)),
        (("[DOOR SLAMS]",), ("[DOOR SLAMS]",)),
    ],
)
def test_everything_comes_back(source: tuple[str, ...], result: tuple[str, ...]) -> None:
    assert translated(cue(1, *source)).cues[0].lines == result


def test_the_translator_sees_no_tag_and_no_label() -> None:
    fake = Fake()
    translated(cue(1, "<i>JOHN: The old"), cue(2, r"{\an8}man</i> left."), translator=fake)
    assert fake.calls[0][0] == ["The old man left."]


def test_a_label_begins_a_unit() -> None:
    track = Track(id="en", language="en", cues=(cue(1, "Where is"), cue(2, "ANNA: the key?")))
    assert [unit.cues for unit in build_units(track)] == [("c1",), ("c2",)]


def test_tags_go_with_their_cue() -> None:
    track = translated(cue(1, "<i>The old man</i>"), cue(2, "<i>is waiting here.</i>"))
    assert all(c.text.startswith("<i>") and c.text.endswith("</i>") for c in track.cues)


def test_an_inner_tag_never_closes_before_a_word() -> None:
    table = {"I never said so.": [("No.", -0.1), ("Jamás lo dije yo, nunca.", -0.2)]}
    (made,) = translated(cue(1, "I <i>never</i> said so."), translator=Fake(table)).cues
    assert made.text == "<i>No.</i>"
    assert [a.text for a in made.alternatives] == ["<i>Jamás lo</i> dije yo, nunca."]


PIECES = st.lists(
    st.sampled_from(
        ["<i>", "</i>", "<b>", "</b>", r"{\\an8}", "go", "home.", "- ", "♪", "ANNA: ", "no"]
    ),
    max_size=9,
)


@given(st.lists(st.tuples(PIECES, PIECES), max_size=5), st.sampled_from(["es", "ko", "ja"]))
def test_no_tag_label_dash_or_note_is_lost(
    shapes: list[tuple[list[str], list[str]]], target: str
) -> None:
    cues = [cue(i, *filter(None, map(" ".join, lines))) for i, lines in enumerate(shapes)]
    track = translated(*cues, target=target)
    said = "".join(c.text for c in cues)
    assert "".join(c.text for c in track.cues).count("ANNA:") == said.count("ANNA:")
    for source, made in zip(cues, track.cues, strict=True):
        if not made.lines:
            continue
        assert Counter(find_tags(made.text)) == Counter(find_tags(source.text))
        assert made.text.count("♪") == source.text.count("♪")


def test_sung_sentences_go_on_over_cues_with_their_notes() -> None:
    fake = Fake()
    track = translated(cue(1, "♪ The old man ♪"), cue(2, "♪ is waiting. ♪"), translator=fake)
    assert fake.calls[0][0] == ["The old man is waiting."]
    assert [c.text for c in track.cues] == ["♪ THE OLD MAN ♪", "♪ IS WAITING. ♪"]
