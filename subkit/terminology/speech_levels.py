"""The speech levels of each language, and which of them go together."""

from __future__ import annotations

from difflib import get_close_matches
from enum import IntEnum
from functools import cache
from typing import Any

from subkit.errors import PlanError
from subkit.language import resolve_language
from subkit.language.data_tables import read_table

__all__ = [
    "Fit",
    "family_of",
    "fit",
    "level_named",
    "level_title",
    "levels_of",
    "register_languages",
]


class Fit(IntEnum):
    """How a level that was found fits the one asked for; larger is worse."""

    SAME = 0
    NEAR = 1
    """Another level of the same family: 해요체 where 하십시오체 is asked for."""
    OTHER = 2


def register_languages() -> tuple[str, ...]:
    """The languages whose levels subkit tells apart."""
    return tuple(_table())


def levels_of(language: str) -> tuple[str, ...]:
    """The levels of a language; none where subkit knows of no choice."""
    return tuple(_facts(language).get("levels", ()))


def level_named(language: str, name: str) -> str:
    """The level or family that a user's ``name`` means: ``"해요체"`` is ``"haeyo"``.

    Raises:
        PlanError: the language has no such level; the remedy lists those it has.
    """
    names = _names(resolve_language(language).base)
    wanted = " ".join(name.split()).casefold()
    if wanted in names:
        return names[wanted]
    if not names:
        known = ", ".join(register_languages())
        raise PlanError(
            f"subkit knows no speech levels of {language!r}.",
            remedy=f"It knows those of: {known}.",
            language=language,
        )
    near = get_close_matches(wanted, names, n=1)
    hint = f"Did you mean {near[0]!r}? " if near else ""
    remedy = f"{hint}It has: {', '.join(dict.fromkeys(names.values()))}."
    raise PlanError(f"{name!r} is not a speech level of {language!r}.", remedy=remedy, level=name)


def level_title(language: str, level: str) -> str:
    """The level as its own language calls it: ``"haeyo"`` is ``"해요체"``."""
    facts = _facts(language)
    level = _canonical(language, level)
    if level in facts.get("levels", {}):
        return str(facts["levels"][level]["name"])
    return str(next(iter(facts.get("families", {}).get(level, ())), level))


def family_of(language: str, level: str) -> str:
    """The family of a level; a family is its own."""
    facts = _facts(language).get("levels", {}).get(level)
    return str(facts["family"]) if facts else level


def fit(language: str, asked: str, found: str) -> Fit:
    """How a level that was found fits the level or family that was asked for, by any name."""
    asked = _canonical(language, asked)
    if asked == found:
        return Fit.SAME
    if family_of(language, asked) != family_of(language, found):
        return Fit.OTHER
    return Fit.NEAR if asked in levels_of(language) else Fit.SAME


def _table() -> dict[str, Any]:
    return read_table("levels", "subkit.terminology")


def _facts(language: str) -> dict[str, Any]:
    facts: dict[str, Any] = _table().get(resolve_language(language).base, {})
    return facts


def _canonical(language: str, name: str) -> str:
    return _names(resolve_language(language).base).get(name.casefold(), name)


@cache
def _names(base: str) -> dict[str, str]:
    facts = _table().get(base, {})
    names: dict[str, str] = {}
    for kind in ("levels", "families"):
        for level, row in facts.get(kind, {}).items():
            others = [row["name"], *row["also"]] if kind == "levels" else row
            for name in (level, *others):
                names.setdefault(name.casefold(), level)
    return names
