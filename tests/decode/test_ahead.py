from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subkit.decode.lookahead import ahead
from tests.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Iterator


@given(items=st.lists(st.integers()), depth=st.integers(1, 5))
def test_the_same_items_in_order(items: list[int], depth: int) -> None:
    assert list(ahead(items, depth)) == items


def test_made_in_another_thread_and_no_further_than_asked() -> None:
    made: list[int] = []
    threads: set[int] = set()
    full, further = threading.Event(), threading.Event()

    def items() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            threads.add(threading.get_ident())
            if number == 2:
                full.set()
            if number == 3:
                further.set()
            yield number

    found = ahead(items(), 2)
    assert next(found) == 0
    assert full.wait(PATIENCE)
    # One taken, two waiting, and no more in the making.
    assert not further.wait(0.3)
    assert made == [0, 1, 2]
    assert list(found) == list(range(1, 100))
    assert threading.get_ident() not in threads


def test_an_error_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("the file is cut")

    found = ahead(items(), 4)
    assert next(found) == 1
    with pytest.raises(ValueError, match="the file is cut"):
        next(found)


def test_stopping_early_closes_the_items() -> None:
    closed = threading.Event()

    def items() -> Iterator[int]:
        try:
            while True:
                yield 0
        finally:
            closed.set()

    found = ahead(items(), 1)
    assert next(found) == 0
    found.close()  # type: ignore[attr-defined]
    assert closed.is_set()
    assert not [thread for thread in threading.enumerate() if thread.name == "subkit-ahead"]


def test_never_asked_never_begun() -> None:
    class Forbidden:
        def __iter__(self) -> Iterator[int]:
            raise AssertionError

    ahead(Forbidden(), 1)
    assert not [thread for thread in threading.enumerate() if thread.name == "subkit-ahead"]
