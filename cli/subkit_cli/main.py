"""Entry point: find the command, run it, turn errors into one sentence and an exit code."""

from __future__ import annotations

import argparse
import logging
import os
import sys
import traceback
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from subkit.errors import ApprovalError, PlanError, StoreError, SubkitError
from subkit_cli import console
from subkit_cli.arguments import add_common
from subkit_cli.command_table import COMMANDS, nearest, overview
from subkit_cli.exits import FAULT, USAGE, exit_code, kind_of
from subkit_cli.interrupts import ending_cleanly
from subkit_cli.terminal_output import neutral_streams

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["COMMANDS", "main"]

_FEW_FLAGS = 12
"""As many stand in the usage line of a command."""

EPILOG = """\
start here:      subkit demo
a film:          subkit run film.mkv --to ko,es
its subtitles:   subkit translate film.en.srt --to ko,es
then:            subkit review film.subkit
"""


class _Parser(argparse.ArgumentParser):
    """A parser that raises its faults as errors, so that --json applies to them too.

    Flags are never abbreviated: a flag added later must not change what a script means.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **options})
        self.color = False  # of Python 3.14; nothing but rich draws here

    def error(self, message: str) -> NoReturn:
        raise PlanError(f"{message[:1].upper()}{message[1:]}.", remedy=f"See {self.prog} --help.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line.

    Args:
        argv: Arguments without the program's name; ``None`` takes those of the process.

    Returns:
        The exit code (see ``subkit_cli.exits``).
    """
    words = _hyphenated(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in words[: _end_of_flags(words)]
    console.open_streams()
    with neutral_streams(), ending_cleanly():
        return _run(words, as_json=as_json)


def _run(words: list[str], *, as_json: bool) -> int:
    """Do what is asked; whatever stops it becomes one sentence and an exit code."""
    try:
        code = _dispatch(words)
        console.flush()
        return code
    except SubkitError as error:
        _tell(error, as_json=as_json)
        return exit_code(error)
    except KeyboardInterrupt as error:
        with suppress(OSError, StoreError):  # the terminal may be what has gone
            sys.stderr.write("\nStopped. What was done is kept: run the same command to go on.\n")
            if as_json:
                facts = {"kind": "KeyboardInterrupt", "message": "Stopped."}
                console.print_json({"error": {**facts, "remedy": "Run it again."}})
        return exit_code(error)
    except BrokenPipeError:
        console.close_output()  # whoever read it has gone
        return FAULT
    except Exception as error:  # noqa: BLE001 - the last place where a fault of ours can be told
        sys.stderr.write(traceback.format_exc())
        _tell(
            SubkitError(
                f"This is a fault of subkit: {type(error).__name__}: {error}",
                remedy="Please report it with the lines above.",
            ),
            as_json=as_json,
        )
        return FAULT


def _dispatch(words: list[str]) -> int:
    parser = _Parser(
        prog="subkit",
        usage="subkit [-h] [--version] COMMAND ...",
        description=f"From a film to reviewable subtitle tracks.\n\n{overview()}",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version")
    # Their help stands in the overview, by task: argparse would list them in one row.
    commands = parser.add_subparsers(
        dest="command", prog="subkit", help=argparse.SUPPRESS, parser_class=_Parser
    )
    named = next((word for word in words if not word.startswith("-")), None)
    if named is not None and named not in COMMANDS:
        raise PlanError(f"There is no command {named!r}.", remedy=_meant(named))
    for name, summary in COMMANDS.items():
        child = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        if name == named:  # only the command that runs is imported: --help stays fast
            import_module(f"subkit_cli.commands.{name}").add_arguments(child)
            add_common(child)
            child.usage = _short_usage(child)
    arguments, unknown = parser.parse_known_args(words)
    if unknown:
        child = commands.choices[named] if named else parser
        raise PlanError(
            f"{child.prog} does not take {' '.join(unknown)}.",
            remedy=_question(nearest(unknown[0].partition("=")[0], _flags(child)))
            + f"See {child.prog} --help.",
        )
    if arguments.version:
        return _print_version()
    if arguments.command is None:
        parser.print_help()
        return USAGE
    _start_logging(arguments.verbose)
    module = import_module(f"subkit_cli.commands.{arguments.command}")
    return int(module.run(arguments))


def _short_usage(parser: argparse.ArgumentParser) -> str | None:
    """What to write, without fifty flags in front of it; ``None`` leaves a few where they are."""
    actions = parser._actions  # noqa: SLF001 - argparse offers no other way to its arguments
    if sum(bool(action.option_strings) for action in actions) <= _FEW_FLAGS:
        return None
    words = [
        f"{action.metavar} ..." if action.nargs == "+" else str(action.metavar)
        for action in actions
        if not action.option_strings
    ]
    return " ".join((parser.prog, "[options]", *words))


def _meant(word: str) -> str:
    """What to do about a word that is no command: a file was meant for ``run``, or a typo."""
    if "." in word and os.path.lexists(word):
        return f"To subtitle that file: subkit run {word}"
    return f"{_question(nearest(word, COMMANDS))}See subkit --help."


def _question(found: str | None) -> str:
    """A question that a sentence may follow; empty where nothing is near."""
    return f"Did you mean {found}? " if found else ""


def _flags(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The flags of a command and of the actions below it."""
    for action in parser._actions:  # noqa: SLF001 - argparse offers no other way to its arguments
        yield from action.option_strings
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for child in action.choices.values():
                yield from _flags(child)


def _hyphenated(words: Sequence[str]) -> list[str]:
    """``--beam_size=5`` is ``--beam-size=5``: both spellings are equal, before a bare ``--``."""
    end = _end_of_flags(words)
    return [_hyphenated_flag(word) for word in words[:end]] + list(words[end:])


def _end_of_flags(words: Sequence[str]) -> int:
    return words.index("--") if "--" in words else len(words)


def _hyphenated_flag(word: str) -> str:
    if not word.startswith("--"):
        return word
    flag, equals, value = word.partition("=")
    return flag.replace("_", "-") + equals + value


def _tell(error: SubkitError, *, as_json: bool) -> None:
    if as_json:
        facts: dict[str, Any] = {"kind": kind_of(error), "message": error.message}
        listed = {"missing": list(error.missing)} if isinstance(error, ApprovalError) else {}
        console.print_json({"error": {**facts, "remedy": error.remedy, **listed}})
    else:
        sys.stderr.write(f"subkit: {error}\n")


def _print_version() -> int:
    from importlib.metadata import version

    sys.stdout.write(f"subkit {version('subkit')}\n")
    return 0


def _start_logging(verbose: int) -> None:
    level = (logging.ERROR, logging.INFO, logging.DEBUG)[min(verbose, 2)]
    form = "%(name)s: %(message)s" if verbose else "subkit: %(message)s"
    logging.basicConfig(level=level, format=form, stream=sys.stderr)
    # That a project was upgraded, and where its copy is, is told without -v too.
    logging.getLogger("subkit.store").setLevel(min(level, logging.WARNING))


if __name__ == "__main__":
    sys.exit(main())
