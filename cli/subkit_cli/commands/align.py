"""``subkit align``: when the words of a known text are said in a film."""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.compliance import DEMO_WARNING
from subkit.errors import PlanError
from subkit.media import probe
from subkit.model.clock import clock_time
from subkit.pipeline import (
    AlignmentJob,
    LoadedRecognizer,
    align_project,
    chosen_recognizer,
    open_project,
    read_text,
    with_plugins,
    written_track,
)
from subkit.pipeline.text_alignment_runs import ALIGNED_TOOL
from subkit.plugins import writer_for
from subkit.store import ProjectFile, publish
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.loss_report import tell_losses
from subkit_cli.people import user_name
from subkit_cli.run_report import counted
from subkit_cli.run_settings import (
    MODEL_KEYS,
    RECOGNITION_KEYS,
    STYLE_KEYS,
    frame_rate_from,
    options_from,
    settings_from,
)
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from subkit.interfaces import Progress
    from subkit.pipeline import AlignedTrack, KnownText

__all__ = ["add_arguments", "run"]

_PROJECT = ".subkit"
_SHOWN = 10
_WIDTH = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit align``."""
    parser.add_argument(
        "text",
        type=Path,
        metavar="TEXT",
        help="plain text, screenplay (Fountain, FDX, NAME: speech), subtitle file, or project",
    )
    parser.add_argument(
        "--to",
        type=Path,
        metavar="MEDIA|PROJECT",
        help="film, or project of it (default: the film of the project whose track is aligned)",
    )
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="OUT",
        help="subtitle file, words as JSON, or project (NAME.subkit) to write",
    )
    parser.add_argument("--track", metavar="LANG", help="track of a project that is aligned")
    parser.add_argument("--as", dest="ident", metavar="ID", help="id of the track that is made")
    parser.add_argument("--text-encoding", metavar="NAME", help="encoding of a text not in UTF-8")
    parser.add_argument("--fps", metavar="RATE", help="frame rate of a subtitle file, 24000/1001")
    parser.add_argument("--force", action="store_true", help="align although the evidence is weak")
    parser.add_argument(
        "--dry-run", action="store_true", help="show what was found without writing it"
    )
    parser.add_argument("--by", metavar="NAME", help="your name in the ledger")
    add_settings(
        parser, (*RECOGNITION_KEYS, "aligner", *MODEL_KEYS, *STYLE_KEYS, "shots", "overwrite")
    )


def run(arguments: argparse.Namespace) -> int:
    """Align, write.

    Raises:
        EvidenceError: the evidence is weak, and not forced.
        InputError: a file cannot be read.
        PlanError: no place for the result, or flags that do not go together.
    """
    settings = settings_from(arguments)
    target = _target(arguments)
    output: Path | None = arguments.output
    output_format = _format_of(arguments, target)
    text = read_text(
        arguments.text,
        language=settings.get("language"),
        encoding=arguments.text_encoding,
        track=arguments.track,
        frame_rate=frame_rate_from(arguments.fps),
    )
    for repair in () if arguments.quiet else text.repairs:
        console.warn(repair)
    with console.progress(arguments) as progress:
        done = _aligned(arguments, settings, text, target, progress)
    for reason in done.found.reasons:
        console.warn(f"Forced: {reason}")
    if output_format and not arguments.dry_run:
        assert output is not None
        made = written_track(done.for_files(), done.track, output_format, disclosed=False)
        publish(output, made.data, overwrite=settings.get("overwrite", False))
        tell_losses({output: made.losses} if made.losses else {})
    written = None if arguments.dry_run else str(output or target)
    if arguments.json:
        console.print_json({**_facts(done, text, target), "written": written})
        return DONE
    if not arguments.quiet:
        for line in _lines(done, text):
            console.print_line(line)
    if written:
        console.print_line(written)
    return DONE


def _target(arguments: argparse.Namespace) -> Path:
    if arguments.to is not None:
        to: Path = arguments.to
        return to
    if arguments.text.suffix.lower() == _PROJECT:
        text: Path = arguments.text
        return text
    raise PlanError(
        f"{str(arguments.text)!r} is aligned to nothing.",
        remedy="Name the film, or the project of it, with --to.",
    )


def _format_of(arguments: argparse.Namespace, target: Path) -> str:
    """The format of the file to write; empty where a project takes the track."""
    output: Path | None = arguments.output
    if output is not None and output.suffix.lower() != _PROJECT:
        name = output.suffix.lstrip(".")
        writer_for(name)  # an unknown one is told before the work
        return name
    if output is not None and target.suffix.lower() == _PROJECT:
        raise PlanError(
            f"The track goes into {str(target)!r}, not into another project.",
            remedy="Leave -o out, or name a subtitle file.",
        )
    if output is None and target.suffix.lower() != _PROJECT and not arguments.dry_run:
        raise PlanError(
            "There is no place for the result.",
            remedy="Name a subtitle file, words.json or a project with -o, or look at what is "
            "found with --dry-run.",
        )
    return ""


@contextmanager
def _store(
    arguments: argparse.Namespace, target: Path, progress: Progress
) -> Iterator[ProjectFile]:
    """The project file that the work is done in; a draft where none is wanted."""
    if target.suffix.lower() == _PROJECT:
        with ProjectFile.open(target) as store:
            yield store
        return
    media = probe(target.absolute(), warn=progress.warn)
    output: Path | None = arguments.output
    with tempfile.TemporaryDirectory(prefix="subkit-") as folder:
        place = Path(folder) / f"{target.stem}.subkit"
        if output is not None and output.suffix.lower() == _PROJECT and not arguments.dry_run:
            place = output.absolute()
        with open_project(place, media) as store:
            yield store


def _aligned(
    arguments: argparse.Namespace,
    settings: dict[str, Any],
    text: KnownText,
    target: Path,
    progress: Progress,
) -> AlignedTrack:
    options = with_plugins(options_from({**settings, "language": None}))
    with _store(arguments, target, progress) as store, LoadedRecognizer() as loaded:
        model = chosen_recognizer(options, progress).model
        if model.demo:
            progress.warn(DEMO_WARNING)
        job = AlignmentJob(
            options=options,
            model=model,
            progress=progress,
            loaded=loaded,
            force=arguments.force,
            ident=arguments.ident,
        )
        done = align_project(store, text, job)
        into_project = arguments.output is None or arguments.output.suffix.lower() == _PROJECT
        if into_project and not arguments.dry_run:
            actor = arguments.by or user_name()
            store.commit(done.project, actor=actor, action="align", tool=ALIGNED_TOOL)
    return done


def _facts(done: AlignedTrack, text: KnownText, target: Path) -> dict[str, Any]:
    found = done.found.to_dict()
    return {
        "text": text.name,
        "to": str(target),
        "track": done.track.id,
        "language": done.track.language,
        "cues": len(done.track.cues),
        "missing": list(done.missing),
        "words": found.pop("words"),
        **found,
    }


def _lines(done: AlignedTrack, text: KnownText) -> Iterator[str]:
    """What was found, as an editor reads it."""
    found = done.found
    moved = f", {found.moved} of them in another place" if found.moved else ""
    yield (
        f"{found.found} of {len(found.words)} words found ({found.share:.0%}) in "
        f"{counted(found.passages, 'passage')}{moved}; {counted(len(done.track.cues), 'cue')} in "
        f"track {done.track.id}"
    )
    unspoken = found.unspoken()
    for first, last in unspoken[:_SHOWN]:
        words = " ".join(word.text for word in found.words[first:last])
        who = text.lines[found.words[first].line].speaker
        yield f"  not heard: {f'{who}: ' if who else ''}{_short(words)}"
    if len(unspoken) > _SHOWN:
        yield f"  and {len(unspoken) - _SHOWN} more places"
    for speech in found.unlisted[:_SHOWN]:
        yield f"  not in the text, {clock_time(speech.span.start)}: {_short(speech.text)}"
    if len(found.unlisted) > _SHOWN:
        yield f"  and {len(found.unlisted) - _SHOWN} more"
    if done.missing:
        more = f" and {len(done.missing) - _SHOWN} more" * (len(done.missing) > _SHOWN)
        yield f"cues not found: {', '.join(done.missing[:_SHOWN])}{more}"


def _short(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"
