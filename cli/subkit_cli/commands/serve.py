"""``subkit serve``: transcription and translation over HTTP."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.files.plain_text import read_small_file
from subkit.pipeline import recognizer_model, with_plugins
from subkit.serve import ServeOptions, serve_speech
from subkit_cli import console
from subkit_cli.exits import DONE
from subkit_cli.run_settings import (
    MODEL_KEYS,
    RECOGNITION_KEYS,
    STYLE_KEYS,
    options_from,
    settings_from,
)
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "run"]

_MAX_TOKENS = 64 * 1024
_MIB = 1 << 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit serve``."""
    usual = ServeOptions()
    parser.description = (
        "Transcribe and translate what clients send over HTTP: those of OpenAI's API "
        "(/v1/audio/transcriptions) and Bazarr (/asr). What they get is machine work that nobody "
        "has reviewed, and says so; --keep keeps a project of each file for review."
    )
    parser.add_argument(
        "--port", type=int, default=usual.port, metavar="N", help="port (default: 9000; 0: any)"
    )
    parser.add_argument(
        "--host",
        default=usual.host,
        metavar="ADDRESS",
        help="address to listen on, so that other machines can connect; needs --token-file",
    )
    parser.add_argument(
        "--token-file",
        type=Path,
        metavar="FILE",
        help="tokens that let clients in, one a line, at least 16 characters each",
    )
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep a project of each file for review"
    )
    parser.add_argument(
        "--scratch", type=Path, metavar="FOLDER", help="folder for uploads (default: temporary)"
    )
    _add_limits(parser, usual)
    add_settings(parser, (*RECOGNITION_KEYS, *STYLE_KEYS, *MODEL_KEYS))


def _add_limits(parser: argparse.ArgumentParser, usual: ServeOptions) -> None:
    parser.add_argument(
        "--max-body", type=int, default=2048, metavar="MIB", help="largest upload (default: 2048)"
    )
    parser.add_argument(
        "--max-scratch",
        type=int,
        default=8192,
        metavar="MIB",
        help="all uploads together (default: 8192)",
    )
    parser.add_argument(
        "--max-waiting",
        type=int,
        default=usual.max_waiting,
        metavar="N",
        help="requests at once, waiting ones included (default: 16)",
    )
    parser.add_argument(
        "--idle",
        type=float,
        default=usual.idle_seconds,
        metavar="SECONDS",
        help="unload the models after so long without work (default: 600)",
    )
    parser.add_argument(
        "--drain",
        type=float,
        default=usual.drain_seconds,
        metavar="SECONDS",
        help="finish requests for so long when asked to stop (default: 30)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM."""
    options = ServeOptions(
        host=arguments.host,
        port=arguments.port,
        tokens=_tokens(arguments.token_file),
        run=with_plugins(options_from(settings_from(arguments))),
        scratch=arguments.scratch,
        keep=arguments.keep,
        max_body=arguments.max_body * _MIB,
        max_scratch=arguments.max_scratch * _MIB,
        max_waiting=arguments.max_waiting,
        idle_seconds=arguments.idle,
        drain_seconds=arguments.drain,
    )
    with console.progress(arguments) as progress:
        model = recognizer_model(options.run, progress)  # missing models are said now

    def announce(url: str) -> None:
        if arguments.json:
            console.print_json({"url": url, "model": model.name})
        else:
            console.print_line(url)
        console.flush()
        if not arguments.quiet and not arguments.json:
            sys.stderr.write(f"Serving {model.name}. Ctrl-C ends it.\n")

    serve_speech(options, announce=announce)
    return DONE


def _tokens(path: Path | None) -> tuple[str, ...]:
    if path is None:
        return ()
    text = read_small_file(path, _MAX_TOKENS).decode("utf-8", "replace")
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
