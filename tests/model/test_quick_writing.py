"""A value written at once is the text that its plain data gives, and is read again as the same."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings

from subkit.model import Cue, Feature, Mark, Project, canonical, from_plain, to_plain
from subkit.model.content_digest import canonical_json
from subkit.model.quick_text import canonical_text
from tests.builders.stores import sample
from tests.builders.strategies import projects

CUE = sample().tracks[0].cues[0]
MARKED = replace(CUE, marks=(Mark(start=0, end=4, feature=Feature.ITALIC),), forced=True)


@settings(max_examples=60)
@given(projects)
def test_any_project(project: Project) -> None:
    text = canonical_text(project)
    assert text == canonical_json(to_plain(project))
    assert from_plain(Project, json.loads(text)) == project


def test_what_says_nothing_is_left_out_and_the_rest_is_not() -> None:
    assert '"marks"' not in canonical_text(CUE)
    assert canonical_text(MARKED) == canonical_json(to_plain(MARKED))
    assert '"forced":true' in canonical_text(MARKED)


@pytest.mark.parametrize(
    "field",
    [
        {"confidence": 1},
        {"confidence": float("nan")},
        {"confidence": True},
        {"locked": 1},
        {"lines": ["a list"]},
        {"lines": ("a", 1)},
        {"speaker": 7},
        {"placement": {"vertical": "top"}},
        {"marks": (Mark(start=True, end=Fraction(1), feature=Feature.BOLD),)},  # type: ignore[arg-type]
    ],
)
def test_what_is_not_of_its_type_is_not_written(field: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        canonical_text(replace(CUE, **field))


def test_values_that_are_no_dataclass_take_the_other_way() -> None:
    with pytest.raises(TypeError):
        canonical_text([CUE])
    assert canonical([CUE]) == f"[{canonical(CUE)}]"
    assert from_plain(Cue, json.loads(canonical(replace(CUE, confidence=1)))).confidence == 1.0
