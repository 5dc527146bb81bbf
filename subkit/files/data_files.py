"""TOML and JSON of others: a document within bounds, or one sentence about what it is instead."""

from __future__ import annotations

import json
import math
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from subkit.errors import FormatError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["MAX_DEPTH", "MAX_TOML", "parse_json", "parse_toml"]

MAX_DEPTH = 64
"""Tables in tables; nothing that subkit reads has more than eight."""

MAX_TOML = 1 << 20
"""Largest TOML file in bytes: settings, styles and registers are written by hand."""

_MAX_INTEGER = 2**63
_SHOWN = 60
_CORRECT = "Correct it at the place named."


def parse_toml(data: bytes, name: str, *, remedy: str = _CORRECT) -> dict[str, Any]:
    """Return the table in a TOML file.

    Args:
        data: The file's bytes, UTF-8 with or without a byte order mark.
        name: Its name, for errors.
        remedy: What to do about a file that is not TOML.

    Raises:
        FormatError: not TOML, too large, nested too deeply, or it holds a number that is none.
    """
    if len(data) > MAX_TOML:
        raise FormatError(f"{name!r} has more than {MAX_TOML >> 20} MiB.", remedy=remedy)
    try:
        table: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FormatError(f"{name!r} is not UTF-8 text.", remedy="Save it as UTF-8.") from error
    except RecursionError as error:
        raise _too_deep(name, remedy) from error
    except ValueError as error:  # TOMLDecodeError, and an integer of thousands of digits
        line = getattr(error, "lineno", None) or 0
        column = getattr(error, "colno", None) or 0
        raise FormatError(
            f"{name!r} is not TOML: {_reason(error)}.", remedy=remedy, line=line, column=column
        ) from error
    _require_bounds(table, name, remedy)
    return table


def parse_json(
    data: bytes | str, name: str, *, remedy: str = _CORRECT, numbers: bool = True
) -> Any:
    """Return the value in a JSON file.

    Args:
        data: The file's bytes in UTF-8, or its text.
        name: Its name, for errors.
        remedy: What to do about a file that is not JSON.
        numbers: Read numbers as numbers; otherwise each stays the text that it was.

    Raises:
        FormatError: not JSON, nested too deeply, or it holds a number that is none.
    """
    as_text = {} if numbers else {"parse_int": str, "parse_float": str}
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data
        value = json.loads(text, parse_constant=_refuse_constant, **as_text)  # type: ignore[arg-type]
    except UnicodeDecodeError as error:
        raise FormatError(f"{name!r} is not UTF-8 text.", remedy="Save it as UTF-8.") from error
    except RecursionError as error:
        raise _too_deep(name, remedy) from error
    except ValueError as error:  # JSONDecodeError, and an integer of thousands of digits
        line, column = getattr(error, "lineno", 0), getattr(error, "colno", 0)
        raise FormatError(
            f"{name!r} is not JSON: {_reason(error)}.", remedy=remedy, line=line, column=column
        ) from error
    _require_bounds(value, name, remedy)
    return value


def _require_bounds(value: Any, name: str, remedy: str) -> None:
    """Return if a document is not too deep and every number in it is one that programs share."""
    level = [value]
    for _ in range(MAX_DEPTH):
        below: list[Any] = []
        for item in level:  # of a list of words there are a million: no call for each
            if isinstance(item, dict):
                below += item.values()
            elif isinstance(item, list):
                below += item
            elif isinstance(item, (int, float)) and _is_bad_number(item):
                place = next(_bad_numbers("", value), "")
                what = f"holds a number that is too large, or none{f', at {place}' * bool(place)}"
                raise FormatError(f"{name!r} {what}.", remedy=remedy)
        level = below
        if not level:
            return
    raise _too_deep(name, remedy)


def _bad_numbers(place: str, value: Any) -> Iterator[str]:
    """Where a document of no great depth has them."""
    if _is_bad_number(value):
        yield place
    for key, inner in _children(value):
        here = f"{place}[{key}]" if isinstance(key, int) else f"{place}.{key}".lstrip(".")
        yield from _bad_numbers(here[:_SHOWN], inner)


def _children(value: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _is_bad_number(value: Any) -> bool:
    if isinstance(value, int):
        return not -_MAX_INTEGER <= value < _MAX_INTEGER
    return isinstance(value, float) and not math.isfinite(value)


def _too_deep(name: str, remedy: str) -> FormatError:
    return FormatError(f"{name!r} is nested more than {MAX_DEPTH} deep.", remedy=remedy)


def _reason(error: ValueError) -> str:
    if "integer string conversion" in str(error):
        return "it holds a number of thousands of digits"
    return str(error).rstrip(".")[:300]


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number")
