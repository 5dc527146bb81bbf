"""A user's own house styles: a TOML file that inherits.

One style, named by ``id`` or by the file::

    inherits = "netflix"
    max_cps = 15
    min_duration = "5/6"

    [languages.ko]
    max_cpl = 14

    [text]
    dash = "second"

or several, each under ``[profiles.NAME]``.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError
from subkit.files.data_files import MAX_TOML, parse_toml
from subkit.files.plain_text import read_small_file
from subkit.styles.numbers import FIELDS, GROUPS, Layer, StyleNumber, read_value
from subkit.styles.shipped import BOTTOM

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["read_own_styles"]

_OTHER_KEYS = ("id", "name", "inherits", "languages")


def read_own_styles(path: Path) -> dict[str, Layer]:
    """The styles in a user's file, by id.

    Raises:
        InputError: the file cannot be read, or has unknown keys or wrong values (all are named).
        FormatError: it is not TOML.
    """
    data = parse_toml(read_small_file(path, MAX_TOML), str(path))
    problems: list[str] = []
    if "profiles" in data and isinstance(data["profiles"], dict):
        tables = {str(key): table for key, table in data["profiles"].items()}
        _check_keys({k: v for k, v in data.items() if k != "profiles"}, (), "", problems)
    else:
        tables = {str(data.get("id", path.stem)): data}
    layers = {key: _layer(key, table, path, problems) for key, table in tables.items()}
    if problems:
        raise InputError(
            f"The styles in {str(path)!r} cannot be used: {'; '.join(problems)}.",
            remedy=f"Keys of a style: {', '.join((*_OTHER_KEYS, *FIELDS))}.",
            path=str(path),
            problems=tuple(problems),
        )
    return layers


def _layer(key: str, table: object, path: Path, problems: list[str]) -> Layer:
    if not isinstance(table, dict):
        problems.append(f"profiles.{key} must be a table")
        table = {}
    table = _flat(table)
    _check_keys(table, (*_OTHER_KEYS, *FIELDS), "", problems)
    languages = table.get("languages", {})
    if not isinstance(languages, dict):
        problems.append("languages must be a table")
        languages = {}
    texts = ("id", "name", "inherits")
    problems += [
        f"{name} must be text" for name in texts if not isinstance(table.get(name, ""), str)
    ]
    rules = {}
    for tag, part in languages.items():
        place = f"languages.{tag}."
        if isinstance(part, dict):
            part = _flat(part)  # noqa: PLW2901
            _check_keys(part, FIELDS, place, problems)
            rules[tag] = _rules(part, place, path, problems)
        else:
            problems.append(f"languages.{tag} must be a table")
    return Layer(
        id=key,
        name=str(table.get("name", key)),
        inherits=str(table.get("inherits", BOTTOM)),
        general=_rules(table, "", path, problems),
        languages=rules,
        user=True,
    )


def _flat(table: dict[str, Any]) -> dict[str, Any]:
    """``{"text": {"dash": …}}`` as ``{"text.dash": …}``."""
    flat: dict[str, Any] = {}
    for key, value in table.items():
        if key in GROUPS and isinstance(value, dict):
            flat.update({f"{key}.{name}": item for name, item in value.items()})
        else:
            flat[key] = value
    return flat


def _rules(
    table: dict[str, Any], place: str, path: Path, problems: list[str]
) -> dict[str, StyleNumber]:
    rules: dict[str, StyleNumber] = {}
    for field in FIELDS:
        if field in table:
            try:
                value = read_value(field, table[field])
            except ValueError as error:
                problems.append(f"{place}{field} = {table[field]!r:.40} {error}")
                continue
            rules[field] = StyleNumber(value=value, confidence="D", sources=(path.name,))
    return rules


def _check_keys(
    table: dict[str, Any], known: Iterable[str], place: str, problems: list[str]
) -> None:
    for key in table:
        if key not in known:
            near = get_close_matches(key, list(known), n=1)
            hint = f" (nearest: {near[0]})" if near else ""
            problems.append(f"unknown key {place}{key}{hint}")
