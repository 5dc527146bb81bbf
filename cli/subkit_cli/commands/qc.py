"""``subkit qc``: tracks against a house style."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError
from subkit.formats import reader_for
from subkit.language import parse_language
from subkit.model import Finding, FrameRate, Media, Project, Severity, seconds
from subkit.pipeline import check_project
from subkit.store import load
from subkit_cli import console
from subkit_cli.exits import DONE, GATE
from subkit_cli.planning import STYLE_KEYS, options_from, settings_from
from subkit_cli.report import finding_lines, findings_json
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]

_MAX_BYTES = 64 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit qc``."""
    parser.add_argument(
        "file", type=Path, metavar="PROJECT|SUBTITLE", help="project or subtitle file"
    )
    parser.add_argument("--language", metavar="LANG", help="language of a subtitle file")
    parser.add_argument("--fps", metavar="RATE", help="frame rate of a subtitle file, 24000/1001")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="report as")
    parser.add_argument(
        "--fail-on", choices=("error", "warning"), help="exit 5 on a finding this grave or graver"
    )
    add_settings(parser, STYLE_KEYS)


def run(arguments: argparse.Namespace) -> int:
    """Check and report."""
    style = options_from(settings_from(arguments)).style
    is_project = arguments.file.suffix.lower() == ".subkit"
    project = load(arguments.file) if is_project else _subtitle(arguments)
    findings = check_project(project, style)
    if arguments.json or arguments.format == "json":
        console.print_json(findings_json(findings))
    else:
        for line in finding_lines(findings):
            console.print_line(line)
    return GATE if _fails(findings, arguments.fail_on) else DONE


def _fails(findings: dict[str, list[Finding]], fail_on: str | None) -> bool:
    severities = {finding.severity for found in findings.values() for finding in found}
    return (fail_on == "warning" and bool(severities)) or (
        fail_on == "error" and Severity.ERROR in severities
    )


def _subtitle(arguments: argparse.Namespace) -> Project:
    """A subtitle file as a project of one track, without media."""
    path = arguments.file
    tag = arguments.language or next(iter(path.suffixes[-2:-1]), ".und")[1:]
    language = parse_language(tag).tag
    reader = reader_for(path.suffix.lstrip("."))
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{str(path)!r} is longer than 64 MiB: no subtitle file.")
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
    track, repairs = reader.read(data, name=path.name, language=language)
    for repair in repairs:
        console.warn(f"{path}: {repair}")
    media = Media(
        path="",
        digest="",
        duration=max((cue.span.end for cue in track.cues), default=seconds(0)),
        frame_rate=FrameRate(seconds(arguments.fps)) if arguments.fps else None,
    )
    return Project(title=path.stem, media=media, tracks=(track,))
