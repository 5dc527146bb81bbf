"""BCP 47 language tags and the codes that model families use for them (``codes.toml``)."""

from __future__ import annotations

import sys
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["family_codes", "family_languages", "match_tag", "tag_ladder"]

_TRADITIONAL = {"tw", "hk", "mo"}
# A model that knows only the bare language writes it in the other script.
_OTHER_SCRIPT = {"zh-Hant", "cmn-Hant", "sr-Latn", "pa-Arab", "uz-Cyrl", "az-Arab", "ms-Arab"}


def family_codes(family: str) -> dict[str, tuple[str, ...]]:
    """The codes that a family may use for each BCP 47 tag, in order of preference."""
    table = _tables()[family]
    if isinstance(table, str):
        return {tag: (tag,) for tag in table.split()}
    return {
        tag: (codes,) if isinstance(codes, str) else tuple(codes) for tag, codes in table.items()
    }


def family_languages(family: str) -> tuple[str, ...]:
    """The BCP 47 languages a family is known to know; empty where only its vocabulary tells."""
    if family == "madlad":
        return ()
    if family == "whisper-v3":
        return (*family_languages("whisper"), "yue")
    return tuple(sorted(family_codes(family)))


def tag_ladder(tag: str) -> tuple[str, ...]:
    """The tags to look up for a tag, most exact first.

    ``"es-419"`` gives ``("es-419", "es")`` and ``"zh-TW"`` gives ``("zh-TW", "zh-Hant", "zh")``:
    a region is dropped before a script, and where the region implies the script it is filled in
    (BCP 47 lookup, RFC 4647 section 3.4).
    """
    parts = [part for part in tag.replace("_", "-").split("-") if part]
    if not parts:
        return ()
    language = parts[0].lower()
    script = next((part.title() for part in parts[1:] if len(part) == 4), "")
    region = next((part.upper() for part in parts[1:] if len(part) in {2, 3}), "")
    if language in {"zh", "cmn"} and region and not script:
        script = "Hant" if region.lower() in _TRADITIONAL else "Hans"
    ladder = [language]
    if script:
        ladder.insert(0, f"{language}-{script}")
    if region:
        ladder.insert(0, f"{language}-{region}")
    aliases: dict[str, list[str]] = _tables()["aliases"]
    ladder += [alias for step in tuple(ladder) for alias in aliases.get(step, [])]
    return tuple(dict.fromkeys(ladder))


def match_tag(tag: str, codes: Mapping[str, str], *, writes: bool = False) -> str | None:
    """The code for a tag out of a model's ``{tag: code}``, or ``None``.

    A tag that is itself one of the codes (``"kor_Hang"``) is taken as it is.

    Args:
        tag: BCP 47 tag.
        codes: What the model knows.
        writes: The model is to write this language, so the script must be right: a model that
            knows only ``zh`` reads traditional Chinese but does not write it.
    """
    if tag in codes.values():
        return tag
    ladder = tag_ladder(tag)
    if writes and _OTHER_SCRIPT.intersection(ladder):
        ladder = tuple(step for step in ladder if "-" in step)
    return next((codes[step] for step in ladder if step in codes), None)


@lru_cache(maxsize=1)
def _tables() -> dict[str, Any]:
    text = files("subkit.engines").joinpath("codes.toml").read_text(encoding="utf-8")
    tables: dict[str, Any] = tomllib.loads(text)
    return tables
