"""A number of a house style: what it may be, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.model import exact_number

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FIELDS", "GROUPS", "Layer", "Note", "StyleNumber", "Value", "read_value"]

Value = int | Fraction | str | bool | None

GROUPS = ("shots", "text")
"""Fields of a profile that have fields of their own: ``shots.in_after``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleNumber:
    """A value with its sources and confidence (A read … D own proposal)."""

    value: Value
    confidence: str
    sources: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a guide says that no number of a profile holds."""

    about: str
    text: str
    confidence: str
    sources: tuple[str, ...]
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One style without what it inherits.

    Attributes:
        id: Its id.
        name: What people call it.
        inherits: Id of the style underneath, ``None`` for the bottom.
        general: Rules for every language, by field.
        languages: Rules by language tag; ``"default"`` holds where a language has none.
        notes: What else its guide says.
        user: Written by the user, who means what is written for every language.
    """

    id: str
    name: str
    inherits: str | None
    general: dict[str, StyleNumber]
    languages: dict[str, dict[str, StyleNumber]]
    notes: tuple[Note, ...] = ()
    user: bool = False


def read_value(field: str, value: object) -> Value:
    """The value of a field as a profile holds it.

    Raises:
        ValueError: not a value for this field; the message says what is.
    """
    return FIELDS[field](value)


_MOST = 100_000


def _count(least: int, *, optional: bool = False) -> Callable[[object], Value]:
    def read(value: object) -> Value:
        if optional and value is False:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= _MOST:
            return value
        raise ValueError(f"must be a whole number from {least} to {_MOST}")

    return read


def _amount(*, zero: bool = False, optional: bool = False) -> Callable[[object], Value]:
    wanted = 'must be a number such as 7, 1.5 or "5/6"' + ("" if zero else " above 0")

    def read(value: object) -> Value:
        if optional and value is False:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float, str))
            or len(str(value)) > 40
        ):
            raise ValueError(wanted)
        try:
            # A float of TOML or JSON is read as it was written: 1.1 is 11/10.
            amount = exact_number(value) if isinstance(value, str) else Fraction(str(value))
        except ValueError as error:
            raise ValueError(wanted) from error
        if not 0 <= amount < 10**9 or (amount == 0 and not zero):
            raise ValueError(wanted)
        return amount

    return read


def _choice(*names: str) -> Callable[[object], Value]:
    def read(value: object) -> Value:
        if isinstance(value, str) and value in names:
            return value
        raise ValueError(f"must be one of {', '.join(map(repr, names))}")

    return read


def _switch(value: object) -> Value:
    if isinstance(value, bool):
        return value
    raise ValueError("must be true or false")


def _marks(value: object) -> Value:
    if isinstance(value, str) and len(value) <= 1000:
        return value
    raise ValueError("must be a text of at most 1000 characters")


def _quotes(value: object) -> Value:
    if isinstance(value, str) and len(value) in (0, 2):
        return value
    raise ValueError("must be an opening and a closing mark, or empty")


FIELDS: dict[str, Callable[[object], Value]] = {
    "max_lines": _count(1),
    "max_cpl": _count(1),
    "max_chars": _count(1, optional=True),
    "max_cps": _amount(),
    "max_wpm": _amount(optional=True),
    "counting": _choice("characters", "half-width"),
    "min_duration": _amount(),
    "max_duration": _amount(),
    "word_duration": _amount(optional=True),
    "min_gap_frames": _count(0),
    "chain": _amount(zero=True),
    "linger": _amount(zero=True),
    "anticipation": _amount(zero=True, optional=True),
    "max_cover": _amount(optional=True),
    "shots": _switch,
    "shots.in_after": _amount(zero=True),
    "shots.in_before": _amount(zero=True),
    "shots.in_clear": _amount(zero=True),
    "shots.out_before": _amount(zero=True),
    "shots.out_after": _amount(zero=True),
    "shots.gap_frames": _count(0),
    "text.ellipsis": _choice("…", "...", ""),
    "text.dash": _choice("both", "both spaced", "second", "second spaced", ""),
    "text.quotes": _quotes,
    "text.italics": _switch,
    "text.spell_to": _count(0),
    "text.not_last": _marks,
    "text.not_used": _marks,
    "text.repertoire": _choice("ebu-stl", "cea-608", ""),
    "text.one_line": _switch,
    "text.balance": _amount(zero=True),
    "text.bottom_heavy": _switch,
    "text.whole_sentences": _switch,
    "text.label": _choice("[]", "()", "**", ""),
    "text.label_case": _choice("lower", "upper", ""),
    "text.music": _marks,
}
"""The fields that a style sets, and what each may be; ``shots = false`` asks for nothing there."""
