"""Write a document value as canonical JSON at once, without plain data between.

Only a value whose every field is exactly of its type is written here: then what is read from the
text is the same value again. All others raise an error, and take the way over plain data.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Hashable
from enum import Enum
from fractions import Fraction
from functools import cache
from json.encoder import encode_basestring as quoted
from math import isfinite
from operator import attrgetter
from typing import Any, Union, cast, get_args, get_origin

from subkit.model.plain import field_types, sparse_defaults
from subkit.model.time import Span

__all__ = ["canonical_text"]

_LARGE = 1 << 600
"""Numerators and denominators beyond are no times, and are not read again."""

Write = Callable[[Any], str]
_NEVER = object()
"""Stands for the default of a field that is always written."""


def canonical_text(value: object) -> str:
    """The text of a dataclass value, as :func:`subkit.model.content_digest.canonical` defines it.

    Raises:
        TypeError: the value is no dataclass, or a field is not exactly of its type.
    """
    return _writer(cast("Hashable", type(value)))(value)


@cache
def _writer(kind: Hashable) -> Write:
    """What writes values of a dataclass: its keys in their order, with the writer of each."""
    if not (isinstance(kind, type) and dataclasses.is_dataclass(kind)) or kind is Span:
        raise TypeError(f"{kind!r} is not a class of document values")
    rare = sparse_defaults(kind)
    steps: list[tuple[str, Callable[[Any], Any], Write, Any]] = []
    for name, hint in field_types(kind).items():
        if hint is Span:
            edges = ("start", "end")
            steps += [(f'"{edge}":', _edge(name, edge), _fraction, _NEVER) for edge in edges]
        else:
            key, default = f"{quoted(name)}:", rare.get(name, _NEVER)
            steps.append((key, attrgetter(name), _write(hint), default))
    steps.sort(key=lambda step: step[0])

    def written(value: Any) -> str:
        if type(value) is not kind:
            raise TypeError(value)
        texts = []
        for key, get, write, default in steps:
            item = get(value)
            if default is _NEVER or item != default:
                texts.append(key + write(item))
        return "{" + ",".join(texts) + "}"

    return written


def _edge(name: str, edge: str) -> Callable[[Any], Any]:
    return attrgetter(f"{name}.{edge}")


def _write(hint: Any) -> Write:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        inner = [_write(arg) for arg in args if arg is not type(None)]
        if len(inner) > 1:
            return _refuse
        return lambda value: "null" if value is None else inner[0](value)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return _list(_write(args[0]))
    if isinstance(hint, type) and issubclass(hint, Enum):
        names = {member: quoted(member.value) for member in hint}
        return lambda value: names[value] if type(value) is hint else _refuse(value)
    if dataclasses.is_dataclass(hint):
        return _later(hint)
    return _SCALARS.get(hint, _refuse)


def _later(kind: Any) -> Write:
    """Made when it is first needed: a class may hold values of its own class."""
    if kind is Span:
        return _pair

    def written(value: Any) -> str:
        return _writer(kind)(value)

    return written


def _list(each: Write) -> Write:
    def written(value: Any) -> str:
        if type(value) is not tuple:
            raise TypeError(value)
        return "[" + ",".join([each(item) for item in value]) + "]" if value else "[]"

    return written


def _refuse(value: Any) -> str:
    raise TypeError(value)


def _string(value: Any) -> str:
    return quoted(value) if type(value) is str else _refuse(value)


def _truth(value: Any) -> str:
    return "true" if value is True else "false" if value is False else _refuse(value)


def _whole(value: Any) -> str:
    return repr(value) if type(value) is int and -_LARGE < value < _LARGE else _refuse(value)


def _real(value: Any) -> str:
    return repr(value) if type(value) is float and isfinite(value) else _refuse(value)


def _fraction(value: Any) -> str:
    if type(value) is not Fraction:
        raise TypeError(value)
    over, under = value.numerator, value.denominator
    if not (-_LARGE < over < _LARGE and under < _LARGE):
        raise TypeError(value)
    return f'"{over}/{under}"'


def _pair(value: Any) -> str:
    if type(value) is not Span:
        raise TypeError(value)
    return f'{{"end":{_fraction(value.end)},"start":{_fraction(value.start)}}}'


_SCALARS: dict[Any, Write] = {
    str: _string,
    bool: _truth,
    int: _whole,
    float: _real,
    Fraction: _fraction,
}
