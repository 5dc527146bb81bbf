"""Japanese です/ます against plain forms, by the end of the final predicate."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from subkit.language.data_tables import read_table

__all__ = ["japanese_level"]

_MARKS = " 　。．.！!？?」』”\"'）)♪～~ー"
_CLAUSES = re.compile(r"[、,，]|(?<=[。！？!?])")
_BROKEN = ("…", "‥", "—", "―", "...")


def japanese_level(sentence: str) -> tuple[str, str]:
    """``polite`` or ``plain`` and what shows it; two empty texts where nothing does.

    The last clause with a predicate decides. Nouns, calls, cries and clauses that break off after
    a particle give nothing.

    Args:
        sentence: One sentence without quotations.
    """
    table = read_table("endings_ja", "subkit.terminology")
    broken = sentence.rstrip(_MARKS).endswith(_BROKEN)
    for clause in reversed(_CLAUSES.split(sentence)):
        text = clause.strip(_MARKS + "…‥—―")
        if not text or text in table["cries"] or _calls().fullmatch(text):
            continue
        for level, pattern in _patterns().items():
            if (level == "polite" or not broken or text.endswith(("だろ", "た", "だ"))) and (
                found := pattern.search(text)
            ):
                return level, found.group()
    return "", ""


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    table: dict[str, Any] = read_table("endings_ja", "subkit.terminology")
    return {
        level: re.compile(f"(?:{'|'.join(table[level])}){table['tail']}$")
        for level in ("polite", "plain")
    }


@cache
def _calls() -> re.Pattern[str]:
    table = read_table("endings_ja", "subkit.terminology")
    return re.compile(f"[^、]{{0,8}}{table['calls']}")
