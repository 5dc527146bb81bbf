"""Plug-ins that the options name or hold: made, looked at and guarded before any work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from subkit.engines import RefineOptions, find_known
from subkit.plugins import (
    GuardedAligner,
    GuardedRecognizer,
    GuardedRefiner,
    GuardedSpeakers,
    GuardedTranslator,
    GuardedVoice,
    RetryingTranslator,
    call_entry,
    give_object,
    is_builtin,
    plugin_names,
    plugin_rules,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from subkit.interfaces import (
        Aligner,
        Recognizer,
        Refiner,
        SpeakerBackend,
        Translator,
        VoiceDetector,
    )
    from subkit.pipeline.run_options import RunOptions
    from subkit.plugins import PluginName

__all__ = ["refiner_name", "voice_name", "with_plugins"]


def with_plugins(options: RunOptions) -> RunOptions:
    """Return the options with every plug-in of others made and held to its protocol.

    Subkit's own parts stay names, and what was made before stays as it is. A translator of the
    options that is the name of a plug-in, and of no model, is that plug-in.

    Raises:
        PluginError: a name is not known (the nearest is named), a plug-in does not load, or one
            lacks a method.
        EngineError: a plug-in failed while it was made.
    """
    options = _with_named_translator(options)
    options = replace(
        options,
        recognizer_plugin=_recognizer(options),
        translator_plugin=_translator(options),
        voice_plugin=_voice(options.voice_plugin),
        aligner_plugin=_aligner(options),
        speakers=_speakers(options.speakers),
        rules=plugin_rules(options.rules),
    )
    if is_builtin("refiners", options.refiner_plugin):
        return options
    refiner = _refiner(options)
    refine = options.refine or _Unaddressed(url="", model=refiner.name, lines=refiner.lines)
    return replace(options, refiner_plugin=refiner, refine=refine)


def refiner_name(refiner: Refiner) -> tuple[str, ...]:
    """Return what of a refiner plug-in goes into the key of its answers."""
    return _key(refiner.plugin) if isinstance(refiner, GuardedRefiner) else ()


def voice_name(options: RunOptions) -> tuple[tuple[str, ...], ...]:
    """Return what of the voice detector goes into the key of a transcript; nothing for our own."""
    voice = options.voice_plugin
    return (_key(voice.name),) if isinstance(voice, GuardedVoice) else ()


def _key(name: PluginName) -> tuple[str, ...]:
    return (name.kind, name.name, name.version)


class _Unaddressed(RefineOptions):
    """Options of a refiner that is reached by no address: it is in this process."""

    def __post_init__(self) -> None:
        """Take them as they are."""


def _with_named_translator(options: RunOptions) -> RunOptions:
    name = options.translator
    if name is None or not is_builtin("translators", options.translator_plugin):
        return options
    if is_builtin("translators", name) or name not in plugin_names("translators"):
        return options
    if find_known(name, "translator") is not None:
        return options
    return replace(options, translator=None, translator_plugin=name)


def _found(
    kind: str, plugin: Any, *arguments: object
) -> tuple[PluginName, Callable[[], Any], bool] | None:
    """Which plug-in it is, what makes it, and whether it is ours to close; ``None``: our own."""
    if is_builtin(kind, plugin):
        return None
    if isinstance(plugin, str):
        return (*call_entry(kind, plugin, *arguments), True)
    return give_object(kind, plugin), lambda: plugin, False


def _recognizer(options: RunOptions) -> str | Recognizer:
    plugin = options.recognizer_plugin
    if isinstance(plugin, GuardedRecognizer):
        return plugin
    found = _found("recognizers", plugin, options.model, options.recognition)
    return plugin if found is None else GuardedRecognizer(found[0], found[1], owned=found[2])


def _translator(options: RunOptions) -> str | Translator:
    plugin = options.translator_plugin
    if isinstance(plugin, GuardedTranslator):
        return plugin
    found = _found("translators", plugin, options.translator, options.engine)
    if found is None:
        return plugin
    made = found[1]()
    guard = RetryingTranslator if callable(getattr(made, "retry", None)) else GuardedTranslator
    return guard(found[0], made)


def _voice(plugin: str | VoiceDetector) -> str | VoiceDetector:
    if isinstance(plugin, GuardedVoice):
        return plugin
    found = _found("voice", plugin)
    return plugin if found is None else GuardedVoice(found[0], found[1]())


def _aligner(options: RunOptions) -> str | Aligner:
    plugin = options.aligner_plugin
    if isinstance(plugin, GuardedAligner):
        return plugin
    found = _found("aligners", plugin, options.model, options.recognition)
    return plugin if found is None else GuardedAligner(found[0], found[1](), owned=found[2])


def _speakers(plugin: str | SpeakerBackend) -> str | SpeakerBackend:
    if isinstance(plugin, GuardedSpeakers) or plugin in {"none", "auto"}:
        return plugin
    found = _found("speakers", plugin)
    return plugin if found is None else GuardedSpeakers(found[0], found[1]())


def _refiner(options: RunOptions) -> Refiner:
    plugin = options.refiner_plugin
    if isinstance(plugin, GuardedRefiner):
        return plugin
    found = _found("refiners", plugin, options.refine)
    assert found is not None
    return cast("Refiner", GuardedRefiner(found[0], found[1]()))
