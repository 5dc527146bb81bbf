"""``subkit extract``: text tracks out of media files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import PlanError
from subkit.formats.losses import loss_facts
from subkit.formats.packet_files import FILE_FORMATS
from subkit.media.text_streams import find_text
from subkit.pipeline.text_extraction import Extraction, extract_text
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.loss_report import tell_losses
from subkit_cli.run_settings import settings_from
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from subkit.media.text_streams import TextStream
    from subkit.pipeline.text_extraction import ExtractedText

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit extract``."""
    parser.add_argument("media", type=Path, metavar="MEDIA", help="media file")
    parser.add_argument(
        "--stream",
        action="append",
        metavar="N|LANG",
        help="subtitle track by number or language, again for more (default: all with text)",
    )
    parser.add_argument("--list", action="store_true", help="only list what is there")
    add_settings(parser, ("output_format", "output_dir", "overwrite", "strict"))


def run(arguments: argparse.Namespace) -> int:
    """List the subtitle tracks, or take their text out.

    Raises:
        LossError: a format cannot hold all of a track, and ``--strict``.
        MediaError: not media, or it has no text.
        PlanError: no such format, or several.
        StoreError: a file is in the way.
    """
    settings = settings_from(arguments)
    streams = find_text(arguments.media).streams
    if arguments.list:
        _list(streams, as_json=arguments.json)
        return DONE
    formats = settings.get("output_format", ("",))
    if len(formats) > 1:
        raise PlanError("Text is taken out in one format.", remedy="Run it again for another.")
    asked = Extraction(
        folder=settings.get("output_dir", arguments.media.absolute().parent),
        streams=tuple(arguments.stream or ()),
        output_format=formats[0],
        overwrite=settings.get("overwrite", False),
        strict=settings.get("strict", False),
    )
    with console.progress(arguments) as progress:
        taken, fonts = extract_text(arguments.media, asked, progress)
    if arguments.json:
        by_index = {text.stream.index: text for text in taken}
        listed = [_facts(stream, by_index.get(stream.index)) for stream in streams]
        console.print_json({"streams": listed, "fonts": [str(path) for path in fonts]})
        return DONE
    if not (arguments.quiet or arguments.stream):
        for stream in streams:
            if stream.index not in {text.stream.index for text in taken}:
                console.warn(f"{arguments.media.name}: {_left(stream)}")
    for text in taken:
        for repair in text.repairs:
            console.warn(f"{text.path.name}: {repair}")
    tell_losses({text.path: text.losses for text in taken if text.losses})
    for path in (*(text.path for text in taken), *fonts):
        console.print_line(str(path))
    return DONE


def _left(stream: TextStream) -> str:
    """Why a track is not taken out."""
    language = f", {stream.language}" if stream.language else ""
    if stream.kind == "pictures":
        why = "no text: it needs text recognition, which subkit does not do"
    else:
        why = "which subkit cannot read"
    return f"stream {stream.index}{language} is {stream.called}, {why}."


def _list(streams: Sequence[TextStream], *, as_json: bool) -> None:
    if as_json:
        console.print_json({"streams": [_facts(stream, None) for stream in streams]})
        return
    for stream in streams:
        flags = [name for name in ("default", "forced", "sdh") if getattr(stream, name)]
        pages = [f"page {page}" for page in stream.pages]
        parts = (stream.language or "und", stream.called, stream.title, *pages, *flags)
        console.print_line(f"{stream.index:>3}  " + "  ".join(part for part in parts if part))


def _facts(stream: TextStream, text: ExtractedText | None) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "stream": stream.index,
        "codec": stream.codec,
        "kind": stream.kind if stream.codec in FILE_FORMATS or stream.kind != "text" else "unknown",
        "language": stream.language,
        "title": stream.title,
        "default": stream.default,
        "forced": stream.forced,
        "sdh": stream.sdh,
        "pages": list(stream.pages),
    }
    if text is None:
        return facts
    losses = [loss_facts(loss) for loss in text.losses]
    return {**facts, "file": str(text.path), "losses": losses, "repairs": list(text.repairs)}
