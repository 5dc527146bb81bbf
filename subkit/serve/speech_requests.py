"""What a client asks to be done with a file, whichever API it speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.language.tags import parse_language
from subkit.serve.serve_errors import ServeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "BAZARR_FORMATS",
    "BAZARR_OPTIONS",
    "OPENAI_FORMATS",
    "OPENAI_OPTIONS",
    "SpeechRequest",
    "bazarr_request",
    "detection_request",
    "openai_request",
]

OPENAI_OPTIONS = frozenset(
    {"model", "language", "prompt", "response_format", "temperature", "stream"}
    | {"timestamp_granularities[]", "chunking_strategy"}
)
OPENAI_FORMATS = ("json", "text", "srt", "verbose_json", "vtt")
BAZARR_OPTIONS = frozenset(
    {"task", "language", "output", "encode", "initial_prompt", "word_timestamps", "vad_filter"}
    | {"video_file"}
)
BAZARR_FORMATS = ("txt", "text", "vtt", "srt", "tsv", "json")
_MAX_PROMPT = 4096
_GRAINS = "timestamp_granularities"
"""The one field that may be there twice; some clients leave out the brackets of its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechRequest:
    """What to make of a file.

    Attributes:
        task: ``"transcribe"``, or ``"translate"`` into English.
        language: BCP 47 language spoken; ``None`` finds it out.
        prompt: Text that might have been said before.
        temperature: Sampling temperature; ``None`` and 0 are the model's own way.
        output: ``"json"``, ``"text"``, ``"verbose_json"``, ``"srt"``, ``"vtt"`` or ``"tsv"``.
        words: Whether words are answered with their times.
        cues: Whether cues are answered, where the output is ``"verbose_json"``.
        stream: Whether text is sent as it comes.
        keep: Whether a server that keeps projects keeps this one.
    """

    task: str = "transcribe"
    language: str | None = None
    prompt: str | None = None
    temperature: float | None = None
    output: str = "json"
    words: bool = False
    cues: bool = True
    stream: bool = False
    keep: bool = True

    @property
    def needs_cues(self) -> bool:
        """Whether words must be made into cues."""
        return self.output in {"srt", "vtt", "tsv"} or (self.output == "verbose_json" and self.cues)


def openai_request(
    fields: Iterable[tuple[str, str]], task: str, models: Iterable[str]
) -> SpeechRequest:
    """Read the fields of OpenAI's ``createTranscription`` or ``createTranslation``.

    Args:
        fields: As they were sent.
        task: ``"transcribe"`` or ``"translate"``.
        models: Names that the server's model answers to.

    Raises:
        ServeError: a field is unknown, there twice, or has a value that is not served.
    """
    fields = list(fields)
    grains = [value for name, value in fields if name.startswith("timestamp_granularities")]
    given = _single(
        [pair for pair in fields if not pair[0].startswith("timestamp_granularities")],
        OPENAI_OPTIONS,
    )
    model = given.get("model", "")
    if model and model not in models:
        raise ServeError(
            f"The model {model!r:.80} is not served here.",
            status=404,
            remedy=f"Ask for {' or '.join(models)}.",
            field="model",
        )
    if task == "translate" and "language" in given:
        raise ServeError("A translation is into English, and takes no language.", field="language")
    output = _one_of(given, "response_format", OPENAI_FORMATS, "json")
    stream = _yes(given, "stream", default=False)
    if stream and output not in {"json", "text"}:
        raise ServeError(f"Text is streamed as json or text, not as {output}.", field="stream")
    _one_of(given, "chunking_strategy", ("auto",), "auto")
    if unknown := set(grains) - {"word", "segment"}:
        raise ServeError(
            f"{sorted(unknown)[0]!r:.40} is no granularity of timestamps.",
            remedy="Ask for word, segment or both.",
            field="timestamp_granularities",
        )
    if grains and output != "verbose_json":
        raise ServeError(
            "Granularities of timestamps need the response_format verbose_json.",
            field="timestamp_granularities",
        )
    return SpeechRequest(
        task=task,
        language=_language(given.get("language", "")),
        prompt=_prompt(given.get("prompt", ""), "prompt"),
        temperature=_temperature(given.get("temperature", "")),
        output=output,
        words="word" in grains,
        cues=not grains or "segment" in grains,
        stream=stream,
    )


def bazarr_request(query: Iterable[tuple[str, str]]) -> tuple[SpeechRequest, bool]:
    """Read the query of ``/asr``; also whether the file has a container, or is bare samples.

    Raises:
        ServeError: a parameter is unknown, there twice, or has a value that is not served.
    """
    given = _single(query, BAZARR_OPTIONS)
    output = _one_of(given, "output", BAZARR_FORMATS, "txt")
    if not _yes(given, "vad_filter", default=True):
        raise ServeError("Voice detection is always on here.", field="vad_filter")
    named = {"txt": "text", "json": "verbose_json"}
    request = SpeechRequest(
        task=_one_of(given, "task", ("transcribe", "translate"), "transcribe"),
        language=_language(given.get("language", "")),
        prompt=_prompt(given.get("initial_prompt", ""), "initial_prompt"),
        output=named.get(output, output),
        words=_yes(given, "word_timestamps", default=False),
    )
    return request, _yes(given, "encode", default=True)


def detection_request(query: Iterable[tuple[str, str]]) -> bool:
    """Read the query of ``/detect-language``: whether the file has a container.

    Raises:
        ServeError: a parameter is unknown, there twice, or neither true nor false.
    """
    given = _single(query, frozenset({"encode", "video_file"}))
    return _yes(given, "encode", default=True)


def _single(pairs: Iterable[tuple[str, str]], known: frozenset[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in known:
            raise ServeError(
                f"The option {name!r:.60} is not known here.",
                remedy=f"Known are {', '.join(sorted(known))}.",
                field=name[:60],
            )
        if name in given:
            raise ServeError(f"The option {name!r} is there twice.", field=name)
        given[name] = value
    return given


def _one_of(given: Mapping[str, str], name: str, values: tuple[str, ...], default: str) -> str:
    """Return a value that is one of several.

    Raises:
        ServeError: it is none of them.
    """
    value = given.get(name) or default
    if value not in values:
        raise ServeError(
            f"{name} cannot be {value!r:.40}.", remedy=f"Give {' or '.join(values)}.", field=name
        )
    return value


def _yes(given: Mapping[str, str], name: str, *, default: bool) -> bool:
    """Return a value that is true or false.

    Raises:
        ServeError: it is neither.
    """
    value = given.get(name, "").lower()
    if value in {"true", "1", "yes", "on"}:
        return True
    if value in {"false", "0", "no", "off"}:
        return False
    if value:
        raise ServeError(f"{name} is true or false, not {value!r:.40}.", field=name)
    return default


def _language(text: str) -> str | None:
    if text in {"", "auto"}:
        return None
    try:
        return parse_language(text[:80]).tag
    except PlanError as error:
        raise ServeError(error.message, remedy=error.remedy, field="language") from error


def _prompt(text: str, name: str) -> str | None:
    if len(text) > _MAX_PROMPT:
        raise ServeError(f"{name} is longer than {_MAX_PROMPT} characters.", field=name)
    return text.strip() or None


def _temperature(text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text[:20])
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise ServeError(
            f"temperature is a number from 0 to 1, not {text!r:.20}.", field="temperature"
        )
    return value or None
