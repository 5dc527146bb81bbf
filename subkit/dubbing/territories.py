"""How a territory divides dubbing into loops and counts it: rules as data, each with its source."""

from __future__ import annotations

from dataclasses import dataclass, fields
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, PlanError
from subkit.language.data_tables import read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SourcedRule", "Territory", "find_territory", "own_territory", "territory_ids"]

DEFAULT = "default"
_PACKAGE = "subkit.dubbing"
_FLAGS = ("scene_change", "count_directions", "single")
_COUNTS = ("max_lines", "max_lines_character", "max_lines_monologue", "line_characters")
_SECONDS = ("max_seconds", "min_seconds", "new_loop_pause", "setup_seconds", "work_ratio")
_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcedRule:
    """Where a rule of a territory comes from, and how sure that is (A to D)."""

    field: str
    value: Fraction | int | bool
    source: str
    sure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Territory:
    """How dubbing is divided and counted; ``None`` is no limit. See ``data/territories.toml``.

    Attributes:
        id: ISO 3166 country code, or the name of the user's own.
        name: In English.
        max_lines: Counted lines of a loop.
        max_lines_character: Of one character in a loop.
        max_lines_monologue: Of a loop in which one character speaks.
        max_seconds: A loop is no longer.
        min_seconds: A loop is no shorter, where its limits allow it.
        new_loop_pause: Seconds of silence that end a loop.
        scene_change: A shot change in a pause of three seconds ends a loop.
        line_characters: How wide a counted line is; ``None``: every line of the track counts one.
        count_directions: Performance notes count too.
        single: Every line is a loop of its own.
        setup_seconds: What a take costs beside its speech.
        work_ratio: How often its speech is gone over.
        rules: Where each of these comes from.
    """

    id: str
    name: str
    max_lines: int | None = None
    max_lines_character: int | None = None
    max_lines_monologue: int | None = None
    max_seconds: Fraction | None = None
    min_seconds: Fraction | None = None
    new_loop_pause: Fraction | None = None
    scene_change: bool = False
    line_characters: int | None = None
    count_directions: bool = False
    single: bool = False
    setup_seconds: Fraction = Fraction(60)
    work_ratio: Fraction = Fraction(10)
    rules: tuple[SourcedRule, ...] = ()

    def __post_init__(self) -> None:
        """Refuse rules that contradict each other.

        Raises:
            InputError: they do; names both.
        """
        for low, high in (
            ("min_seconds", "max_seconds"),
            ("max_lines_character", "max_lines"),
            ("max_lines_monologue", "max_lines"),
        ):
            first, second = getattr(self, low), getattr(self, high)
            if first is not None and second is not None and first > second:
                raise InputError(
                    f"The rules of territory {self.id!r} contradict each other: {low} is"
                    f" {float(first):g}, {high} is {float(second):g}.",
                    remedy=f"Lower {low} or raise {high}.",
                )


def territory_ids() -> tuple[str, ...]:
    """Return the ids of the territories that subkit knows."""
    return tuple(name for name in read_table("territories", _PACKAGE) if name != DEFAULT)


def find_territory(name: str = "") -> Territory:
    """Return a territory by its id; without one the rules that stand in where none is chosen.

    Raises:
        PlanError: there is none of that id; names the nearest.
    """
    table = read_table("territories", _PACKAGE)
    known = {one.casefold(): one for one in table}
    found = known.get(name.casefold() or DEFAULT)
    if found is None:
        near = _nearest(name, {one: table[one]["name"] for one in territory_ids()})
        hint = f"Did you mean {near}? " if near else ""
        raise PlanError(
            f"There is no territory {name!r:.40}.",
            remedy=f"{hint}Known are: {', '.join(territory_ids())}; or name a TOML file.",
            territory=name,
        )
    rules = {**table[DEFAULT]["rules"], **table[found].get("rules", {})}
    return _territory(found, table[found]["name"], _sourced(rules))


def _nearest(name: str, known: Mapping[str, str]) -> str:
    """Return the id of the country that begins like a name, else of the most like it."""
    asked = name.casefold()
    for one, country in known.items():
        if asked and (country.casefold().startswith(asked) or asked.startswith(country.casefold())):
            return one
    countries = {country.casefold(): one for one, country in known.items()}
    if like := get_close_matches(asked, countries, n=1):
        return countries[like[0]]
    near = get_close_matches(name.upper(), known, n=1, cutoff=0.4)
    return near[0] if near else ""


def own_territory(data: Mapping[str, Any], *, path: str) -> Territory:
    """Return a territory from a TOML file of the user's own.

    It has the rules of ``inherits`` (an id; none: the default ones) but for those that it gives a
    value: ``max_lines = 10``, or with a source ``max_lines = {value = 10, source = "…"}``.

    Args:
        data: What the file holds.
        path: The file, for errors.

    Raises:
        InputError: a rule that is not known, or a value that cannot be.
        PlanError: there is no territory to inherit.
    """
    parent = find_territory(str(data.get("inherits", "")))
    rules = {rule.field: rule for rule in parent.rules}
    meta = ("id", "name", "inherits")
    for field, value in data.items():
        if field in meta:
            continue
        if field not in (*_FLAGS, *_COUNTS, *_SECONDS):
            near = get_close_matches(field, (*_FLAGS, *_COUNTS, *_SECONDS), n=1)
            raise InputError(
                f"{path}: {field!r:.60} is not a rule of a territory.",
                remedy=f"Did you mean {near[0]}?" if near else "See docs/dubbing.md.",
            )
        given = value if isinstance(value, dict) else {"value": value}
        source, sure = str(given.get("source", "your own file")), str(given.get("sure", "A"))
        rules[field] = SourcedRule(
            field=field, value=_checked(field, given.get("value"), path), source=source, sure=sure
        )
    name = str(data.get("name", data.get("id", "own")))
    return _territory(str(data.get("id", name)), name, tuple(rules.values()))


def _sourced(rules: Mapping[str, Any]) -> tuple[SourcedRule, ...]:
    return tuple(
        SourcedRule(
            field=field,
            value=_checked(field, rule["value"], field),
            source=rule["source"],
            sure=rule["sure"],
        )
        for field, rule in rules.items()
    )


def _territory(name: str, title: str, rules: tuple[SourcedRule, ...]) -> Territory:
    known = {field.name for field in fields(Territory)}
    values: dict[str, Any] = {rule.field: rule.value for rule in rules if rule.field in known}
    return Territory(id=name, name=title, rules=rules, **values)


def _checked(field: str, value: object, path: str) -> Fraction | int | bool:
    if field in _FLAGS and isinstance(value, bool):
        return value
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and field in _COUNTS and isinstance(value, int) and 0 < value <= _MOST:
        return value
    if number and field in _SECONDS and 0 < float(str(value)) <= _MOST:
        return Fraction(str(value))
    raise InputError(
        f"{path}: {field} cannot be {value!r:.40}.",
        remedy="Give true or false." if field in _FLAGS else "Give a number above 0.",
    )
