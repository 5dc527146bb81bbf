"""What was heard -> the body of an answer, in the format that was asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from subkit.language.tags import resolve_language
from subkit.pipeline import written_track

if TYPE_CHECKING:
    from subkit.model import Project, Track
    from subkit.serve.hearing import SpeechAnswer
    from subkit.serve.speech_requests import SpeechRequest

__all__ = ["MACHINE_HEADER", "NOTICE", "TYPES", "language_name", "machine_note", "rendered"]

MACHINE_HEADER = "x-subkit-machine-made"
NOTICE = "Machines made this text, and nobody has reviewed it."

TYPES = {
    "json": "application/json",
    "verbose_json": "application/json",
    "text": "text/plain; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "vtt": "text/vtt; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
"""Output -> type of the body."""


def rendered(heard: SpeechAnswer, request: SpeechRequest, kept: str = "") -> bytes:
    """Return the body of an answer.

    Args:
        heard: What was heard.
        request: What was asked for.
        kept: Name of the project that was kept for review; empty where none was.
    """
    if request.output == "text":
        return (heard.text + "\n").encode()
    if request.output in {"srt", "vtt"}:
        return _subtitle(heard.project, request.output)
    if request.output == "tsv":
        return _table(heard.project)
    document: dict[str, Any] = {"text": heard.text}
    if request.output == "verbose_json":
        document |= _verbose(heard, request)
    document["subkit"] = machine_note(heard, kept)
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def machine_note(heard: SpeechAnswer, kept: str = "") -> dict[str, Any]:
    """Return what an answer says of how it was made."""
    return {
        "machine_made": True,
        "reviewed": False,
        "notice": NOTICE,
        "model": heard.model,
        "project": kept or None,
    }


def language_name(tag: str) -> str:
    """Return the English name of a language in small letters, as Whisper has it."""
    return resolve_language(tag).name.lower() if tag else ""


def _track(project: Project | None) -> Track | None:
    return project.tracks[0] if project is not None and project.tracks else None


def _subtitle(project: Project | None, extension: str) -> bytes:
    track = _track(project)
    if project is None or track is None:
        return b"WEBVTT\n" if extension == "vtt" else b""
    return written_track(project, track, extension).data


def _table(project: Project | None) -> bytes:
    """Milliseconds and text, tab-separated, as Whisper's own program writes it."""
    track = _track(project)
    rows = ["start\tend\ttext"]
    for cue in track.cues if track is not None else ():
        begin, end = (round(1000 * moment) for moment in (cue.span.start, cue.span.end))
        rows.append(f"{begin}\t{end}\t{' '.join(cue.lines)}".replace("\n", " "))
    return ("\n".join(rows) + "\n").encode()


def _verbose(heard: SpeechAnswer, request: SpeechRequest) -> dict[str, Any]:
    found: dict[str, Any] = {
        "task": request.task,
        "language": language_name(heard.language),
        "language_code": heard.language,
        "duration": float(heard.duration),
    }
    track = _track(heard.project)
    if request.cues:
        found["segments"] = [
            {
                "id": number,
                "start": _seconds(cue.span.start),
                "end": _seconds(cue.span.end),
                "text": " ".join(cue.lines),
                "confidence": cue.confidence,
            }
            for number, cue in enumerate(track.cues if track is not None else ())
        ]
    if request.words:
        transcript = None if heard.project is None else heard.project.transcript
        found["words"] = [
            {
                "word": word.text,
                "start": _seconds(word.span.start),
                "end": _seconds(word.span.end),
                "confidence": word.confidence,
            }
            for word in (transcript.words if transcript is not None else ())
        ]
    return found


def _seconds(moment: Any) -> float:
    return round(float(moment), 3)
