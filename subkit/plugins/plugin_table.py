"""Plug-ins by kind and name: what subkit brings, and what other packages add by entry point.

A package adds one with, for example::

    [project.entry-points."subkit.recognizers"]
    mine = "my_package.recognizer:MyRecognizer"

Kinds and what an entry is called with are in ``docs/plugins.md``.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from subkit.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "BUILTIN",
    "KINDS",
    "PluginName",
    "find_entry",
    "is_builtin",
    "load_plugin",
    "name_object",
    "plugin_names",
]

BUILTIN: dict[str, dict[str, str]] = {
    "recognizers": {
        "whisper": "subkit.decode.engine:Engine",
        "whisper-in-process": "subkit.decode.recognizer:WhisperRecognizer",
    },
    "refiners": {"chat": "subkit.engines.chat_refiner:ChatRefiner"},
    "translators": {"ctranslate2": "subkit.engines.translators:open_translator"},
    "voice": {"silero": "subkit.decode.voice:SileroVoiceDetector"},
    "speakers": {
        "channel": "subkit.speakers.loudest_channel:ChannelBackend",
        "ixml": "subkit.speakers.loudest_channel:TrackBackend",
        "diarization": "subkit.speakers.diarizer:Diarizer",
    },
    "aligners": {"whisper": "subkit.decode.engine:Engine"},
    "rules": {},
    "readers": {},
    "writers": {},
}
"""Kind -> name -> ``"module:attribute"``; subkit's formats and rules have tables of their own."""

KINDS = {
    "recognizers": "recogniser",
    "refiners": "refiner",
    "translators": "translator",
    "voice": "voice detector",
    "speakers": "speaker backend",
    "aligners": "aligner",
    "rules": "rule",
    "readers": "reader",
    "writers": "writer",
}
"""What one plug-in of a kind is called in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginName:
    """Which plug-in it is: for errors, for the provenance, and for the key of what it makes.

    Attributes:
        kind: For example ``"recognizers"``.
        name: Name of its entry point, or of the class of an object.
        version: Of the package that brings it, or the object's attribute ``version``.
    """

    kind: str
    name: str
    version: str = ""

    def __str__(self) -> str:
        """Return how a sentence calls it: ``recogniser 'mine'``."""
        return f"{KINDS[self.kind]} {self.name!r}"


def plugin_names(kind: str) -> tuple[str, ...]:
    """Return the names of the plug-ins of a kind, sorted.

    Raises:
        PluginError: there is no such kind.
    """
    if kind not in BUILTIN:
        raise PluginError(f"There is no plug-in kind {kind!r}.", remedy=f"Kinds: {_list(BUILTIN)}.")
    return tuple(sorted({*BUILTIN[kind], *entry_points(group=f"subkit.{kind}").names}))


def is_builtin(kind: str, name: object) -> bool:
    """Return whether it is the name of a part that subkit itself brings."""
    return isinstance(name, str) and name in BUILTIN[kind]


def load_plugin(kind: str, name: str) -> Any:
    """Return the class or function of that name, imported now.

    Raises:
        PluginError: no such kind or name, or its module does not import.
    """
    return find_entry(kind, name)[1]


def find_entry(kind: str, name: str) -> tuple[PluginName, Any]:
    """Return which plug-in a name means, and its class or function, imported now.

    A name of subkit's own is never another package's.

    Raises:
        PluginError: no such kind or name, or its module does not import.
    """
    names = plugin_names(kind)
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise PluginError(
            f"There is no {KINDS[kind]} plug-in {name!r}.",
            remedy=f"{hint}Known: {_list(names) or 'none'}.",
        )
    version, target = "", BUILTIN[kind].get(name)
    if target is None:
        entry = next(iter(entry_points(group=f"subkit.{kind}", name=name)))
        target = entry.value
        version = entry.dist.version if entry.dist is not None else ""
    return PluginName(kind=kind, name=name, version=version), _import(kind, name, target)


def _import(kind: str, name: str, target: str) -> Any:
    module, _, attribute = target.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except Exception as error:
        raise PluginError(
            f"The {KINDS[kind]} plug-in {name!r} ({target}) does not load: {error}.",
            remedy="Install what it needs, or remove the package that names it.",
        ) from error


def name_object(kind: str, plugin: object) -> PluginName:
    """Return the name of an object that was given itself: its class, and its ``version``."""
    made = type(plugin)
    name = f"{made.__module__}.{made.__qualname__}".removeprefix("__main__.")
    return PluginName(kind=kind, name=name, version=str(getattr(plugin, "version", "")))


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
