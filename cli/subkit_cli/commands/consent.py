"""``subkit consent``: the register of who allowed which use of their voice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.compliance.consent import (
    Register,
    VoicePurpose,
    VoiceRequest,
    Withdrawal,
    add_grant,
    load_register,
    permits,
    read_grant,
    record_use,
    recording_digest,
    withdraw_grant,
)
from subkit.model import to_plain
from subkit.model.clock import utc_now
from subkit_cli import console
from subkit_cli.arguments import add_actions
from subkit_cli.exits import DONE, NOT_APPROVED

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]

_ACTIONS = {
    "list": "list the grants, and check the register from its first entry to its last",
    "add": "add a grant from a TOML or JSON file; the register is begun if it is not there",
    "withdraw": "take a grant back",
    "check": "say whether a use is permitted (exit 6 if not), and log it with --use",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit consent``."""
    for name, action in add_actions(parser, _ACTIONS):
        action.add_argument("register", type=Path, metavar="REGISTER", help="register file")
        if name == "add":
            action.add_argument("grant", type=Path, metavar="GRANT", help="TOML or JSON file")
        if name == "withdraw":
            action.add_argument("grant", metavar="ID", help="id of the grant")
            action.add_argument("--reason", required=True, metavar="TEXT", help="why")
            action.add_argument("--since", metavar="DATE", help="first day without (today)")
        if name in {"add", "withdraw"}:
            action.add_argument("--by", required=True, metavar="NAME", help="who enters it")
        if name == "check":
            _add_request(action)


def _add_request(parser: argparse.ArgumentParser) -> None:
    for flag, metavar, what in (
        ("voice", "ID", "id of the voice"),
        ("recording", "FILE|DIGEST", "recording that the voice is made of"),
        ("title", "TITLE", "of what"),
        ("language", "LANG", "language spoken"),
        ("media", "MEDIUM", "where it will be heard: streaming, theatrical …"),
        ("territory", "COUNTRY", "KR, or 001 for the world"),
    ):
        parser.add_argument(f"--{flag}", required=True, metavar=metavar, help=what)
    parser.add_argument(
        "--purpose",
        required=True,
        choices=[purpose.value for purpose in VoicePurpose],
        help="a guide for the team, or what is released",
    )
    parser.add_argument("--on", metavar="DATE", help="day of the use (today)")
    parser.add_argument("--training", action="store_true", help="a model is trained for it")
    parser.add_argument("--use", metavar="WHAT", help="note in the use log what is made of it")
    parser.add_argument("--by", metavar="NAME", help="who uses it, for the log")


def run(arguments: argparse.Namespace) -> int:
    """Do what the action says.

    Raises:
        ApprovalError: a use that is to be logged is not permitted.
    """
    if arguments.action == "check":
        return _check(arguments)
    if arguments.action == "add":
        grant = read_grant(arguments.grant)
        register = add_grant(arguments.register, grant, by=arguments.by, time=utc_now())
    elif arguments.action == "withdraw":
        withdrawal = Withdrawal(
            grant=arguments.grant, since=arguments.since or _today(), reason=arguments.reason
        )
        register = withdraw_grant(arguments.register, withdrawal, by=arguments.by, time=utc_now())
    else:
        register = load_register(arguments.register)
    _show(register, arguments)
    return DONE


def _check(arguments: argparse.Namespace) -> int:
    recording = arguments.recording
    if not recording.startswith("sha256:"):
        recording = recording_digest(Path(recording))
    request = VoiceRequest(
        voice=arguments.voice,
        recording=recording,
        purpose=VoicePurpose(arguments.purpose),
        title=arguments.title,
        language=arguments.language,
        media=arguments.media,
        territory=arguments.territory,
        on=arguments.on or _today(),
        training=arguments.training,
    )
    if arguments.use is not None:
        decision = record_use(
            arguments.register,
            request,
            made=arguments.use,
            by=arguments.by or "",
            time=utc_now(),
        )
    else:
        decision = permits(load_register(arguments.register), request)
    if arguments.json:
        console.print_json({**to_plain(decision), "request": to_plain(request)})
    else:
        console.print_line(f"{'permitted' if decision.permitted else 'denied'}: {decision.reason}")
    return DONE if decision.permitted else NOT_APPROVED


def _show(register: Register, arguments: argparse.Namespace) -> None:
    since = {w.grant: w.since for w in reversed(register.withdrawals)}
    if arguments.json:
        facts: dict[str, Any] = {
            "head": register.head,
            "grants": [
                {**to_plain(grant), "withdrawn": since.get(grant.id)} for grant in register.grants
            ],
            "uses": to_plain(register.uses),
        }
        console.print_json(facts)
        return
    for grant in register.grants:
        uses = sum(use.grant == grant.id for use in register.uses)
        ended = f", withdrawn on {since[grant.id]}" if grant.id in since else ""
        purposes = ", ".join(purpose.value for purpose in grant.purposes)
        console.print_line(
            f"{grant.id}: {grant.performer}, voice {grant.voice}, {purposes}, "
            f"{', '.join(grant.titles)}, {grant.start} to {grant.end}{ended}, used {uses} times"
        )
    console.print_line(f"{len(register.entries)} entries, head {register.head}")


def _today() -> str:
    return utc_now()[:10]
