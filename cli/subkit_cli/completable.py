"""What can be completed at each place of a command line, read off the commands themselves."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from subkit_cli.arguments import add_common
from subkit_cli.command_table import COMMANDS
from subkit_cli.setting_values import OneOf
from subkit_cli.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Flag", "Place", "command_places"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A flag of a command.

    Attributes:
        spellings: Short and long.
        help: One line.
        takes_value: Whether a value follows; a file where there are no ``values``.
        values: What it may be.
    """

    spellings: tuple[str, ...]
    help: str
    takes_value: bool
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A command, or an action below it.

    Attributes:
        words: What was written to get here: none, ``("models",)`` or ``("models", "fetch")``.
        next_words: Commands or actions that may follow, and one line of help for each.
        flags: Its flags.
    """

    words: tuple[str, ...]
    next_words: tuple[tuple[str, str], ...] = ()
    flags: tuple[Flag, ...] = ()


def command_places() -> list[Place]:
    """The program itself, its commands and their actions."""
    version = Flag(spellings=("--version",), help="print the version", takes_value=False)
    places = [Place(words=(), next_words=tuple(COMMANDS.items()), flags=(_HELP, version))]
    for name in COMMANDS:
        parser = argparse.ArgumentParser(prog=name)
        import_module(f"subkit_cli.commands.{name}").add_arguments(parser)
        add_common(parser)
        places += _places(parser, (name,))
    return places


_HELP = Flag(spellings=("-h", "--help"), help="show what it takes", takes_value=False)


def _places(parser: argparse.ArgumentParser, words: tuple[str, ...]) -> Iterator[Place]:
    actions = parser._actions  # noqa: SLF001 - argparse offers no other way to its arguments
    below = [action for action in actions if isinstance(action, argparse._SubParsersAction)]  # noqa: SLF001
    children = {name: child for action in below for name, child in action.choices.items()}
    choices = [c for a in actions if not (a.option_strings or below) for c in a.choices or ()]
    yield Place(
        words=words,
        next_words=(
            *((name, child.description or "") for name, child in children.items()),
            *((str(choice), "") for choice in choices),
        ),
        flags=(_HELP, *(_flag(a) for a in actions if a.option_strings and a.dest != "help")),
    )
    for name, child in children.items():
        yield from _places(child, (*words, name))


def _flag(action: argparse.Action) -> Flag:
    return Flag(
        spellings=tuple(sorted(action.option_strings, key=len)),
        help=(action.help or "").replace("%%", "%"),
        takes_value=action.nargs != 0,
        values=tuple(_values(action)),
    )


def _values(action: argparse.Action) -> Iterator[str]:
    """The values that are known by name: of choices, of a setting, or as the metavar lists them."""
    key = action.dest.removeprefix("setting_")
    setting = SETTINGS.get(key)
    if action.choices:
        yield from map(str, action.choices)
    elif setting is not None and isinstance(setting.parse, OneOf):
        yield from setting.parse.names
    elif key in _NAMED:
        yield from _NAMED[key]()
    elif isinstance(action.metavar, str) and "|" in action.metavar:
        yield from (word for word in action.metavar.split("|") if word.islower())


def _profiles() -> tuple[str, ...]:
    from subkit.styles import profile_ids

    return profile_ids()


def _formats() -> tuple[str, ...]:
    from subkit.exchange import SHEETS
    from subkit.exchange.dub_files import DUB_FILES
    from subkit.formats import known_formats

    return (*(known.name for known in known_formats() if known.writes), *SHEETS, *DUB_FILES)


def _models(kind: str) -> tuple[str, ...]:
    from subkit.engines import known_models

    return tuple(model.name for model in known_models(kind))


_NAMED: dict[str, Callable[[], tuple[str, ...]]] = {
    "profile": _profiles,
    "output_format": _formats,
    "model": lambda: _models("recognizer"),
    "translator": lambda: _models("translator"),
}
"""Settings whose values the library knows."""
