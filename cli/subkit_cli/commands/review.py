"""``subkit review``: a local page to review a project in."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance.signoff import ROLES, Gate, read_gate
from subkit.pipeline import with_plugins
from subkit.review import ReviewOptions, serve
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.people import user_name
from subkit_cli.run_settings import (
    DEVICE_KEYS,
    MODEL_KEYS,
    STYLE_KEYS,
    options_from,
    settings_from,
)
from subkit_cli.settings import add_settings
from subkit_cli.subtitles import (
    SOURCE_FLAGS,
    add_subtitle_arguments,
    is_project,
    project_of_subtitle,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit review``."""
    parser.description = (
        "A local page to review and sign a project in. A subtitle file such as film.en.srt gets "
        "the project film.subkit beside it, which is reviewed."
    )
    add_subtitle_arguments(parser, SOURCE_FLAGS)
    parser.add_argument(
        "--port", type=int, default=0, metavar="N", help="port (default: any free port)"
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen on, so that other machines can connect; needs --token",
    )
    parser.add_argument("--token", default="", help="secret in the address (default: random)")
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--reviewer", default="", metavar="NAME", help="your name in the ledger")
    parser.add_argument(
        "--role", choices=ROLES, default="reviewer", help="your role (default: reviewer)"
    )
    parser.add_argument("--gate", type=Path, metavar="FILE", help="requirements for sign-off, TOML")
    add_settings(parser, ("translator", "rules", *DEVICE_KEYS, *STYLE_KEYS, *MODEL_KEYS))


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C, SIGTERM or the end of the terminal."""
    options = ReviewOptions(
        host=arguments.host,
        port=arguments.port,
        token=arguments.token,
        reviewer=arguments.reviewer or user_name(),
        role=arguments.role,
        gate=read_gate(arguments.gate) if arguments.gate else Gate(),
        enforce_gate=arguments.gate is not None,
        cache=_cache(),
        run=with_plugins(options_from(settings_from(arguments))),
    )

    path = arguments.file if is_project(arguments) else project_of_subtitle(arguments)

    def announce(url: str, one_visit: Callable[[], str]) -> None:
        if arguments.json:
            console.print_json({"url": url, "project": str(path)})
        else:
            console.print_line(url)
        console.flush()
        if not arguments.quiet and not arguments.json:
            sys.stderr.write("Every edit is saved at once. Ctrl-C ends the review.\n")
        if not (arguments.no_browser or arguments.json):
            import webbrowser

            webbrowser.open(one_visit())

    serve(path, options, announce=announce)
    if not arguments.quiet:
        with suppress(OSError):  # the terminal may be what has gone
            sys.stderr.write("\nThe review has ended; all edits are in the project.\n")
    return DONE


def _cache() -> Path | None:
    """The user's folder for what can be made again; ``None`` where there is no home."""
    named = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(named) if named else Path.home() / ".cache") / "subkit" / "proxies"
    except RuntimeError:
        return None
