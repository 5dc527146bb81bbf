"""``subkit styles``: the house styles subkit knows, and a file for one of your own."""

from __future__ import annotations

import re
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.language import parse_language
from subkit.model import Profile, to_plain
from subkit.store import publish
from subkit.styles import (
    MEANINGS,
    confidence_texts,
    load_profile,
    own_style,
    profile_ids,
    profile_name,
    profile_notes,
    profile_rules,
    read_own_styles,
    source_texts,
)
from subkit_cli import console
from subkit_cli.arguments import add_actions
from subkit_cli.exits import DONE

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from subkit.styles.numbers import Layer

__all__ = ["add_arguments", "run"]

ACTIONS = {
    "list": "all profiles with their numbers for a language",
    "show": "one profile with the confidence and source of each number",
    "new": "write a file for a style of your own, which inherits",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit styles``."""
    for name, action in add_actions(parser, ACTIONS):
        if name == "show":
            action.add_argument("profile", metavar="ID", help="id of a profile")
        if name == "new":
            action.add_argument("file", type=Path, metavar="FILE", help="the file to write, TOML")
            action.add_argument(
                "--from", dest="parent", default="subkit", metavar="ID", help="default: subkit"
            )
        action.add_argument("--language", default="en", metavar="LANG", help="default: en")
        action.add_argument("--styles", type=Path, metavar="FILE", help="your own styles, TOML")


def run(arguments: argparse.Namespace) -> int:
    """List profiles, show one, or write a file for a new one."""
    language = parse_language(arguments.language).tag
    {"list": _list, "show": _show, "new": _new}[arguments.action](arguments, language)
    return DONE


def _own(arguments: argparse.Namespace) -> dict[str, Layer]:
    return read_own_styles(arguments.styles) if arguments.styles is not None else {}


def _list(arguments: argparse.Namespace, language: str) -> None:
    own = _own(arguments)
    profiles = [load_profile(i, language, own=own) for i in profile_ids(own=own)]
    if arguments.json:
        console.print_json({"profiles": [to_plain(profile) for profile in profiles]})
        return
    if arguments.quiet:
        for profile in profiles:
            console.print_line(profile.id)
        return
    table = console.Table("profile", "lines", "CPL", "CPS", "duration s", "gap frames", "sources")
    for p in profiles:
        duration = f"{float(p.min_duration):.2f} to {float(p.max_duration):.1f}"
        numbers = (p.max_lines, p.max_cpl, f"{float(p.max_cps):g}", duration, p.min_gap_frames)
        letters = "".join(sorted({source.confidence for source in p.rule_sources}))
        table.add(p.id, *map(str, numbers), letters)
    console.print_table(table)


def _show(arguments: argparse.Namespace, language: str) -> None:
    own, name = _own(arguments), arguments.profile
    profile: Profile = load_profile(name, language, own=own)
    rules = profile_rules(name, language, own=own)
    notes = profile_notes(name, language, own=own)
    sources = _sources([*(r.sources for r in rules.values()), *(n.sources for n in notes)])
    if arguments.json:
        console.print_json(
            {
                "profiles": [to_plain(profile)],
                "rules": {key: to_plain(asdict(rule)) for key, rule in rules.items()},
                "notes": [asdict(note) for note in notes],
                "sources": sources,
            }
        )
        return
    title = f"{profile.id}: {profile_name(name, own=own)}, for {language}"
    table = console.Table("field", "value", "sure", "sources", "means", title=title)
    for field, rule in rules.items():
        meaning = MEANINGS[field] + (f" ({rule.note})" if rule.note else "")
        table.add(field, _shown(rule.value), rule.confidence, ", ".join(rule.sources), meaning)
    console.print_table(table)
    for note in notes:
        origin = f"{note.confidence}: {', '.join(note.sources)}"
        console.print_line(f"{note.about}: {note.text} ({origin})")
    console.print_line()
    for letter, text in confidence_texts().items():
        console.print_line(f"{letter}  {text}")
    for short, text in sources.items():
        console.print_line(f"{short}  {text}")


def _sources(used: Iterable[tuple[str, ...]]) -> dict[str, str]:
    """What the short names stand for; a file of the user's own stands for itself."""
    names = dict.fromkeys(name for names in used for name in names)
    return {name: source_texts().get(name, "your own file") for name in names}


def _shown(value: object) -> str:
    if value is None or value is False:
        return "no"
    if value is True:
        return "yes"
    if isinstance(value, Fraction) and value.denominator > 8:
        return f"{value} ({float(value):.3g})"
    return str(value)


def _new(arguments: argparse.Namespace, language: str) -> None:
    path: Path = arguments.file
    style_id = re.sub(r"\W+", "-", path.stem).strip("-")
    if path.suffix.lower() != ".toml" or not style_id:
        raise PlanError(
            f"{str(path)!r} does not end in .toml, as a file of styles does.",
            remedy="Name it for example acme.toml: the style is then called acme.",
        )
    text = own_style(style_id, inherits=arguments.parent, language=language, own=_own(arguments))
    publish(path, text.encode())
    if arguments.json:
        console.print_json({"files": [str(path)], "id": style_id, "inherits": arguments.parent})
    else:
        console.print_line(str(path))
