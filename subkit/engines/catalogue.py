"""The models that subkit knows by name, read from ``catalogue.toml``."""

from __future__ import annotations

import difflib
import sys
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from subkit.engines.codes import family_languages
from subkit.errors import ModelNotFound

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "DEFAULT_TRANSLATOR",
    "KINDS",
    "Kind",
    "KnownModel",
    "ModelPackage",
    "default_recognizer",
    "find_known",
    "get_known",
    "known_models",
]

Kind = Literal["recognizer", "translator"]
"""What a model does."""

KINDS: tuple[Kind, ...] = ("recognizer", "translator")

DEFAULT_TRANSLATOR = "m2m100-418m"
"""Many languages, MIT: it may be used commercially."""

_GIB = 1024**3


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPackage:
    """A Python package that holds files of a model, whole or in part.

    Attributes:
        name: Name of the distribution.
        version: The version whose files are known.
        folder: Folder of the files, relative to where packages are installed.
        files: File of that folder, by the file of the model that it is a part of.
    """

    name: str
    version: str
    folder: str
    files: Mapping[str, str]

    @property
    def requirement(self) -> str:
        """How pip names it: ``name==version``."""
        return f"{self.name}=={self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownModel:
    """A model that can be fetched by name.

    Attributes:
        name: What a person writes.
        kind: ``"recognizer"`` or ``"translator"``.
        family: ``"whisper"``, ``"m2m100"``, ``"madlad"``, ``"marian"`` or ``"nllb"``.
        repository: Hub repository, ``owner/name``.
        revision: Commit of it; ``None`` is pinned by the first fetch.
        weights_sha256: Digest of ``model.bin`` at that revision, empty where not known.
        digests: Digests of other files at that revision, by name, where they are known.
        size_bytes: Size to be fetched, about.
        license: SPDX id.
        commercial: Commercial use is allowed.
        languages: BCP 47 languages it knows; of a one-pair translator, source and target.
        notice: What a person must know before using it.
        translates: A recogniser that can also write English for speech in another language.
        aliases: Other names for it.
        original: Hub repository of the weights it was converted from; empty for those that were not
            (``subkit models fetch --convert``).
        packages: Packages that hold its files, in the order in which parts are joined; empty where
            there are none.
    """

    name: str
    kind: Kind
    family: str
    repository: str
    revision: str | None
    size_bytes: int
    license: str
    languages: tuple[str, ...]
    weights_sha256: str = ""
    commercial: bool = True
    notice: str = ""
    translates: bool = False
    aliases: tuple[str, ...] = ()
    original: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)
    packages: tuple[ModelPackage, ...] = ()

    @property
    def published(self) -> dict[str, str]:
        """Sha256 of the files that are known at that revision, by name."""
        weights = {"model.bin": self.weights_sha256} if self.weights_sha256 else {}
        return {**self.digests, **weights}

    @property
    def install_command(self) -> str:
        """The command that installs its packages; empty where there are none."""
        requirements = " ".join(package.requirement for package in self.packages)
        return f"pip install {requirements}" if requirements else ""

    @property
    def english_only(self) -> bool:
        """Whether it writes English whatever is spoken."""
        return self.languages == ("en",)


def known_models(kind: str | None = None) -> tuple[KnownModel, ...]:
    """The known models of a kind, or all of them, in the order of the catalogue."""
    return tuple(model for model in _catalogue() if kind is None or model.kind == kind)


def find_known(name: str, kind: str | None = None) -> KnownModel | None:
    """The known model of that name or alias (case does not matter), or ``None``."""
    wanted = name.casefold()
    for model in known_models(kind):
        if wanted in {alias.casefold() for alias in (model.name, *model.aliases)}:
            return model
    return None


def get_known(name: str, kind: str | None = None) -> KnownModel:
    """The known model of that name.

    Raises:
        ModelNotFound: There is none; the remedy names the nearest ones.
    """
    model = find_known(name, kind)
    if model is not None:
        return model
    other = find_known(name)
    if other is not None:
        message = f'"{name}" is a {other.kind}, not a {kind}.'
        raise ModelNotFound(message, remedy=_choices(kind), name=name, kind=kind)
    names = {alias: m.name for m in known_models(kind) for alias in (m.name, *m.aliases)}
    close = difflib.get_close_matches(name, list(names), n=3, cutoff=0.5)
    nearest = list(dict.fromkeys(names[match] for match in close))
    hint = f"Did you mean {' or '.join(nearest)}? " if nearest else ""
    message = f'No model is known by the name "{name}", and there is no such directory.'
    raise ModelNotFound(message, remedy=hint + _choices(kind), name=name, nearest=tuple(nearest))


def default_recognizer(device: str, memory_bytes: int = 0) -> str:
    """The real Whisper model to use on a device where none was named.

    On CUDA: large-v3 (its float16 weights and beams need about 5 GB), turbo below 6 GiB of device
    memory, small below 3 GiB. On a CPU: small, which keeps to about real time on two cores in int8
    and needs about 1 GB; base below 4 GiB of memory, tiny below 2 GiB.

    Args:
        device: ``"cuda"`` (with or without an index) or ``"cpu"``.
        memory_bytes: Memory of that device; 0 where it is not known.
    """
    memory = memory_bytes or 1024 * _GIB
    if device.startswith("cuda"):
        if memory < 3 * _GIB:
            return "small"
        return "turbo" if memory < 6 * _GIB else "large-v3"
    if memory < 2 * _GIB:
        return "tiny"
    return "base" if memory < 4 * _GIB else "small"


def _choices(kind: str | None) -> str:
    names = ", ".join(model.name for model in known_models(kind))
    return f"Known are: demo, {names}; or name a directory that holds a CTranslate2 model."


@lru_cache(maxsize=1)
def _catalogue() -> tuple[KnownModel, ...]:
    text = files("subkit.engines").joinpath("catalogue.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return tuple(_read(kind, name, row) for kind in KINDS for name, row in data[kind].items())


def _read(kind: Kind, name: str, row: dict[str, Any]) -> KnownModel:
    languages = row["languages"]
    known = family_languages(languages) if isinstance(languages, str) else tuple(languages)
    recognizer = kind == "recognizer"
    return KnownModel(
        name=name,
        kind=kind,
        family=row.get("family", "whisper"),
        repository=row["repository"],
        revision=row.get("revision"),
        weights_sha256=row.get("weights_sha256", ""),
        size_bytes=row["size_bytes"],
        license=row["license"],
        commercial=row.get("commercial", True),
        languages=known,
        notice=row.get("notice", ""),
        translates=row.get("translates", recognizer and len(known) > 1),
        aliases=tuple(row.get("aliases", ())),
        original=row.get("original", ""),
        digests=row.get("digests", {}),
        packages=tuple(ModelPackage(**package) for package in row.get("packages", ())),
    )
