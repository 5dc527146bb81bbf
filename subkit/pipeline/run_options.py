"""Everything that shapes a run, as one value; defaults stand here."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from subkit.decode import RecognitionOptions, WindowOptions
from subkit.engines import RefineOptions, TranslatorOptions
from subkit.media import AudioOptions, ShotOptions
from subkit.spotting import SpottingOptions
from subkit.styles import Styles
from subkit.translation import TranslationOptions

__all__ = ["RunOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """Options of all stages.

    Attributes:
        to: BCP 47 languages to translate into.
        model: Name or directory of the recogniser; ``None`` chooses by device.
        translator: Name or directory of the translator; ``None`` takes the default one.
        glossary: File of terms (CSV, TBX) to take into the project before translating.
        register: File of how people address each other (TOML, CSV), likewise.
        shots: Where shot changes come from: ``"auto"`` looks for them in the pictures, ``"none"``
            goes without, a path is an EDL or a list of times.
        shot_changes: What counts as one where they are looked for.
        recognizer_plugin: Name of the recogniser plug-in.
        translator_plugin: Name of the translator plug-in.
        refine: Language model that gives translations another wording; ``None`` leaves them.
        refiner_plugin: Name of the refiner plug-in.
        memories: TMX and project files whose approved lines are used again.
        models_folder: Where fetched models lie; ``None`` is the user's data folder.
        offline: Open no socket.
    """

    to: tuple[str, ...] = ()
    model: str | None = None
    translator: str | None = None
    glossary: Path | None = None
    register: Path | None = None
    style: Styles = field(default_factory=Styles)
    shots: Literal["auto", "none"] | Path = "auto"
    shot_changes: ShotOptions = field(default_factory=ShotOptions)
    audio: AudioOptions = field(default_factory=AudioOptions)
    window: WindowOptions = field(default_factory=WindowOptions)
    recognition: RecognitionOptions = field(default_factory=RecognitionOptions)
    spotting: SpottingOptions = field(default_factory=SpottingOptions)
    translation: TranslationOptions = field(default_factory=TranslationOptions)
    engine: TranslatorOptions = field(default_factory=TranslatorOptions)
    recognizer_plugin: str = "whisper"
    translator_plugin: str = "ctranslate2"
    refine: RefineOptions | None = None
    refiner_plugin: str = "chat"
    memories: tuple[Path, ...] = ()
    models_folder: Path | None = None
    offline: bool = False
