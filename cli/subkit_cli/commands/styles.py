"""``subkit styles``: the house styles subkit knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.language import parse_language
from subkit.model import Profile, to_plain
from subkit.styles import load_profile, profile_ids
from subkit_cli import console
from subkit_cli.arguments import add_actions
from subkit_cli.exits import DONE

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]

ACTIONS = {
    "list": "all profiles with their numbers for a language",
    "show": "one profile with the source of each number",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit styles``."""
    for name, action in add_actions(parser, ACTIONS):
        if name == "show":
            action.add_argument("profile", metavar="ID", help="id of a profile")
        action.add_argument("--language", default="en", metavar="LANG", help="default: en")
        action.add_argument("--styles", type=Path, metavar="FILE", help="your own styles, TOML")


def run(arguments: argparse.Namespace) -> int:
    """List profiles or show one."""
    language = parse_language(arguments.language).tag
    own = arguments.styles
    ids = profile_ids(user_file=own) if arguments.action == "list" else (arguments.profile,)
    profiles = [load_profile(i, language, user_file=own) for i in ids]
    if arguments.json:
        console.print_json({"profiles": [to_plain(profile) for profile in profiles]})
    elif arguments.action == "list":
        _print_table(profiles)
    else:
        _print_profile(profiles[0])
    return DONE


def _print_table(profiles: list[Profile]) -> None:
    table = console.Table("profile", "lines", "CPL", "CPS", "duration s", "gap frames")
    for p in profiles:
        duration = f"{float(p.min_duration):.2f} to {float(p.max_duration):.1f}"
        numbers = (p.max_lines, p.max_cpl, f"{float(p.max_cps):g}", duration, p.min_gap_frames)
        table.add(p.id, *map(str, numbers))
    console.print_table(table)


def _print_profile(profile: Profile) -> None:
    sources = {source.rule: source for source in profile.rule_sources}
    for key, value in to_plain(profile).items():
        if key == "rule_sources":
            continue
        source = sources.get(key)
        note = f"  ({source.confidence}: {', '.join(source.sources)})" if source else ""
        console.print_line(f"{key:<15} {value}{note}")
