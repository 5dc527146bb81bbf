"""``subkit spot``: words to cues, of a project or of a JSON file of words."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import FormatError, InputError, PlanError
from subkit.formats import writer_for
from subkit.language import parse_language
from subkit.model import FrameRate, Media, Span, Track, Word, seconds
from subkit.pipeline import SOUND_ONLY_RATE, RunOptions, listed_shots, spot_project
from subkit.spotting import spot
from subkit.store import ProjectFile, publish
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.planning import STYLE_KEYS, options_from, settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]

_MILLISECONDS = 1000
_MAX_BYTES = 64 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit spot``."""
    parser.add_argument(
        "file", type=Path, metavar="PROJECT|WORDS.json", help="project file, or words as JSON"
    )
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help="subtitle file (of words)")
    parser.add_argument("--language", metavar="LANG", help="language of the words")
    parser.add_argument("--fps", metavar="RATE", help="frame rate of the grid, e.g. 24000/1001")
    add_settings(parser, ("shots", *STYLE_KEYS, "overwrite"))


def run(arguments: argparse.Namespace) -> int:
    """Spot a project's transcript, or a file of words."""
    settings = settings_from(arguments)
    options = options_from(settings)
    if arguments.file.suffix.lower() != ".json":
        with console.progress(arguments) as progress, ProjectFile.open(arguments.file) as store:
            project = spot_project(store, options, progress)
        track = next(track for track in project.tracks if track.source is None)
        place = str(arguments.file)
    else:
        track = _spot_words(arguments, options, overwrite=settings.get("overwrite", False))
        place = str(arguments.output)
    if arguments.json:
        console.print_json({"file": place, "language": track.language, "cues": len(track.cues)})
    else:
        console.print_line(place if arguments.quiet else f"{place}: {len(track.cues)} cues")
    return DONE


def _spot_words(arguments: argparse.Namespace, options: RunOptions, *, overwrite: bool) -> Track:
    if arguments.output is None:
        raise PlanError("Words need a place for their cues.", remedy="Give -o OUT.srt.")
    writer = writer_for(arguments.output.suffix.lstrip("."))
    language, words = _read(arguments.file)
    tag = parse_language(arguments.language or language).tag
    rate = FrameRate(seconds(arguments.fps)) if arguments.fps else SOUND_ONLY_RATE
    profile = options.style.load(tag)
    shots = None
    if isinstance(options.shots, Path):
        shots = listed_shots(options.shots, rate=rate)
    cues = spot(
        words, profile=profile, rate=rate, language=tag, shots=shots, options=options.spotting
    )
    track = Track(id=tag, language=tag, profile=profile.id, cues=cues)
    end = max((cue.span.end for cue in cues), default=Fraction(0))
    media = Media(path=str(arguments.file), digest="", duration=end, frame_rate=rate)
    publish(arguments.output, writer.write(track, media), overwrite=overwrite)
    return track


def _read(path: Path) -> tuple[str, list[Word]]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{str(path)!r} is longer than 64 MiB.")
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{str(path)!r} cannot be read: {reason}.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise FormatError(f"{str(path)!r} is not JSON: {error}.") from error
    try:
        words = [_word(item) for item in data["words"]]
        return str(data.get("language", "und")), words
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise FormatError(
            f"{str(path)!r} is not a file of words: {error!r}.",
            remedy='It is {"language": "en", "words": [{"text", "start", "end"}]}, in seconds.',
        ) from error


def _word(item: dict[str, Any]) -> Word:
    start, end = (
        Fraction(round(float(item[key]) * _MILLISECONDS), _MILLISECONDS) for key in ("start", "end")
    )
    start = max(start, Fraction(0))
    confidence = item.get("confidence")
    return Word(
        text=str(item["text"]).strip(),
        span=Span(start, max(start, end)),
        confidence=None if confidence is None else float(confidence),
        speaker=item.get("speaker"),
    )
