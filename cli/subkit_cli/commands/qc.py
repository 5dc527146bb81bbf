"""``subkit qc``: tracks against a house style."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, PluginError
from subkit.files.csv_tables import write_rows
from subkit.files.regular_files import open_regular
from subkit.language.dictionaries import has_spelling, why_no_dictionary
from subkit.model import Severity
from subkit.plugins import plugin_rules
from subkit.quality import RULES, checked_tracks, spelling_rule, word_rules
from subkit.quality.report import (
    COLUMNS,
    clock,
    finding_rows,
    junit_xml,
    report_page,
    statement,
)
from subkit.store import load, publish
from subkit.store.project_words import read_words, words_path
from subkit_cli import console
from subkit_cli.arguments import add_tracks
from subkit_cli.exits import DONE, GATE
from subkit_cli.run_report import counted, findings_parts
from subkit_cli.run_settings import STYLE_KEYS, options_from, settings_from
from subkit_cli.settings import add_settings
from subkit_cli.subtitles import (
    add_subtitle_arguments,
    is_project,
    open_subtitle,
    own_tracks,
    warn_of_styles,
    with_shots,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from subkit.interfaces import Rule
    from subkit.model import Project, Track
    from subkit.quality.report import Checked

__all__ = ["add_arguments", "run"]

_LIST_BYTES = 32 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit qc``."""
    add_subtitle_arguments(parser)
    add_tracks(parser, "track of a project")
    parser.add_argument(
        "--unwanted-words", type=Path, metavar="FILE", help="words to report, one per line"
    )
    parser.add_argument(
        "--known-words", type=Path, metavar="FILE", help="correctly spelled words, one per line"
    )
    parser.add_argument(
        "--spelling",
        action="store_true",
        help="check words against a dictionary; --known-words and PROJECT.words.txt add to it",
    )
    parser.add_argument(
        "--format",
        choices=("text", "json", "csv", "junit", "html"),
        default="text",
        help="format of the report (default: text)",
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write the report to a file"
    )
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning"),
        help="exit with 5 if a finding has at least this severity",
    )
    add_settings(parser, (*STYLE_KEYS, "rules", "shots", "overwrite"))


def run(arguments: argparse.Namespace) -> int:
    """Check and report."""
    settings = settings_from(arguments)
    options = options_from(settings)
    project, tracks = _opened(arguments)
    warn_of_styles(tracks, options.style)
    project = with_shots(project, settings.get("shots"), arguments.encoding)
    unwanted, known = _words(arguments.unwanted_words), _words(arguments.known_words)
    rules: tuple[Rule, ...] = (*RULES, *plugin_rules(options.rules))
    if arguments.spelling:
        known = (*known, *_project_words(arguments, tracks))
        rules = (*rules, *word_rules(unwanted=unwanted), spelling_rule(known=known))
    else:
        rules = (*rules, *word_rules(unwanted=unwanted, known=known))
    checked = checked_tracks(project, options.style, tracks=tracks, rules=rules)
    _report(arguments, project, checked, overwrite=settings.get("overwrite", False))
    return GATE if _fails(checked, arguments.fail_on) else DONE


def _opened(arguments: argparse.Namespace) -> tuple[Project, list[Track]]:
    """The project, and the tracks of it that are checked.

    Raises:
        PlanError: a flag for subtitle files beside a project, or the other way round.
    """
    if is_project(arguments, fits_both=("language", "encoding")):
        project = load(arguments.file)
        named = arguments.track or ([arguments.language] if arguments.language else [])
        return project, [project.track(name) for name in named] or list(project.tracks)
    project = open_subtitle(arguments)
    return project, own_tracks(project, arguments)


def _project_words(arguments: argparse.Namespace, tracks: Sequence[Track]) -> tuple[str, ...]:
    """The words beside a project; says which tracks have no dictionary.

    Raises:
        PluginError: the package of dictionaries is not installed.
    """
    for language in dict.fromkeys(track.language for track in tracks):
        if missing := why_no_dictionary(language):
            if not has_spelling():
                raise PluginError(missing)
            console.warn(missing)
    return read_words(words_path(arguments.file))


def _words(path: Path | None) -> tuple[str, ...]:
    """The lines of a list of words; ``#`` begins a remark."""
    if path is None:
        return ()
    try:
        with open_regular(path) as file:
            data = file.read(_LIST_BYTES + 1)
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {getattr(error, 'strerror', None) or error}.",
            remedy="Name a text file in UTF-8 with one word on each line.",
        ) from error
    if len(data) > _LIST_BYTES:
        raise InputError(f"{str(path)!r} is larger than 32 MiB, too large for a list of words.")
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def _report(
    arguments: argparse.Namespace, project: Project, checked: Sequence[Checked], *, overwrite: bool
) -> None:
    kind = "json" if arguments.json and arguments.format == "text" else arguments.format
    if arguments.output is None and kind == "json":
        console.print_parts(_json(checked, ascii_only=not console.is_unicode()))
        return
    if arguments.output is None and kind == "text":
        for line in () if arguments.quiet else _lines(checked):  # quiet: the exit code says it
            console.print_line(line)
        return
    data = _data(kind, arguments, project, checked)
    if arguments.output is None:
        # A screen and a pipe have the line ends of the system, a file those of its format.
        text = data.decode().removeprefix("\ufeff").replace("\r\n", "\n")
        console.print_line(text.rstrip("\n"))
        return
    publish(arguments.output, data, overwrite=overwrite)
    if arguments.json:
        written = {"file": str(arguments.output)}
        console.print_parts(_json(checked, written, ascii_only=not console.is_unicode()))
    else:
        console.print_line(str(arguments.output))


def _data(
    kind: str, arguments: argparse.Namespace, project: Project, checked: Sequence[Checked]
) -> bytes:
    """The bytes of a report."""
    if kind == "csv":
        return write_rows(COLUMNS, list(finding_rows(checked)))
    if kind == "junit":
        grave = Severity(arguments.fail_on or "error")
        return junit_xml(checked, fail_on=grave).encode()
    if kind == "html":
        return report_page(checked, title=project.title, version=version("subkit")).encode()
    if kind == "json":
        return "".join(_json(checked)).encode("utf-8", "replace")
    return "".join(f"{line}\n" for line in _lines(checked)).encode("utf-8", "replace")


def _json(
    checked: Sequence[Checked], more: Mapping[str, Any] | None = None, *, ascii_only: bool = False
) -> Iterator[str]:
    tracks = [
        {
            "id": one.subject.track.id,
            "language": one.subject.track.language,
            "cues": len(one.subject.track.cues),
            "profile": one.subject.profile.id,
            "statement": statement(one),
        }
        for one in checked
    ]
    findings = {one.subject.track.id: one.findings for one in checked}
    return findings_parts(findings, {"tracks": tracks, **(more or {})}, ascii_only=ascii_only)


def _lines(checked: Sequence[Checked]) -> Iterator[str]:
    """A line for each finding, one for each track, and the number of all."""
    for one in checked:
        for f in one.findings:
            place = f"{one.subject.track.id} {clock(f.span.start, one.subject.media)}"
            yield f"{place} {f.severity.value} {f.rule}: {f.message}"
    for one in checked:
        yield f"{one.subject.track.id}: {statement(one)}"
    yield counted(sum(len(one.findings) for one in checked), "finding")


def _fails(checked: Sequence[Checked], fail_on: str | None) -> bool:
    if fail_on is None:
        return False
    grave = (Severity.ERROR,) if fail_on == "error" else tuple(Severity)
    return any(finding.severity in grave for one in checked for finding in one.findings)
