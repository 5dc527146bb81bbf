"""Language tags: what a user writes -> one canonical BCP 47 tag and what is known of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from subkit.errors import PlanError
from subkit.language.data_tables import read_table

__all__ = [
    "Language",
    "language_tags",
    "parse_language",
    "resolve_language",
    "three_letters",
]

_REST = re.compile(
    r"(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)"
    r"(?P<extensions>(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?)"
)
_NAME_CUTOFF = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language as subkit understands it.

    Attributes:
        tag: Canonical BCP 47 tag, for example ``"es-419"``.
        base: Language subtag, for example ``"es"``.
        script: ISO 15924 code of the writing, for example ``"Hant"``.
        region: Region subtag, empty where none was given.
        name: English name of the language.
        direction: ``"ltr"`` or ``"rtl"``.
        spaces: Words are separated by spaces.
    """

    tag: str
    base: str
    script: str
    region: str = ""
    name: str
    direction: str = "ltr"
    spaces: bool = True


@cache
def language_tags() -> tuple[str, ...]:
    """The language subtags that subkit knows, sorted."""
    return tuple(sorted(read_table("languages")["languages"]))


@cache
def parse_language(tag: str) -> Language:
    """The language that ``tag`` names.

    Args:
        tag: A BCP 47 tag (``"ko"``, ``"es-419"``, ``"zh-Hans-TW"``; any case, ``_`` for ``-``),
            an ISO 639-2 code (``"kor"``) or an English name (``"Korean"``). RFC 5646 gives the
            canonical case; a script that goes without saying is left out.

    Raises:
        PlanError: no such language is known; the remedy names the nearest.
    """
    text = " ".join(tag.split()).casefold()
    names = _names()
    if text in names:
        text = names[text].casefold()
    text = text.replace("_", "-")
    primary, separator, rest = text.partition("-")
    expanded = (names.get(primary, primary) + separator + rest).casefold()
    base, separator, rest = expanded.partition("-")
    match = _REST.fullmatch(separator + rest)
    facts = read_table("languages")["languages"].get(base)
    if facts is None or match is None:
        raise _unknown(tag)
    script = (match["script"] or "").title()
    if script and script not in read_table("languages")["scripts"]["known"]:
        raise _unknown(tag)
    region = (match["region"] or "").upper()
    tail = match["variants"] + match["extensions"]
    return _language(base, facts, script, region, tail)


def resolve_language(tag: str) -> Language:
    """As :func:`parse_language`, but an unknown tag is an undetermined language, never an error."""
    try:
        return parse_language(tag)
    except PlanError:
        return parse_language("und")


def three_letters(tag: str) -> str:
    """Return the ISO 639-2 code of a language, as containers hold it: ``"kor"`` for ``"ko-KR"``.

    Of two codes it is the one of the terminology list: ``"deu"``, not ``"ger"``.
    """
    return str(read_table("languages")["languages"][resolve_language(tag).base]["iso"][0])


def _language(base: str, facts: dict[str, Any], script: str, region: str, tail: str) -> Language:
    tables = read_table("languages")
    usual: list[str] = facts.get("scripts", ["Latn"])
    implied = tables["region_scripts"].get(f"{base}-{region}", usual[0])
    if len(usual) == 1 and script == usual[0]:
        script = ""
    written = script or implied
    parts = [base, script, region]
    return Language(
        tag="-".join(part for part in parts if part) + tail,
        base=base,
        script=written,
        region=region,
        name=facts["name"],
        direction="rtl" if written in tables["scripts"]["rtl"] else "ltr",
        spaces=facts.get("spaces", True),
    )


@cache
def _names() -> dict[str, str]:
    """Everything but the subtag itself that names a language, casefolded, to its tag."""
    tables = read_table("languages")
    names: dict[str, str] = dict(tables["aliases"])
    for tag, facts in tables["languages"].items():
        names[facts["name"].casefold()] = tag
        names.update(dict.fromkeys(facts["iso"], tag))
    return names


def _unknown(tag: str) -> PlanError:
    known = [*language_tags(), *_names()]
    primary = re.split(r"[-_]", tag.strip().casefold(), maxsplit=1)[0]
    near: list[str] = []
    for text in (tag.strip().casefold(), primary):
        near += get_close_matches(text, known, n=3, cutoff=_NAME_CUTOFF)
    hint = ", ".join(dict.fromkeys(_shown(name) for name in near))
    remedy = f"Nearest known: {hint}." if hint else "Write a BCP 47 tag such as en, ko or es-419."
    return PlanError(f"{tag!r} is not a language that subkit knows.", remedy=remedy, language=tag)


def _shown(name: str) -> str:
    tag = _names().get(name, name)
    facts = read_table("languages")["languages"].get(tag)
    return f"{tag} ({facts['name']})" if facts else tag
