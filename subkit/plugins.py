"""Plug-ins by kind and name: what subkit brings, and what other packages add by entry point.

A package adds one with, for example::

    [project.entry-points."subkit.recognizers"]
    mine = "my_package.recognizer:MyRecognizer"

Kinds and what an entry is called with are in ``docs/plugins.md``.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from subkit.errors import PluginError

__all__ = ["BUILTIN", "load_plugin", "plugin_names"]

BUILTIN: dict[str, dict[str, str]] = {
    "recognizers": {
        "whisper": "subkit.decode.engine:Engine",
        "whisper-in-process": "subkit.decode.recognizer:WhisperRecognizer",
    },
    "refiners": {"chat": "subkit.engines.chat_refiner:ChatRefiner"},
    "translators": {"ctranslate2": "subkit.engines.translators:open_translator"},
    "voice": {"silero": "subkit.decode.voice:SileroVoiceDetector"},
}
"""Kind -> name -> ``"module:attribute"``."""


def plugin_names(kind: str) -> tuple[str, ...]:
    """Names of the plug-ins of a kind, sorted.

    Raises:
        PluginError: there is no such kind.
    """
    if kind not in BUILTIN:
        raise PluginError(f"There is no plug-in kind {kind!r}.", remedy=f"Kinds: {_list(BUILTIN)}.")
    return tuple(sorted({*BUILTIN[kind], *entry_points(group=f"subkit.{kind}").names}))


def load_plugin(kind: str, name: str) -> Any:
    """The class or function of that name, imported now.

    Raises:
        PluginError: no such kind or name, or its module does not import.
    """
    names = plugin_names(kind)
    if name not in names:
        raise PluginError(f"There is no {kind} plug-in {name!r}.", remedy=f"Known: {_list(names)}.")
    if (target := BUILTIN[kind].get(name)) is None:
        (entry,) = entry_points(group=f"subkit.{kind}", name=name)
        target = entry.value
    module, _, attribute = target.partition(":")
    try:
        return getattr(import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise PluginError(
            f"The {kind} plug-in {name!r} ({target}) does not load: {error}.",
            remedy="Install what it needs, or remove the package that names it.",
        ) from error


def _list(names: Any) -> str:
    return ", ".join(sorted(names))
