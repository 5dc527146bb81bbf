from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from subkit.formats.mark_runs import MarkBuilder, nested, runs
from subkit.model import Feature, Mark

TEXT = "Hallo Welt"
FEATURES = [Feature.ITALIC, Feature.BOLD, Feature.UNDERLINE]


def tags(mark: Mark) -> tuple[str, str] | None:
    name = mark.feature.value[0]
    return (f"<{name}>", f"</{name}>") if mark.start < mark.end else ("{x}", "")


def marked(start: int, end: int, feature: Feature) -> Mark:
    return Mark(start=start, end=end, feature=feature)


def test_overlapping_marks_are_closed_and_opened_again() -> None:
    marks = [marked(0, 5, Feature.ITALIC), marked(3, 8, Feature.BOLD)]
    assert nested(TEXT, marks, tags, str) == "<i>Hal<b>lo</b></i><b> We</b>lt"


def test_a_mark_of_no_width_stands_at_its_place() -> None:
    marks = [marked(6, 6, Feature.OPAQUE)]
    assert nested(TEXT, marks, tags, str) == "Hallo {x}Welt"
    assert [run.text for run in runs(TEXT, marks)] == [TEXT]


@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(1, 10), st.sampled_from(FEATURES)), max_size=8
    )
)
def test_tags_are_balanced_and_hold_where_marks_do(found: list[tuple[int, int, Feature]]) -> None:
    marks = [marked(start, end, feature) for start, end, feature in found if start < end]
    open_now: list[str] = []
    at = 0
    for part in re.findall(r"</?\w>|[^<]", nested(TEXT, marks, tags, str)):
        if part.startswith("</"):
            assert open_now.pop() == part[2]
        elif part.startswith("<"):
            open_now.append(part[1])
        else:
            assert part == TEXT[at]
            holding = {m.feature.value[0] for m in marks if m.start <= at < m.end}
            assert set(open_now) == holding
            at += 1
    assert open_now == []
    assert at == len(TEXT)
    assert "".join(run.text for run in runs(TEXT, marks)) == TEXT


def test_a_builder_closes_tags_that_do_not_nest() -> None:
    builder = MarkBuilder()
    builder.begin(Feature.ITALIC, tag="i")
    builder.write("ab")
    builder.begin(Feature.BOLD, tag="b")
    builder.write("c")
    assert builder.end("i")
    assert not builder.end("u")
    builder.write("d")
    assert builder.finish() == (
        "abcd",
        (marked(0, 3, Feature.ITALIC), marked(2, 4, Feature.BOLD)),
    )
