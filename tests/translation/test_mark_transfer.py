"""Marks go over to a translation where nobody has to guess."""

from __future__ import annotations

from fractions import Fraction

import pytest

from subkit.model import Cue, Feature, Mark, Span
from subkit.translation.mark_transfer import lost_marks, translated_marks


def cue(text: str, *marks: Mark) -> Cue:
    span = Span(Fraction(1), Fraction(2))
    return Cue(id="c1", span=span, lines=tuple(text.split("\n")), marks=marks)


def mark(start: int, end: int, feature: Feature = Feature.ITALIC, value: str = "") -> Mark:
    return Mark(start=start, end=end, feature=feature, value=value)


@pytest.mark.parametrize(
    ("source", "start", "end", "target", "marked"),
    [
        ("Emma, run.", 0, 10, "엠마, 뛰어.", "엠마, 뛰어."),
        ("Emma, run.", 0, 9, "엠마, 뛰어.", "엠마, 뛰어."),
        ("One.\nTwo.", 0, 9, "Eins und zwei.", "Eins und zwei."),
        ("The Titanic sinks.", 4, 11, "Die Titanic sinkt.", "Titanic"),
        ("- Run!\n- Why?", 9, 13, "- Lauf!\n- Warum?", "- Warum?"),
        ("- Run!\n- Why?", 0, 6, "- Lauf!\n- Warum?", "- Lauf!"),
        ("I said now.", 7, 10, "Ich sagte jetzt.", None),
        ("No, no Titanic, no.", 7, 14, "Titanic, Titanic.", None),
        ("Emma, run.", 0, 10, "", None),
    ],
)
def test_a_mark_goes_over(
    source: str, start: int, end: int, target: str, marked: str | None
) -> None:
    lines = tuple(target.split("\n")) if target else ()
    found = translated_marks(cue(source, mark(start, end)), lines)
    assert [target[m.start : m.end] for m in found] == ([] if marked is None else [marked])


def test_a_reading_stays_with_its_letters() -> None:
    ruby = mark(0, 2, Feature.RUBY, "かんじ")
    source = cue("漢字", ruby)
    assert translated_marks(source, ("Chinese letters",)) == ()
    assert lost_marks(source, cue("Chinese letters")) == []


def test_an_override_before_the_text_stays_before_it() -> None:
    blur = Mark(start=0, end=0, feature=Feature.OPAQUE, value="{\\blur2}", how="ass")
    assert translated_marks(cue("One two.", blur), ("Eins.",)) == (blur,)


def test_only_what_the_translation_has_not_is_lost() -> None:
    source = cue("The Titanic sank now.", mark(4, 11), mark(17, 20, Feature.BOLD))
    target = cue("Die Titanic sank jetzt.", *translated_marks(source, ("Die Titanic sank jetzt.",)))
    assert [m.feature for m in lost_marks(source, target)] == [Feature.BOLD]
