"""Convert a Transformers translator to CTranslate2's format, in a process of its own.

The converter is CTranslate2's. It needs torch and Transformers, which subkit never loads: any
Python that has them will do. Weights are read as Transformers reads them (safetensors, or PyTorch
files without code in them); no code of a model is ever run.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.engines.catalogue import find_known
from subkit.engines.digests import digest_files
from subkit.engines.folders import lock_model, make_folder, publish_folder
from subkit.engines.hub import list_repository
from subkit.engines.layout import CARD, PATTERNS, inspect_model
from subkit.engines.lockfile import LockEntry, write_entry
from subkit.engines.models import find_model
from subkit.errors import EngineError, ModelNotFound, PlanError, StoreError
from subkit.interfaces import Progress, Silent
from subkit.processes import tethered

if TYPE_CHECKING:
    from collections.abc import Sequence

    from subkit.engines.catalogue import KnownModel
    from subkit.interfaces import ModelFacts

__all__ = ["NEEDED", "QUANTIZATIONS", "convert_model"]

NEEDED = ("torch", "transformers", "sentencepiece", "ctranslate2")
"""What a Python must have to convert models."""
QUANTIZATIONS = ("int8", "int8_float16", "int8_bfloat16", "float16", "bfloat16", "float32")

_TOKENIZERS = ("*.spm", "*.model", CARD)
_CONVERTER = "ctranslate2.converters.transformers"
_PROBE_SECONDS = 120
_PROBE = (
    "import importlib.util, json, sys; "
    "print(json.dumps([n for n in sys.argv[1:] if importlib.util.find_spec(n) is None]))"
)


def convert_model(
    name_or_directory: str,
    *,
    models_folder: Path,
    quantization: str = "int8",
    python: Path | None = None,
    seconds: float = 3600,
    progress: Progress | None = None,
    endpoint: str | None = None,
) -> ModelFacts:
    """Convert a known translator from its original weights, or a directory that holds some.

    The result appears in ``models_folder`` under its name only when it is whole and can be read.

    Args:
        name_or_directory: Name in the catalogue (fetched by Transformers), or a directory.
        models_folder: Where models are kept; made if missing.
        quantization: How weights are kept; one of :data:`QUANTIZATIONS`.
        python: Interpreter that has :data:`NEEDED`; ``None`` is this one.
        seconds: The conversion is stopped after so long.
        progress: Hears the notice of a model that may not be used freely.
        endpoint: Base address of the hub; ``None`` leaves it to ``huggingface_hub``.

    Raises:
        PlanError: Such a model or quantization is not converted.
        ModelNotFound: The interpreter lacks something; the remedy is the command that installs it.
        EngineError: The converter failed, took too long, or wrote no model.
        LockedError: Another process makes this model.
        StoreError: The name is taken, or the disk failed.
    """
    if quantization not in QUANTIZATIONS:
        raise PlanError(
            f"{quantization!r} is not a quantization.", remedy=f"It is: {', '.join(QUANTIZATIONS)}."
        )
    interpreter, progress = str(python or sys.executable), progress or Silent()
    _require(interpreter)
    known = find_known(name_or_directory, "translator")
    source = Path(name_or_directory)
    if known is None and not source.is_dir():
        message = f"{name_or_directory!r} is neither a known translator nor a directory."
        raise PlanError(message, remedy="subkit models list names those that are known.")
    target = models_folder / (known.name if known else source.resolve().name)
    make_folder(models_folder)
    with lock_model(models_folder, target.name):
        if target.exists():
            message = f'"{target}" already exists.'
            raise StoreError(message, remedy="Remove it, or use it as it is.")
        if known and known.notice:
            progress.warn(known.notice)
        origin = _original(known, endpoint) if known else _Origin(name=str(source.resolve()))
        with tempfile.TemporaryDirectory(prefix=f".{target.name}.", dir=models_folder) as hidden:
            made = Path(hidden) / "model"
            shape = (f"--output_dir={made}", f"--quantization={quantization}")
            _run([interpreter, "-m", _CONVERTER, *origin.arguments, *shape], seconds, progress)
            if known is None:
                _copy_tokenizers(source, made)
            inspect_model(made, "translator")
            _publish(made, target, origin, quantization)
    name = known.name if known else str(target)
    return find_model(name, "translator", models_folder=models_folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Origin:
    """Where the weights come from: a directory, or a hub repository at a commit."""

    name: str
    revision: str = ""
    files: tuple[str, ...] = ()

    @property
    def arguments(self) -> list[str]:
        """What the converter is told of it."""
        if not self.revision:
            return [f"--model={self.name}"]
        where = [f"--model={self.name}", f"--revision={self.revision}"]
        return [*where, "--copy_files", *self.files]


def _original(known: KnownModel, endpoint: str | None) -> _Origin:
    """Small files are listed here; the converter has Transformers fetch the weights."""
    patterns = (*_TOKENIZERS, "config.json")
    listing = list_repository(known.original, None, patterns, endpoint=endpoint)
    files = tuple(file.name for file in listing.files if file.name != "config.json")
    return _Origin(name=known.original, revision=listing.revision, files=files)


def _require(interpreter: str) -> None:
    """Say which packages the interpreter lacks."""
    try:
        done = subprocess.run(
            [interpreter, "-c", _PROBE, *NEEDED],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_SECONDS,
            check=True,
        )
        lacking = json.loads(done.stdout)
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        message = f"{interpreter!r} does not answer as a Python: {error}."
        raise ModelNotFound(message, remedy="Name another interpreter with --python.") from error
    if lacking:
        message = f"Conversion needs {' and '.join(lacking)}, which {interpreter!r} does not have."
        packages = " ".join(lacking)
        remedy = (
            f"Run: {interpreter} -m pip install {packages} - or name a Python that has them with "
            "--python."
        )
        raise ModelNotFound(message, remedy=remedy, lacking=tuple(lacking))


def _run(command: Sequence[str], seconds: float, progress: Progress) -> None:
    progress.begin("convert", None, "s")
    try:
        subprocess.run(
            tethered(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=seconds,
            check=True,
        )
    except subprocess.TimeoutExpired as error:
        message = f"The conversion was stopped after {seconds:.0f} s."
        raise EngineError(message, remedy="Convert on a faster machine and copy it.") from error
    except subprocess.CalledProcessError as error:
        lines = error.stderr.decode(errors="replace").strip().splitlines()
        message = f"The conversion failed: {(lines or ['no reason was given'])[-1][:300]}"
        raise EngineError(message, remedy="See whether it is a translation model.") from error
    finally:
        progress.end("convert")


def _copy_tokenizers(source: Path, made: Path) -> None:
    wanted = [
        path
        for path in sorted(source.iterdir())
        if path.is_file() and any(fnmatch(path.name, pattern) for pattern in _TOKENIZERS)
    ]
    assert set(_TOKENIZERS) <= set(PATTERNS["translator"])
    for path in wanted:
        shutil.copyfile(path, made / path.name)


def _publish(made: Path, target: Path, origin: _Origin, quantization: str) -> None:
    entry = LockEntry(
        repository=origin.name,
        revision=f"{origin.revision}+{quantization}",
        files=digest_files(made, fresh=True),
    )
    # The record comes first: a folder without it would be trusted as it is.
    write_entry(target.parent, target.name, entry)
    publish_folder(made, target)
