"""The document as plain data (dicts, lists, text, numbers) and back.

The shape is the contract of ``subkit dump``: fractions are text (``"3003/1000"``), a span is the
two keys ``start`` and ``end`` of whatever carries it, enums are their values. Sparse fields (see
:mod:`subkit.model.styling`) stand there only where they say something.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Callable, Hashable, Mapping
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from subkit.errors import SchemaError, SubkitError, TimecodeError
from subkit.model.styling import SPARSE
from subkit.model.time import Span

__all__ = ["field_types", "from_plain", "sparse_defaults", "to_plain"]

T = TypeVar("T")
_AS_THEY_ARE = frozenset({bool, int, float, str, type(None)})
_SIMPLE = frozenset({str, bool, str | None, float | None})
_MAX_SHARED = 256
_FRACTION = re.compile(r"-?[0-9]{1,200}([/.][0-9]{1,200})?")


def to_plain(value: object) -> Any:
    """``value`` (a document value, or a tuple or fraction of one) as JSON-ready data.

    Raises:
        TypeError: a value that no document holds.
    """
    if type(value) in _AS_THEY_ARE:  # most of a document: the tests below cost more than all else
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, (tuple, list)):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _plain_fields(value)
    raise TypeError(f"{type(value).__name__} is not a document value")


def _plain_fields(value: object) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    kind = cast("Hashable", type(value))
    optional = sparse_defaults(kind)
    for name, hint in field_types(kind).items():
        item = getattr(value, name)
        if name in optional and item == optional[name]:
            continue
        if hint is Span:
            plain["start"], plain["end"] = to_plain(item.start), to_plain(item.end)
        else:
            plain[name] = to_plain(item)
    return plain


def from_plain(kind: type[T], data: object, path: str = "") -> T:
    """The value of dataclass ``kind`` that :func:`to_plain` made ``data`` from.

    Args:
        kind: A document class.
        data: What :func:`to_plain` gave, for example read from JSON.
        path: Where ``data`` stands in the whole, for the error.

    Raises:
        SchemaError: a field is missing, unknown or of another type; names the place.
    """
    try:  # without keeping track of the place; what is not right is read again, to name it
        quick: T = _reader(cast("Hashable", kind))(data)
        return quick
    except (TypeError, ValueError, KeyError, AttributeError, ArithmeticError, SubkitError):
        return _from_plain(kind, data, path)


def _from_plain(kind: type[T], data: object, path: str) -> T:
    if not isinstance(data, Mapping):
        raise SchemaError(f"{path or kind.__name__} must be an object, not {data!r:.60}", path=path)
    hints = field_types(cast("Hashable", kind))
    known = {key for name, hint in hints.items() for key in _keys(name, hint)}
    if unknown := sorted(set(map(str, data)) - known):
        raise SchemaError(f"{path or kind.__name__} has unknown fields: {unknown}.", path=path)
    values = {}
    for name, hint in hints.items():
        here = f"{path}.{name}" if path else name
        if hint is Span:
            values[name] = _value(Span, data, path)
        elif name in data:
            values[name] = _value(hint, data[name], here)
    try:
        return kind(**values)
    except (TypeError, SubkitError) as error:
        raise SchemaError(f"{path or kind.__name__}: {error}", path=path) from error


def _keys(name: str, hint: object) -> tuple[str, ...]:
    return ("start", "end") if hint is Span else (name,)


@cache
def field_types(kind: Hashable) -> dict[str, Any]:
    """Return the types of a dataclass's fields by name."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(cast("type[Any]", kind))}


@cache
def sparse_defaults(kind: Hashable) -> dict[str, Any]:
    """The defaults of the sparse fields."""
    fields = dataclasses.fields(cast("type[Any]", kind))
    return {field.name: field.default for field in fields if SPARSE in field.metadata}


def _value(hint: Any, data: Any, path: str) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        (inner,) = (arg for arg in get_args(hint) if arg is not type(None))
        return _value(inner, data, path)
    if origin is tuple:
        return _tuple(get_args(hint), data, path)
    try:
        return _scalar(hint, data, path)
    except TimecodeError as error:
        raise SchemaError(f"{path}: {error}", path=path) from error
    except (TypeError, ValueError, ZeroDivisionError, KeyError) as error:
        raise SchemaError(f"{path}: {data!r:.60} is not right here.", path=path) from error


