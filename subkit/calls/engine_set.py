"""Engines that stay loaded from one call to the next."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.pipeline import LoadedRecognizer, LoadedTranslator, RunOptions, with_plugins

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from subkit.interfaces import Recognizer, Translator, VoiceDetector

__all__ = ["Engines", "engines_for"]


class Engines:
    """The models of several calls: each is loaded when it is first needed, and stays.

    Use it as a context manager, or close it. What it names goes before the options of a call.

    Args:
        model: Recogniser's model: name or directory.
        translator: Translator's model: name or directory; or an object, or a plug-in's name.
        recognizer: Recogniser plug-in: name or object.
        voice: Voice detector plug-in: name or object.
        device: ``"auto"``, ``"cpu"``, ``"cuda"`` or ``"cuda:1"``.
        models_folder: Where fetched models lie.
        offline: Open no connection.

    Raises:
        PluginError: a plug-in is not known, does not load or lacks a method.
    """

    def __init__(
        self,
        *,
        model: str | None = None,
        translator: str | Translator | None = None,
        recognizer: str | Recognizer | None = None,
        voice: str | VoiceDetector | None = None,
        device: str | None = None,
        models_folder: Path | str | None = None,
        offline: bool = False,
    ) -> None:
        named = translator if isinstance(translator, str) else None
        asked = RunOptions(model=model, translator=named, offline=offline)
        if translator is not None and named is None:
            asked = replace(asked, translator_plugin=translator)
        if recognizer is not None:
            asked = replace(asked, recognizer_plugin=recognizer)
        if voice is not None:
            asked = replace(asked, voice_plugin=voice)
        if models_folder is not None:
            asked = replace(asked, models_folder=Path(models_folder))
        self._asked = with_plugins(asked)
        self._device = device
        self.recognizer = LoadedRecognizer()
        self.translator = LoadedTranslator()

    def applied(self, options: RunOptions) -> RunOptions:
        """Return the options with what these engines name put in their place."""
        asked, usual = self._asked, RunOptions()
        names = (
            "model", "translator", "recognizer_plugin", "translator_plugin", "voice_plugin",
            "models_folder", "offline",
        )  # fmt: skip
        given = {name: getattr(asked, name) for name in names}
        options = replace(
            options,
            **{name: value for name, value in given.items() if value != getattr(usual, name)},
        )
        if self._device is None:
            return options
        return replace(
            options,
            recognition=replace(options.recognition, device=self._device),
            engine=replace(options.engine, device=self._device),
        )

    def close(self) -> None:
        """Give back memory and processes; the next call loads what it needs."""
        self.recognizer.close()
        self.translator = LoadedTranslator()

    def __enter__(self) -> Engines:  # noqa: PYI034 - typing.Self came with Python 3.11
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


@contextmanager
def engines_for(engines: Engines | None) -> Iterator[Engines]:
    """Give the caller's engines, or some that are closed at the end."""
    if engines is not None:
        yield engines
        return
    with Engines() as own:
        yield own
