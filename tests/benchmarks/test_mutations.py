"""The mutants that count: all but those that do what the code does, listed with a reason."""

from __future__ import annotations

import ast

import pytest

from benchmarks.mutations import PACKAGES, equivalents, every, mutants, mutated


def test_every_kind_of_change_is_made_once() -> None:
    source = "x = a < b and not c\nif x:\n    y += 1\nprint(x)\n"
    assert mutants(source) == [
        (1, "a < b or not c"),
        (1, "a <= b"),
        (1, "c"),
        (2, "if not (x)"),
        (3, "without y += 1"),
        (3, "2"),
    ]


def test_words_of_errors_and_types_are_left_alone() -> None:
    source = "def f(a: int = 1) -> 'x[2]':\n    raise ValueError(3 + 4)\n"
    assert mutants(source) == [(1, "2")]
    assert "a: int=2" in ast.unparse(mutated(source, 0))


def test_what_is_set_apart_is_a_mutant_of_its_package_with_a_reason() -> None:
    apart = equivalents()
    assert all(len(why) > 20 for why in apart.values())
    found = {key for package in PACKAGES for key in every(package)[1]}
    assert found == set(apart)


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_has_mutants_in_a_stable_order(package: str) -> None:
    found, _ = every(package)
    assert found == every(package)[0]
    assert len(found) > 50
