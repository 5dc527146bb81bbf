"""A file and a request -> what was heard, by the calls of the library."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.calls import spot, transcribe
from subkit.errors import NoSpeechError
from subkit.interfaces import Silent
from subkit.language import join_words
from subkit.media import probe
from subkit.serve.serve_errors import ServeError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from subkit.calls import Engines
    from subkit.model import Project, Span
    from subkit.pipeline import RunOptions
    from subkit.serve.speech_requests import SpeechRequest

__all__ = ["RequestProgress", "SpeechAnswer", "StoppedError", "hear"]

_ENGLISH = "en"


class StoppedError(Exception):
    """Nobody waits for the answer any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechAnswer:
    """What was heard in a file.

    Attributes:
        duration: Of the media, seconds.
        language: BCP 47 language of the text; empty where nobody speaks.
        text: Everything that is said, as one text.
        project: The document; ``None`` where nobody speaks.
        model: Name of the recogniser.
    """

    duration: Fraction
    language: str = ""
    text: str = ""
    project: Project | None = None
    model: str = ""

    @property
    def language_confidence(self) -> float:
        """Share of the time of all windows whose language is that of the text, by probability."""
        transcript = None if self.project is None else self.project.transcript
        windows = () if transcript is None else transcript.windows
        whole = sum(float(window.span.duration) for window in windows)
        sure = sum(
            float(window.span.duration) * window.language_confidence
            for window in windows
            if window.language == self.language
        )
        return round(sure / whole, 4) if whole else 0.0


class RequestProgress(Silent):
    """Passes texts on as they come, and ends the work when nobody waits for it.

    Args:
        tell: Hears each text.
    """

    def __init__(self, tell: Callable[[str], None] | None = None) -> None:
        self.stopped = threading.Event()
        self._tell = tell

    def advance(self, stage: str, done: float) -> None:  # noqa: ARG002 - as the protocol has it
        """Go on, unless nobody waits.

        Raises:
            StoppedError: nobody does.
        """
        if self.stopped.is_set():
            raise StoppedError

    def tell(self, stage: str, span: Span, text: str) -> None:  # noqa: ARG002
        """Pass a text on."""
        if self._tell is not None:
            self._tell(text)


def hear(
    path: Path,
    request: SpeechRequest,
    options: RunOptions,
    engines: Engines,
    *,
    max_seconds: float,
    progress: RequestProgress,
) -> SpeechAnswer:
    """Recognise a file, and make cues of it where they are asked for.

    The project is written beside the file, as ``NAME.subkit``.

    Raises:
        ServeError: it is longer than is served.
        MediaError: it is no media.
        EngineError: the recogniser failed.
        PlanError: the model does not know the language.
    """
    media = probe(path)
    if media.duration > max_seconds:
        raise ServeError(
            f"The media is {float(media.duration) / 3600:.1f} hours long, and the server takes "
            f"{max_seconds / 3600:g}.",
            status=413,
        )
    asked = _options(request, options)
    project = path.with_suffix(".subkit")
    try:
        made = transcribe(path, project=project, options=asked, engines=engines, progress=progress)
    except NoSpeechError:
        return SpeechAnswer(duration=media.duration)
    if request.needs_cues:
        made = spot(project, options=asked, progress=progress)
    transcript = made.project.transcript
    assert transcript is not None
    language = _ENGLISH if request.task == "translate" else transcript.language
    return SpeechAnswer(
        duration=media.duration,
        language=language,
        text=join_words([word.text for word in transcript.words], language),
        project=made.project,
        model=(transcript.provenance.model or "") if transcript.provenance else "",
    )


def _options(request: SpeechRequest, options: RunOptions) -> RunOptions:
    """Return the server's options with what the request says in their place."""
    known = options.recognition
    temperatures = known.temperatures
    if request.temperature is not None:
        higher = (value for value in known.temperatures if value > request.temperature)
        temperatures = (request.temperature, *higher)
    recognition = replace(
        known,
        task=request.task,
        language=request.language or known.language,
        initial_prompt=request.prompt or known.initial_prompt,
        temperatures=temperatures,
    )
    return replace(options, recognition=recognition, shots="none", to=())
