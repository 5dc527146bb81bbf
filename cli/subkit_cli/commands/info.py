"""``subkit info``: what a subtitle file is and holds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.formats.losses import counted
from subkit.model import to_plain
from subkit.pipeline import subtitle_facts
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.run_report import counted as count_of
from subkit_cli.run_settings import STYLE_KEYS, options_from, settings_from
from subkit_cli.settings import add_settings
from subkit_cli.subtitles import add_source_flags, said_of

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from subkit.pipeline import SubtitleFacts
    from subkit.pipeline.subtitle_account import TrackFacts

__all__ = ["add_arguments", "run"]

_FLAGS = ("language", "encoding", "fps", "start-timecode", "drop-frame")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit info``."""
    parser.add_argument("file", type=Path, metavar="SUBTITLE", help="subtitle file, of any format")
    add_source_flags(parser, _FLAGS)
    add_settings(parser, STYLE_KEYS)


def run(arguments: argparse.Namespace) -> int:
    """Read the file and say what it is."""
    style = options_from(settings_from(arguments)).style
    facts = subtitle_facts(arguments.file, style, **said_of(arguments, _FLAGS))
    if arguments.json:
        console.print_json(_json(facts))
    else:
        for line in _lines(facts):
            console.print_line(line)
    return DONE


def _lines(facts: SubtitleFacts) -> Iterator[str]:
    media = facts.project.media
    yield f"{'format':<11} {facts.title} ({facts.format})"
    if facts.encoding:
        yield f"{'encoding':<11} {facts.encoding}"
    rate = media.frame_rate
    if rate is not None:
        yield f"{'rate':<11} {rate.rate}{' drop-frame' if rate.drop_frame else ''}"
    if media.programme_start:
        yield f"{'start':<11} {media.frame_grid.timecode(media.programme_start)}"
    for track in facts.tracks:
        yield from _track_lines(facts, track)
    for number, repair in enumerate(facts.repairs):
        yield f"{'' if number else 'repairs':<11} {repair}"


def _track_lines(facts: SubtitleFacts, one: TrackFacts) -> Iterator[str]:
    track, media = one.track, facts.project.media
    cues = count_of(len(track.cues), "cue")
    if track.cues:
        grid, start = media.frame_grid, media.programme_start
        first = grid.timecode(min(cue.span.start for cue in track.cues), start)
        last = grid.timecode(max(cue.span.end for cue in track.cues), start)
        cues += f", {first} to {last}"
    yield f"{'track':<11} {track.id}: {cues}"
    looks = [counted(feature, ("",) * count).what for feature, count in one.marks.items()]
    if looks:
        yield f"{'  marks':<11} {', '.join(looks)}"
    more = [
        (one.places, "cue placed", "cues placed"),
        (one.forced, "cue forced", "cues forced"),
        (len(track.styles), "style", "styles"),
        (len(track.regions), "region", "regions"),
    ]
    told = [f"{count} {name if count == 1 else names}" for count, name, names in more if count]
    if told:
        yield f"{'  looks':<11} {', '.join(told)}"
    if one.carried:
        yield f"{'  carried':<11} {_counts(one.carried)}"
    total = sum(one.findings.values())
    if total:
        errors = f", {count_of(one.errors, 'error')}" if one.errors else ""
        yield f"{'  findings':<11} {total}{errors}: {_counts(one.findings)}"
    else:
        yield f"{'  findings':<11} none"


def _counts(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return ", ".join(f"{count} {name}" for name, count in ordered)


def _json(facts: SubtitleFacts) -> dict[str, Any]:
    media = facts.project.media
    rate = media.frame_rate
    return {
        "file": str(facts.path),
        "format": facts.format,
        "title": facts.title,
        "encoding": facts.encoding or None,
        "frame_rate": None if rate is None else to_plain(rate),
        "start": to_plain(media.programme_start),
        "tracks": [
            {
                "id": one.track.id,
                "language": one.track.language,
                "cues": len(one.track.cues),
                "marks": dict(one.marks),
                "placed": one.places,
                "forced": one.forced,
                "styles": [style.id for style in one.track.styles],
                "regions": [region.id for region in one.track.regions],
                "carried": dict(one.carried),
                "findings": dict(one.findings),
                "errors": one.errors,
            }
            for one in facts.tracks
        ],
        "repairs": list(facts.repairs),
    }