def _tuple(args: tuple[Any, ...], data: Any, path: str) -> tuple[Any, ...]:
    if not isinstance(data, (list, tuple)):
        raise SchemaError(f"{path} must be a list, not {data!r:.60}", path=path)
    if len(args) == 2 and args[1] is Ellipsis:
        return tuple(_value(args[0], item, f"{path}[{i}]") for i, item in enumerate(data))
    if len(args) != len(data):
        raise SchemaError(f"{path} must have {len(args)} entries.", path=path)
    return tuple(
        _value(a, d, f"{path}[{i}]") for i, (a, d) in enumerate(zip(args, data, strict=True))
    )


def _scalar(hint: Any, data: Any, path: str) -> Any:
    if hint is Span:
        return Span(_fraction(data["start"]), _fraction(data["end"]))
    if dataclasses.is_dataclass(hint):
        return _from_plain(cast("type[Any]", hint), data, path)
    if hint is Fraction:
        return _fraction(data)
    if issubclass(hint, Enum):
        return hint(data)
    if hint is float and isinstance(data, int) and not isinstance(data, bool):
        return float(data)
    if not isinstance(data, hint) or (hint is int and isinstance(data, bool)):
        raise TypeError(data)
    return data


def _fraction(data: Any) -> Fraction:
    """Exact text only: no float, and no exponent (``"1e999999999"`` would compute for hours)."""
    if not isinstance(data, str) or not _FRACTION.fullmatch(data):
        raise TypeError(data)
    return Fraction(data)


Read = Callable[[Any], Any]


@cache
def _reader(kind: Hashable) -> Read:
    """What reads values of a dataclass: as strict as the slow way, but it names no place."""
    hints = field_types(kind)
    make = cast("type[Any]", kind)
    spans = [name for name, hint in hints.items() if hint is Span]
    plain = {name: _read(hint) for name, hint in hints.items() if hint is not Span}

    def read(data: Any) -> Any:
        values = {name: plain[name](item) for name, item in data.items() if name in plain}
        for name in spans:
            values[name] = _span(data)
        if len(values) + len(spans) != len(data):  # a span is two keys
            raise ValueError(data)
        return make(**values)

    rare = sparse_defaults(kind)
    alike = all(name in rare or _is_simple(hint) for name, hint in hints.items())
    return _shared(read) if alike else read


def _is_simple(hint: Any) -> bool:
    return hint in _SIMPLE or (isinstance(hint, type) and issubclass(hint, Enum))


def _shared(read: Read) -> Read:
    """One value for all the same data: most cues of a film have one provenance, and one place."""
    known: dict[Any, Any] = {}

    def read_once(data: Any) -> Any:
        key = (*data.items(), *map(type, data.values()))  # True is no 1
        try:
            found = known.get(key)
        except TypeError:  # a list or an object in it
            return read(data)
        if found is None:
            found = read(data)
            if len(known) >= _MAX_SHARED:
                known.clear()
            known[key] = found
        return found

    return read_once


def _read(hint: Any) -> Read:
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        (inner,) = (_read(arg) for arg in args if arg is not type(None))
        return lambda data: None if data is None else inner(data)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        each = _read(args[0])
        return lambda data: tuple([each(item) for item in data]) if _listed(data) else ()
    if dataclasses.is_dataclass(hint) and hint is not Span:
        return _later(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {member.value: member for member in hint}.__getitem__
    return _SCALARS.get(hint) or (lambda data: _value(hint, data, ""))


def _later(kind: Any) -> Read:
    """Made when it is first needed: a class may hold values of its own class."""

    def read(data: Any) -> Any:
        return _reader(kind)(data)

    return read


def _exactly(kind: type[Any]) -> Read:
    def read(data: Any) -> Any:
        if type(data) is not kind:
            raise TypeError(data)
        return data

    return read


def _listed(data: Any) -> Any:
    if type(data) is not list:
        raise TypeError(data)
    return data


def _span(data: Any) -> Span:
    return Span(_quick_fraction(data["start"]), _quick_fraction(data["end"]))


def _quick_fraction(data: Any) -> Fraction:
    if not _FRACTION.fullmatch(data):
        raise TypeError(data)
    over, _, under = data.partition("/")
    return Fraction(int(over), int(under)) if under else Fraction(data)


_SCALARS: dict[Any, Read] = {
    Span: _span,
    Fraction: _quick_fraction,
    **{kind: _exactly(kind) for kind in (str, bool, int)},
}
