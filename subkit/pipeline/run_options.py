"""Everything that shapes a run, as one value; defaults stand here."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from subkit.decode import RecognitionOptions, WindowOptions
from subkit.engines import RefineOptions, TranslatorOptions
from subkit.errors import PlanError
from subkit.media import AudioOptions, ShotOptions
from subkit.spotting import SpottingOptions
from subkit.styles import Styles
from subkit.translation import TranslationOptions

if TYPE_CHECKING:
    from subkit.interfaces import (
        Aligner,
        Recognizer,
        Refiner,
        Rule,
        SpeakerBackend,
        Translator,
        VoiceDetector,
    )

__all__ = ["RunOptions"]

_MAX_SPEAKERS = 100


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RunOptions:
    """Options of all stages.

    Attributes:
        to: BCP 47 languages to translate into; one, or several.
        model: Name or directory of the recogniser; ``None`` chooses by device.
        translator: Name or directory of the translator; ``None`` takes the default one.
        glossary: File of terms (CSV, TBX) to take into the project before translating.
        register: File of how people address each other (TOML, CSV), likewise.
        shots: Where shot changes come from: ``"auto"`` looks for them in the pictures, ``"none"``
            goes without, a path is an EDL or a list of times.
        encoding: Of a glossary or list of shot changes that is not UTF-8; ``None`` judges it from
            its bytes.
        shot_changes: What counts as one where they are looked for.
        recognizer_plugin: The recogniser: name of a plug-in, or an object.
        translator_plugin: The translator, likewise.
        voice_plugin: What tells speech from the rest, likewise.
        aligner_plugin: What tells when the words of a known text are said, likewise.
        speakers: Who speaks when: ``"none"`` does not ask; ``"auto"``, ``"ixml"``, ``"channel"`` or
            ``"diarization"``; name of a plug-in, or an object.
        speaker_count: How many people speak; ``None`` finds it out.
        rules: Rules of the quality check beside subkit's own: names of plug-ins, or objects.
        refine: Language model that gives translations another wording; ``None`` leaves them.
        refiner_plugin: The refiner: name of a plug-in, or an object.
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
    encoding: str | None = None
    shot_changes: ShotOptions = field(default_factory=ShotOptions)
    audio: AudioOptions = field(default_factory=AudioOptions)
    window: WindowOptions = field(default_factory=WindowOptions)
    recognition: RecognitionOptions = field(default_factory=RecognitionOptions)
    spotting: SpottingOptions = field(default_factory=SpottingOptions)
    translation: TranslationOptions = field(default_factory=TranslationOptions)
    engine: TranslatorOptions = field(default_factory=TranslatorOptions)
    recognizer_plugin: str | Recognizer = "whisper"
    translator_plugin: str | Translator = "ctranslate2"
    voice_plugin: str | VoiceDetector = "silero"
    aligner_plugin: str | Aligner = "whisper"
    speakers: str | SpeakerBackend = "none"
    speaker_count: int | None = None
    rules: tuple[str | Rule, ...] = ()
    refine: RefineOptions | None = None
    refiner_plugin: str | Refiner = "chat"
    memories: tuple[Path, ...] = ()
    models_folder: Path | None = None
    offline: bool = False

    def __post_init__(self) -> None:
        """Refuse what contradicts itself."""
        given: object = self.to
        if isinstance(given, str):  # "ko" is a language, not the languages k and o
            object.__setattr__(self, "to", (given,))
        if self.speaker_count is not None and not 1 <= self.speaker_count <= _MAX_SPEAKERS:
            raise PlanError(
                f"{self.speaker_count} is not a number of speakers.",
                remedy=f"Give 1 to {_MAX_SPEAKERS}, or leave it out.",
            )
        if self.offline and self.refine is not None and self.refine.url:
            raise PlanError(
                "Refining asks a language model over the network, which offline forbids.",
                remedy="Leave out --refine, or --offline.",
            )

    def __repr__(self) -> str:
        """What differs from the defaults."""
        usual = RunOptions()
        named = ((one.name, getattr(self, one.name)) for one in fields(self))
        told = (f"{name}={value!r}" for name, value in named if value != getattr(usual, name))
        return f"RunOptions({', '.join(told)})"
