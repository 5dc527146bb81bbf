"""Reading quickly and reading with the place kept say the same."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from subkit.errors import SubkitError
from subkit.model import Cue, Project, canonical, from_plain, to_plain
from subkit.model.plain import _from_plain
from tests.builders.stores import sample

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = json.loads(canonical(sample()))
ODD = st.sampled_from([None, True, 1, 1.5, "", "x", "1/0", "3/2", [], [1], {}, {"start": "1"}])


def outcome(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except SubkitError as error:
        return error.message


def both(kind: type[Any], data: Any) -> tuple[Any, Any]:
    return outcome(lambda: from_plain(kind, data)), outcome(lambda: _from_plain(kind, data, ""))


def test_a_whole_project() -> None:
    quick, slow = both(Project, PLAIN)
    assert quick == slow == sample()


@settings(max_examples=150)
@given(data=st.data())
def test_a_cue_with_anything_odd_in_it(data: st.DataObject) -> None:
    cue = json.loads(json.dumps(PLAIN["tracks"][0]["cues"][0]))
    place: Any = cue
    while True:
        name = data.draw(st.sampled_from(sorted(place)))
        if isinstance(place[name], dict) and place[name] and data.draw(st.booleans()):
            place = place[name]
            continue
        break
    change = data.draw(st.sampled_from(["set", "drop", "add"]))
    if change == "set":
        place[name] = data.draw(ODD)
    elif change == "drop":
        del place[name]
    else:
        place["stranger"] = 1
    quick, slow = both(Cue, cue)
    assert quick == slow


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Holds values of its own class."""

    name: str
    branches: tuple[Branch, ...] = ()


def test_a_class_that_holds_its_own() -> None:
    tree = Branch(name="a", branches=(Branch(name="b", branches=(Branch(name="c"),)),))
    assert from_plain(Branch, to_plain(tree)) == tree
