"""``subkit glossary``: check a glossary, learn one from what was translated, or start one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import PlanError, StoreError
from subkit.language import parse_language
from subkit.model import Severity
from subkit.pipeline import learn_from_files
from subkit.store import load, publish
from subkit.terminology import (
    CULTURE_LANGUAGES,
    GlossaryFault,
    Proposal,
    check_terms,
    cultural_terms,
    inspect_glossary,
    write_glossary,
)
from subkit.terminology.project_terms import learn_from_project
from subkit_cli import console
from subkit_cli.arguments import add_actions
from subkit_cli.exits import DONE, GATE
from subkit_cli.run_report import counted

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from subkit.model import Term

__all__ = ["ACTIONS", "add_arguments", "run"]

ACTIONS = {
    "check": "what is wrong with a glossary, before it is used",
    "learn": "propose terms and names, and show what is rendered in several ways",
    "starter": "cultural terms of a language, with notes for reviewers",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions of ``subkit glossary``."""
    actions = dict(add_actions(parser, ACTIONS))
    actions["check"].add_argument(
        "file", type=Path, metavar="FILE|PROJECT", help="CSV, TBX or a project file"
    )
    for action in (actions["check"], actions["learn"]):
        action.add_argument(
            "--encoding",
            metavar="NAME",
            help="encoding of files that are not UTF-8, such as cp949 (default: judged from their"
            " bytes)",
        )
    learn = actions["learn"]
    learn.add_argument(
        "files",
        type=Path,
        nargs="+",
        metavar="PROJECT|SOURCE TARGET",
        help="a project, or a subtitle file and its translation",
    )
    learn.add_argument("--track", metavar="LANG", help="one translated track of a project")
    learn.add_argument("--from", dest="source", metavar="LANG", help="language of SOURCE")
    learn.add_argument("--to", metavar="LANG", help="language of TARGET")
    starter = actions["starter"]
    starter.add_argument("language", metavar="LANG", help=f"one of: {', '.join(CULTURE_LANGUAGES)}")
    starter.add_argument("--to", metavar="LANG", required=True, help="language of the translation")
    for action in (learn, starter):
        action.add_argument(
            "-o",
            "--output",
            type=Path,
            metavar="FILE",
            help="CSV or TBX file to write; must not exist",
        )


def run(arguments: argparse.Namespace) -> int:
    """Check, learn or start."""
    if arguments.action == "check":
        return _check(arguments)
    _require_free(arguments.output)
    return _learn(arguments) if arguments.action == "learn" else _start(arguments)


def _check(arguments: argparse.Namespace) -> int:
    path: Path = arguments.file
    repairs: tuple[str, ...] = ()
    if path.suffix.lower() == ".subkit":
        terms = load(path).glossary
        faults = check_terms(terms)
    else:
        file = inspect_glossary(path, arguments.encoding)
        terms, faults, repairs = file.terms, list(file.faults), file.repairs
    errors = sum(fault.severity is Severity.ERROR for fault in faults)
    if arguments.json:
        console.print_json(
            {
                "file": str(path),
                "terms": len(terms),
                "errors": errors,
                "warnings": len(faults) - errors,
                "faults": [_plain_fault(fault) for fault in faults],
                "repairs": list(repairs),
            }
        )
        return GATE if errors else DONE
    for repair in repairs:
        console.warn(f"{path}: {repair}")
    for fault in faults:
        where = f"{fault.place}: " if fault.place else ""
        console.print_line(f"{where}{fault.severity.value}: {fault.message} ({fault.kind})")
    if not arguments.quiet:
        console.print_line(f"{counted(len(terms), 'term')}, {counted(len(faults), 'fault')}")
    return GATE if errors else DONE


def _learn(arguments: argparse.Namespace) -> int:
    files: list[Path] = arguments.files
    if len(files) == 1 and files[0].suffix.lower() == ".subkit":
        proposals = learn_from_project(load(files[0]), arguments.track)
    elif len(files) == 2:
        proposals = learn_from_files(
            *files, languages=(arguments.source, arguments.to), encoding=arguments.encoding
        )
    else:
        raise PlanError(
            "subkit glossary learn takes a project, or a subtitle file and its translation.",
            remedy="For example: subkit glossary learn film.subkit",
        )
    _write(arguments.output, [proposal.term for proposal in proposals])
    if arguments.json:
        found = [_plain_proposal(proposal) for proposal in proposals]
        console.print_json({"proposals": found, "file": _name(arguments.output)})
    elif arguments.quiet:
        if arguments.output:
            console.print_line(str(arguments.output))
    else:
        table = console.Table("source", "kind", "into", "cues", "renderings")
        for one in proposals:
            forms = ", ".join(f"{form} ({count})" for form, count in one.renderings)
            table.add(
                one.term.source, one.term.kind.value, one.term.language, str(one.count), forms
            )
        console.print_table(table)
        several = sum(len(proposal.renderings) > 1 for proposal in proposals)
        console.print_line(f"{len(proposals)} proposals, {several} rendered in several ways")
    return DONE


def _start(arguments: argparse.Namespace) -> int:
    terms = cultural_terms(arguments.language, parse_language(arguments.to).tag)
    _write(arguments.output, terms)
    if arguments.json:
        rows = [{"source": term.source, "note": term.note} for term in terms]
        console.print_json({"terms": rows, "file": _name(arguments.output)})
    elif arguments.output:
        console.print_line(str(arguments.output))
    else:
        for term in terms:
            console.print_line(f"{term.source}: {term.note}")
    return DONE


def _require_free(path: Path | None) -> None:
    """Refuse to replace an existing glossary, before the work begins."""
    if path is not None and os.path.lexists(path):
        raise StoreError(f"{str(path)!r} already exists.", remedy="Name another with -o.")


def _write(path: Path | None, terms: Sequence[Term]) -> None:
    if path is not None:
        publish(path, write_glossary(terms, path.suffix))


def _name(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _plain_fault(fault: GlossaryFault) -> dict[str, str]:
    return {
        "kind": fault.kind,
        "severity": fault.severity.value,
        "place": fault.place,
        "message": fault.message,
    }


def _plain_proposal(proposal: Proposal) -> dict[str, Any]:
    term = proposal.term
    return {
        "source": term.source,
        "target": term.target,
        "source_language": term.source_language,
        "language": term.language,
        "kind": term.kind.value,
        "cues": proposal.count,
        "together": proposal.together,
        "score": proposal.score,
        "renderings": [{"form": form, "cues": count} for form, count in proposal.renderings],
    }
