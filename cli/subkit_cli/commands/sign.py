"""``subkit sign``: a key of your own, and signatures under your approvals."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.compliance.signatures import SIGNATURE, make_key, sign_approvals, signature_bytes
from subkit.errors import InputError
from subkit.model import to_plain
from subkit.model.clock import utc_now
from subkit.store import ProjectFile, publish
from subkit_cli import console
from subkit_cli.arguments import add_actions
from subkit_cli.exits import DONE
from subkit_cli.people import user_name

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]

_ACTIONS = {
    "key": "make a key file, which only you can read",
    "approvals": "sign your approvals that stand in a project",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit sign``."""
    parser.description = (
        "A key of your own, and signatures under your approvals. A signature is a file that "
        "`subkit verify PROJECT --against FILE` checks. Needs the package cryptography: "
        'pip install "subkit[sign]".'
    )
    for name, action in add_actions(parser, _ACTIONS):
        if name == "key":
            action.add_argument("file", type=Path, metavar="FILE", help="key file to be made")
        else:
            action.add_argument("project", type=Path, metavar="PROJECT", help="project file")
            action.add_argument("--key", type=Path, required=True, metavar="FILE", help="your key")
            action.add_argument(
                "--by", default="", metavar="NAME", help="name of your approvals (default: login)"
            )
            action.add_argument("-o", "--output", type=Path, metavar="FILE", help="signature file")
        action.add_argument(
            "--passphrase",
            action="store_true",
            help="the key has one: ask for it, or take it from SUBKIT_KEY_PASSPHRASE",
        )


def run(arguments: argparse.Namespace) -> int:
    """Make a key, or sign.

    Raises:
        InputError: no key, another passphrase, or nothing is approved under that name.
        StoreError: a file is there already, or cannot be written.
    """
    making = arguments.action == "key"
    passphrase = _passphrase(twice=making) if arguments.passphrase else ""
    if making:
        public = make_key(arguments.file, passphrase)
        facts = {"key": public, "file": str(arguments.file)}
        if arguments.json:
            console.print_json(facts)
        else:
            console.print_line(public)
        return DONE
    by = arguments.by or user_name()
    with ProjectFile.open(arguments.project, writable=False) as store:
        signed = sign_approvals(store, arguments.key, by=by, time=utc_now(), passphrase=passphrase)
    name = "".join(letter if letter.isalnum() else "-" for letter in by)
    beside = arguments.project.with_name(f"{arguments.project.stem}.{name}.{SIGNATURE}")
    path = arguments.output or beside
    publish(path, signature_bytes(signed))
    if arguments.json:
        console.print_json({"file": str(path), **to_plain(signed)})
    else:
        console.print_line(str(path))
    return DONE


def _passphrase(*, twice: bool) -> str:
    known = os.environ.get("SUBKIT_KEY_PASSPHRASE", "")
    given = known or getpass.getpass("Passphrase: ")
    if twice and not known and getpass.getpass("The same again: ") != given:
        raise InputError("The two passphrases are not the same.")
    if not given:
        raise InputError("The passphrase is empty.", remedy="Leave --passphrase out for none.")
    return given
