"""``subkit spot``: words to cues, of a project or of a JSON file of words."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import InputError, PlanError
from subkit.files.encodings import recode
from subkit.files.plain_text import Repairs
from subkit.files.regular_files import open_regular
from subkit.formats import read_words
from subkit.language import parse_language
from subkit.model import SOUND_ONLY_RATE, Media, Project, Track
from subkit.pipeline import listed_shots, spot_project
from subkit.plugins import writer_for
from subkit.quality import check_track
from subkit.spotting import spot
from subkit.store import ProjectFile, publish
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.run_report import counted, findings_json
from subkit_cli.run_settings import STYLE_KEYS, frame_rate_from, options_from, settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

    from subkit.model import Finding, Word
    from subkit.pipeline import RunOptions

__all__ = ["add_arguments", "run"]

_MAX_BYTES = 64 * 1024 * 1024


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit spot``."""
    parser.add_argument(
        "file", type=Path, metavar="PROJECT|WORDS.json", help="project file, or words as JSON"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="subtitle file to write (for words)"
    )
    parser.add_argument("--language", metavar="LANG", help="language of the words")
    parser.add_argument(
        "--encoding", metavar="NAME", help="encoding of the words (default: judged from its bytes)"
    )
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
        findings = check_track(project, track, options.style)
        place = str(arguments.file)
    else:
        overwrite = settings.get("overwrite", False)
        track, findings = _spot_words(arguments, options, overwrite=overwrite)
        place = str(arguments.output)
    cues = len(track.cues)
    if arguments.json:
        facts = {"file": place, "language": track.language, "cues": cues}
        console.print_json({**facts, **findings_json({track.id: findings})})
    elif arguments.quiet:
        console.print_line(place)
    else:
        console.print_line(f"{place}: {counted(cues, 'cue')}, {counted(len(findings), 'finding')}")
    return DONE


def _spot_words(
    arguments: argparse.Namespace, options: RunOptions, *, overwrite: bool
) -> tuple[Track, list[Finding]]:
    """Cues of a file of words, written, and what the check finds in them."""
    if arguments.output is None:
        raise PlanError("No file was named for the cues.", remedy="Give -o OUT.srt.")
    writer = writer_for(arguments.output.suffix.lstrip("."))
    language, words = _read(arguments.file, arguments.encoding)
    tag = parse_language(arguments.language or language).tag
    if tag == "und":
        console.warn("The language is not known; name it with --language.")
    rate = frame_rate_from(arguments.fps) or SOUND_ONLY_RATE
    profile = options.style.load(tag)
    shots = None
    if isinstance(options.shots, Path):
        shots = listed_shots(options.shots, rate=rate, encoding=arguments.encoding)
    cues = spot(
        words, profile=profile, rate=rate, language=tag, shots=shots, options=options.spotting
    )
    track = Track(id=tag, language=tag, profile=profile.id, cues=cues)
    end = max((cue.span.end for cue in cues), default=Fraction(0))
    media = Media(path=str(arguments.file), digest="", duration=end, frame_rate=rate)
    project = Project(title=arguments.file.stem, media=media, shots=shots, tracks=(track,))
    findings = check_track(project, track, options.style)
    publish(arguments.output, writer.write(track, media), overwrite=overwrite)
    return track, findings


def _read(path: Path, encoding: str | None) -> tuple[str, list[Word]]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{str(path)!r} is longer than 64 MiB.")
        with open_regular(path) as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{str(path)!r} cannot be read: {error.strerror}.") from error
    if encoding is not None:
        data = recode(data, encoding, Repairs())
    return read_words(data, name=str(path))
