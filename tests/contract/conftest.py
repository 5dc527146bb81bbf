"""The suites of the contracts, for subkit's own parts and for those of others.

An author runs them on their own part, in a clone of subkit::

    pytest tests/contract --plugin recognizers=my_package.recognizer:MyRecognizer

What ``--plugin`` names is called as its entry point would be; an object is taken as it is.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from subkit.decode import RecognitionOptions
from subkit.decode.recognizer import WhisperRecognizer
from subkit.decode.voice import SileroVoiceDetector
from subkit.engines import (
    ScriptedTranslator,
    TranslatorOptions,
    default_models_folder,
    find_model,
    find_voice_weights,
    open_translator,
)
from subkit.formats import known_formats, reader_for, writer_for
from subkit.plugins import KINDS
from subkit.quality import RULES
from subkit.speakers import ChannelBackend, Diarizer, TrackBackend
from tests.contract.sample_plugins import (
    EvenAligner,
    LoudnessVoice,
    LoudRecognizer,
    NoExclamation,
    PlainReader,
    PlainWriter,
    PoliteRefiner,
    ShoutingTranslator,
    TakingTurns,
)

if TYPE_CHECKING:
    from collections.abc import Callable

NOWHERE = Path("no-such-folder")
WEIGHTS = find_voice_weights(default_models_folder({}))
"""Of the voice encoder, where it was fetched."""


def _demo_recognizer() -> Any:
    model = find_model("demo", "recognizer", models_folder=NOWHERE)
    return WhisperRecognizer(model, RecognitionOptions(device="cpu", threads=1))


def _demo_translator() -> Any:
    model = find_model("demo", "translator", models_folder=NOWHERE)
    return open_translator(model, TranslatorOptions(device="cpu", threads=1))


OWN: dict[str, dict[str, Callable[[], Any]]] = {
    "recognizers": {"demo": _demo_recognizer, "sample": LoudRecognizer},
    "aligners": {"demo": _demo_recognizer, "sample": EvenAligner},
    "translators": {
        "demo": _demo_translator,
        "scripted": lambda: ScriptedTranslator({}),
        "sample": ShoutingTranslator,
    },
    "refiners": {"sample": PoliteRefiner},
    "speakers": {
        "channel": ChannelBackend,
        "ixml": lambda: TrackBackend({0: "ANN", 1: "BOB"}),
        **({"diarization": partial(Diarizer, WEIGHTS)} if WEIGHTS else {}),
        "sample": TakingTurns,
    },
    "voice": {"silero": SileroVoiceDetector, "sample": LoudnessVoice},
    "rules": {"sample": NoExclamation, **{rule.name: lambda rule=rule: rule for rule in RULES}},  # type: ignore[misc]
    "readers": {
        "sample": PlainReader,
        **{f.extension: lambda e=f.extension: reader_for(e) for f in known_formats() if f.reads},  # type: ignore[misc]
    },
    "writers": {
        "sample": PlainWriter,
        **{f.extension: lambda e=f.extension: writer_for(e) for f in known_formats() if f.writes},  # type: ignore[misc]
    },
}
"""Kind -> name -> what makes one; a test that asks for ``make_recognizers`` runs with each."""

ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "recognizers": (None, RecognitionOptions(device="cpu", threads=1)),
    "aligners": (None, RecognitionOptions(device="cpu", threads=1)),
    "translators": (None, TranslatorOptions(device="cpu", threads=1)),
    "refiners": (None,),
}
"""What an entry of a kind is called with."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--plugin", action="append", default=[], metavar="KIND=MODULE:NAME", help="your own part"
    )


def _made(part: Any, arguments: tuple[Any, ...]) -> Any:
    return part(*arguments) if callable(part) else part


def _given(config: pytest.Config, kind: str) -> dict[str, Callable[[], Any]]:
    found: dict[str, Callable[[], Any]] = {}
    for text in config.getoption("plugin", default=()):
        wanted, _, target = text.partition("=")
        if wanted not in KINDS or ":" not in target:
            raise pytest.UsageError(
                f"--plugin {text}: give KIND=MODULE:NAME, of {', '.join(KINDS)}"
            )
        if wanted == kind:
            module, _, name = target.partition(":")
            part = getattr(import_module(module), name)
            found[target] = partial(_made, part, ARGUMENTS.get(kind, ()))
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for kind, own in OWN.items():
        if f"make_{kind}" in metafunc.fixturenames:
            makers = _given(metafunc.config, kind) or own
            metafunc.parametrize(f"make_{kind}", makers.values(), ids=makers)
