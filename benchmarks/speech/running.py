"""Systems on films: each run is a process of its own, and what it heard is kept."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from zlib import crc32

from benchmarks.harness.models import find_weights
from benchmarks.harness.rounds import order_of
from benchmarks.harness.systems import RunError, System, find_python, run_system
from benchmarks.speech.score import Heard
from benchmarks.speech.systems import SYSTEMS, job_for

__all__ = ["Setting", "heard_in", "model_facts", "ready_systems", "run_films", "run_once"]


@dataclass(frozen=True)
class Setting:
    """What all runs have in common.

    Attributes:
        weights: Paths of the model by format.
        environments: Where the peers' environments are.
        work: Folder for what is heard; kept from one call to the next.
        threads: Each run has.
        jobs: Runs at a time; more than one makes times worthless.
        limit: Seconds after which a run is stopped.
        device: ``"cpu"`` or ``"cuda"``.
        compute_type: As CTranslate2 names them.
        tell: Hears how it goes.
    """

    weights: dict[str, str]
    environments: Path
    work: Path
    threads: int = 1
    jobs: int = 1
    limit: float = 1800
    device: str = "cpu"
    compute_type: str = "int8"
    tell: Callable[[str], None] = field(default=print)


def ready_systems(
    names: Sequence[str], weights: dict[str, str], environments: Path
) -> tuple[list[System], dict[str, str]]:
    """The systems that can be run here, and for the others why not.

    Raises:
        ValueError: one is not known.
    """
    unknown = [name for name in names if name not in SYSTEMS]
    if unknown:
        raise ValueError(f"no such system: {', '.join(unknown)}; there are {', '.join(SYSTEMS)}")
    ready: list[System] = []
    absent: dict[str, str] = {}
    for system in (SYSTEMS[name] for name in names):
        if system.weights not in weights:
            absent[system.name] = f"the model is not here in the format {system.weights}"
        elif find_python(system, environments) is None:
            absent[system.name] = "its environment was not made (benchmarks/peers/setup.py)"
        else:
            ready.append(system)
    return ready, absent


def model_facts(name: str, models: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Paths of a model's weights by format, and what identifies them.

    Args:
        name: As ``benchmarks/decode.py`` takes it, or one that subkit knows or finds.
        models: Where made models lie.

    Raises:
        FileNotFoundError: it is nowhere.
    """
    folder = Path(name) if (Path(name) / "model.bin").is_file() else models / name
    if not (folder / "model.bin").is_file():
        from subkit.pipeline import RunOptions, recognizer_model

        folder = Path(recognizer_model(RunOptions(model=name, offline=True)).directory)
    found = find_weights(str(folder.absolute()), models, {})
    paths = {kind: str(path) for kind, path in found.paths.items()}
    digest = sha256((folder / "model.bin").read_bytes()).hexdigest()
    return paths, {"name": folder.name, "sha256 of model.bin": digest}


def run_once(
    system: System, paths: Sequence[Path], language: str, setting: Setting, threads: int
) -> dict[str, Any]:
    """One run over some files, in a folder of its own.

    Raises:
        RunError: it failed; says why.
    """
    python = find_python(system, setting.environments)
    assert python is not None
    kind = {"device": setting.device, "compute_type": setting.compute_type}
    job = job_for(system, setting.weights, language, threads, **kind)
    job["audio"] = [str(path) for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        plain = replace(system, job={})
        return run_system(plain, job, python, Path(folder), limit=setting.limit)


def run_films(
    systems: Sequence[System], films: Sequence[tuple[Path, str]], setting: Setting
) -> dict[str, str]:
    """Run every system on every film that it was not run on yet.

    Args:
        systems: Which.
        films: Path and language of each.
        setting: Holds the folder in which what they heard is put: ``<system>/<film>.json``.

    Returns:
        Why some failed, by system and film.
    """
    failed: dict[str, str] = {}

    def do(task: tuple[System, Path, str]) -> None:
        system, film, language = task
        target = _target(setting.work, system.name, film)
        try:
            found = run_once(system, [film], language, setting, setting.threads)
        except RunError as error:
            failed[f"{system.name}: {film.stem}"] = str(error)
            setting.tell(str(error))
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        setting.tell(f"{system.name}: {film.stem}, {found['wall_seconds']:.1f} s")

    tasks = [
        (systems[at], film, language)
        for number, (film, language) in enumerate(films)
        for at in order_of(len(systems), number)
        if not _target(setting.work, systems[at].name, film).is_file()
    ]
    with ThreadPoolExecutor(setting.jobs) as pool:
        list(pool.map(do, tasks))
    return failed


def heard_in(work: Path, system: str, film: Path) -> dict[str, Any] | None:
    """What a system heard in a film, as ``worker.serve`` tells it, with ``heard``; or ``None``."""
    path = _target(work, system, film)
    if not path.is_file():
        return None
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    result["heard"] = [
        Heard(one[0], one[1], one[2], one[3] if len(one) > 3 else 1.0) for one in result["words"][0]
    ]
    return result


def _target(work: Path, system: str, film: Path) -> Path:
    """Named after the sound too: a film that was built otherwise is heard again."""
    folder = re.sub("[^a-zA-Z0-9]+", "-", system).strip("-").lower()
    return work / folder / f"{film.stem}-{crc32(film.read_bytes()):08x}.json"
