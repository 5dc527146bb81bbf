"""Tracks to files, as ``subkit export`` and ``subkit dub export`` write them."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from subkit.compliance.signoff import Gate, read_gate, require_gate
from subkit.exchange.dub_files import is_dub_file
from subkit.pipeline import Output, export_tracks, note_undisclosed, stage_facts
from subkit.pipeline.track_writing import format_and_variant
from subkit.store import ProjectFile, mark_of
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.loss_report import losses_json, tell_losses
from subkit_cli.run_settings import (
    DISCLOSURE_KEYS,
    STYLE_KEYS,
    options_from,
    settings_from,
    undisclosed_by,
)
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from subkit.model import Project, Track

__all__ = ["add_export_arguments", "add_gate_arguments", "require_asked", "write_tracks"]


def add_gate_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what must be approved."""
    parser.add_argument(
        "--require",
        choices=("approved",),
        help="exit with 6 unless people have approved everything",
    )
    parser.add_argument(
        "--gate", type=Path, metavar="FILE", help="requirements of --require approved, TOML"
    )


def add_export_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the gate, and where and how files are written."""
    add_gate_arguments(parser)
    add_settings(
        parser,
        ("output_format", "output_dir", "overwrite", "strict", *DISCLOSURE_KEYS, *STYLE_KEYS),
    )


def require_asked(arguments: argparse.Namespace, project: Project, tracks: Sequence[Track]) -> None:
    """Return if tracks may go out by the gate that the user asked for, if any.

    Raises:
        ApprovalError: approval was required and is missing.
    """
    if arguments.require or arguments.gate:
        gate = read_gate(arguments.gate) if arguments.gate else Gate()
        require_gate(project, tracks, gate, options_from(settings_from(arguments)).style)


def write_tracks(
    arguments: argparse.Namespace,
    project: Project,
    tracks: Sequence[Track],
    *,
    formats: tuple[str, ...] = ("srt",),
    names: Mapping[str, str] = MappingProxyType({}),
    layout: str = "",
) -> int:
    """Write tracks as the user asked, print the files, and return the exit status.

    Args:
        arguments: Of the command.
        project: The document.
        tracks: Which of its tracks.
        formats: What is written where the user names no format.
        names: What some names of formats mean here.
        layout: How scripts are printed: an id or a TOML file; empty is that of the language.

    Raises:
        LossError: a format cannot hold all of a track, and ``--strict``.
        PlanError: the disclosure is left out by nobody, or there is no such layout.
    """
    settings = settings_from(arguments)
    undisclosed = undisclosed_by(settings)
    if undisclosed is not None:  # noted before there is any file without it
        with ProjectFile.open(arguments.project) as store:
            note_undisclosed(store, tracks, by=undisclosed)
    named = tuple(_meant(name, names) for name in settings.get("output_format", formats))
    dubbed = any(is_dub_file(format_and_variant(name)[0]) for name in named)
    with ProjectFile.open(arguments.project, writable=False) as store:
        ledger, facts = mark_of(store), stage_facts(store, layout) if dubbed else None
    output = Output(
        folder=settings.get("output_dir", arguments.project.parent),
        stem=arguments.project.stem,
        formats=named,
        overwrite=settings.get("overwrite", False),
        undisclosed_by=undisclosed,
        strict=settings.get("strict", False),
        facts=facts,
    )
    done = export_tracks(project, output, tracks=tracks, ledger=ledger)
    if arguments.json:
        files = [str(path) for path in done.files]
        console.print_json({"files": files, "losses": losses_json(done.losses)})
    else:
        tell_losses(done.losses)
        for path in done.files:
            console.print_line(str(path))
    return DONE


def _meant(told: str, names: Mapping[str, str]) -> str:
    """Return what a name of a format means here, with its variant."""
    name, colon, variant = told.partition(":")
    return names.get(name, name) + colon + variant
