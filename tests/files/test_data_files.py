"""TOML and JSON of any size and depth: a document, or one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from subkit.errors import FormatError
from subkit.files import parse_json, parse_toml
from subkit.files.data_files import MAX_DEPTH, MAX_TOML

if TYPE_CHECKING:
    from collections.abc import Callable

DEEP = 200_000
FAULTS: dict[str, tuple[Callable[..., object], bytes, str]] = {
    "deep lists": (parse_toml, b"a = " + b"[" * DEEP + b"]" * DEEP, "nested"),
    "deep tables": (parse_toml, b"[" + b".".join([b"a"] * 500) + b"]", "nested"),
    "dotted keys": (parse_toml, b".".join([b"a"] * 5000) + b" = 1", "nested"),
    "a number of thousands of digits": (parse_toml, b"a = " + b"9" * 5000, "thousands of digits"),
    "a number of hundreds of digits": (parse_toml, b"[b]\na = " + b"9" * 400, "at b.a"),
    "64 bits and one": (parse_toml, b"a = [1, 9223372036854775808]", "at a[1]"),
    "infinity": (parse_toml, b"a = inf", "at a"),
    "no number": (parse_toml, b"a = nan", "at a"),
    "too long": (parse_toml, b"#" * (MAX_TOML + 1), "1 MiB"),
    "not UTF-8": (parse_toml, b"a = '\xff'", "UTF-8"),
    "not TOML": (parse_toml, b"a = \n", "line 1, column 5"),
    "deep JSON": (parse_json, b"[" * DEEP, "nested"),
    "deep and whole": (parse_json, b"[" * 100 + b"]" * 100, "nested"),
    "many digits": (parse_json, b"9" * 5000, "thousands of digits"),
    "beyond 64 bits": (parse_json, b'{"a": {"b": -9223372036854775809}}', "at a.b"),
    "beyond floats": (parse_json, b"[1e999]", "at [0]"),
    "a constant": (parse_json, b"[NaN]", "NaN is not a number"),
    "not JSON": (parse_json, b"{", "line 1 column 2"),
    "half a character": (parse_json, b'"\xed\xa0\x80"', "UTF-8"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_read_is_one_sentence(fault: str) -> None:
    parse, data, told = FAULTS[fault]
    with pytest.raises(FormatError) as caught:
        parse(data, "mine.toml")
    assert told in caught.value.message
    assert "mine.toml" in caught.value.message
    assert len(str(caught.value)) < 500
    assert caught.value.__cause__ is None or "\n" not in str(caught.value)


def test_documents_within_bounds_are_read() -> None:
    assert parse_toml(b"\xef\xbb\xbfa = 9223372036854775807", "x") == {"a": 2**63 - 1}
    nested = b"[" * (MAX_DEPTH - 1) + b"1" + b"]" * (MAX_DEPTH - 1)
    assert parse_json(nested, "x")
    assert parse_json(b"[1.50, 2]", "x", numbers=False) == ["1.50", "2"]
