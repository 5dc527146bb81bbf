"""A number of a house style: what it may be, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["FIELDS", "Layer", "Rule", "read_value"]

_COUNTS = {"max_lines": 1, "max_cpl": 1, "min_gap_frames": 0}
_AMOUNTS = {"max_cps": False, "min_duration": False, "max_duration": False, "linger": True}
_COUNTINGS = ("characters", "half-width")

FIELDS = ("max_lines", "max_cpl", "max_cps", "counting", "min_duration", "max_duration",
          "min_gap_frames", "linger")  # fmt: skip
"""The fields of a profile that a style sets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A value with its sources and confidence (A read … D own proposal)."""

    value: int | Fraction | str
    confidence: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One style without what it inherits.

    Attributes:
        id: Its id.
        name: What people call it.
        inherits: Id of the style underneath, ``None`` for the bottom.
        general: Rules for every language, by field.
        languages: Rules by language tag; ``"default"`` holds where a language has none.
        user: Written by the user, who means what is written for every language.
    """

    id: str
    name: str
    inherits: str | None
    general: dict[str, Rule]
    languages: dict[str, dict[str, Rule]]
    user: bool = False


def read_value(field: str, value: object) -> int | Fraction | str:
    """The value of a field as a profile holds it.

    Raises:
        ValueError: not a value for this field; the message says what is.
    """
    if field == "counting":
        if value in _COUNTINGS:
            return str(value)
        raise ValueError(f"must be one of {', '.join(_COUNTINGS)}")
    if field in _COUNTS:
        least = _COUNTS[field]
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        raise ValueError(f"must be a whole number of at least {least}")
    return _read_amount(value, zero=_AMOUNTS[field])


def _read_amount(value: object, *, zero: bool) -> Fraction:
    wanted = 'must be a number such as 7, 1.5 or "5/6"' + ("" if zero else " above 0")
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(wanted)
    try:
        # A float of TOML or JSON is read as it was written: 1.1 is 11/10.
        amount = Fraction(str(value))
    except (ValueError, ZeroDivisionError) as error:
        raise ValueError(wanted) from error
    if amount < 0 or (amount == 0 and not zero):
        raise ValueError(wanted)
    return amount
