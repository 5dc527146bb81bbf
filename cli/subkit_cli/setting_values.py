"""Values of settings, from flags, variables and TOML: each parser says what it takes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit_cli.command_table import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = [
    "OneOf",
    "RefusedValue",
    "at_least_one",
    "channel_of",
    "hint",
    "number_between",
    "paths_of",
    "shots_of",
    "whole_number",
    "words_of",
    "yes_or_no",
]


def words_of(value: Any) -> tuple[str, ...]:
    """The items of a TOML list or of a text with commas."""
    items = value if isinstance(value, list) else str(value).split(",")
    return tuple(str(item).strip() for item in items if str(item).strip())


def paths_of(value: Any) -> tuple[Path, ...]:
    """Likewise, as paths."""
    return tuple(Path(name) for name in words_of(value))


_MOST = 1024  # of beams, windows …: more would fill the memory and never end


class RefusedValue(Exception):  # noqa: N818 - it says what is taken instead
    """A value cannot be read; the message says what the setting takes."""


def whole_number(value: Any, least: int = 0) -> int:
    """A whole number from ``least`` on."""
    takes = f"a whole number from {least} to {_MOST}"
    if isinstance(value, (bool, float)):  # of TOML; int() would take them silently
        raise RefusedValue(takes)
    try:
        number = int(value)
    except (ValueError, TypeError):
        raise RefusedValue(takes) from None
    if not least <= number <= _MOST:
        raise RefusedValue(takes)
    return number


def number_between(low: float, high: float) -> Callable[[Any], float]:
    """A parser of numbers from ``low`` to ``high``."""

    def parse(value: Any) -> float:
        takes = f"a number from {low:g} to {high:g}"
        if isinstance(value, bool):
            raise RefusedValue(takes)
        try:
            number = float(value)
        except (ValueError, TypeError, OverflowError):
            raise RefusedValue(takes) from None
        if not low <= number <= high:
            raise RefusedValue(takes)
        return number

    return parse


def at_least_one(value: Any) -> int:
    """A whole number from 1 on."""
    return whole_number(value, least=1)


def yes_or_no(value: Any) -> bool:
    """A switch as people write it."""
    if isinstance(value, bool):
        return value
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    if str(value).lower() not in words:
        raise RefusedValue("yes or no")
    return words[str(value).lower()]


@dataclass(frozen=True, slots=True)
class OneOf:
    """A parser that takes one of some names."""

    names: tuple[str, ...]

    def __call__(self, value: Any) -> str:
        """The value, known to be one of them."""
        if value not in self.names:
            near = hint(str(value), self.names)
            raise RefusedValue(f"{', '.join(self.names[:-1])} or {self.names[-1]}{near}")
        return str(value)


_CHANNEL = OneOf(("auto", "center", "left", "right", "mix"))


def channel_of(value: Any) -> str | int:
    """A channel by its name, or by its number."""
    if isinstance(value, int) or str(value).isdecimal():
        return whole_number(value)
    try:
        return _CHANNEL(value)
    except RefusedValue as error:
        raise RefusedValue(f"a channel's number, {error}") from None


def hint(word: str, known: Iterable[str]) -> str:
    """A question in brackets with the nearest known word; empty where none is near."""
    found = nearest(word, known)
    return f" (did you mean {found!r}?)" if found else ""


def shots_of(value: Any) -> Any:
    """``auto``, ``none`` or the path of a list of shot changes."""
    return value if value in ("auto", "none") else Path(value)
