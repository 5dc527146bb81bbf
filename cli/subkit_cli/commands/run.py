"""``subkit run``: from media to reviewable subtitle tracks."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.batch.manifest import MEDIA_ENDINGS
from subkit.errors import BatchError, InputError, SubkitError
from subkit.pipeline import (
    Failure,
    Outcome,
    Plan,
    plan_run,
    require_distinct,
    run_plans,
    with_plugins,
)
from subkit.store.publication import is_folder
from subkit_cli import console
from subkit_cli.exits import DONE, kind_of
from subkit_cli.loss_report import tell_losses
from subkit_cli.run_report import outcome_json, print_outcome
from subkit_cli.run_settings import (
    DISCLOSURE_KEYS,
    MODEL_KEYS,
    RECOGNITION_KEYS,
    STYLE_KEYS,
    TRANSLATION_KEYS,
    options_from,
    settings_from,
    undisclosed_by,
)
from subkit_cli.settings import add_settings

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from subkit.interfaces import Progress
    from subkit.pipeline import RunOptions

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``subkit run``."""
    parser.add_argument(
        "media", nargs="+", type=Path, metavar="MEDIA", help="media files or folders of them"
    )
    results = ("to", "output_dir", "output_format", "overwrite", "strict", *DISCLOSURE_KEYS)
    translation = (key for key in TRANSLATION_KEYS if key != "to")
    keys = (*results, *RECOGNITION_KEYS, *translation, *STYLE_KEYS)
    add_settings(
        parser, (*keys, "shots", "speakers", "speaker_count", "encoding", "rules", *MODEL_KEYS)
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="say what would be done, and do nothing"
    )


def run(arguments: argparse.Namespace) -> int:
    """Run every media file in turn; a broken one never stops the rest.

    Raises:
        SubkitError: the only media file failed.
        BatchError: some of several failed; each fault is named.
    """
    arguments.media = list(_files(arguments.media))
    require_distinct(arguments.media, settings_from(arguments).get("output_dir"))
    said: set[str] = set()
    watch = partial(console.progress, arguments, said)
    plans = _plans(arguments, watch)
    results = plans if arguments.dry_run else run_plans(plans, watch=watch)
    outcomes: list[dict[str, Any]] = []
    failures: list[Failure] = []
    given = {media.absolute(): media for media in arguments.media}
    for result in results:
        if isinstance(result, Failure):
            if len(arguments.media) == 1:
                raise result.error
            failures.append(replace(result, media=given.get(result.media, result.media)))
            facts = _facts(result.error)
            outcomes.append({"media": str(failures[-1].media), "error": facts})
        elif isinstance(result, Plan):
            outcomes.append(_tell_plan(result, arguments))
        else:
            outcomes.append(_tell_outcome(result, arguments))
    if arguments.json:
        console.print_json({"results": outcomes})
    return _finish(arguments, failures)


def _files(given: list[Path]) -> Iterator[Path]:
    """The media files; those of a folder by name, not of the folders in it.

    Raises:
        InputError: a folder holds none.
    """
    media = MEDIA_ENDINGS
    for path in given:
        if not is_folder(path):
            yield path
            continue
        found = sorted(p for p in path.iterdir() if p.suffix.lower() in media and p.is_file())
        if not found:
            raise InputError(
                f"{str(path)!r} holds no media file.",
                remedy=f"It takes {', '.join(sorted(media))} there; name other files one by one.",
            )
        yield from found


def _plans(
    arguments: argparse.Namespace, watch: Callable[[], AbstractContextManager[Progress]]
) -> Iterator[Plan | Failure]:
    """What to do with each media file, planned when it is its turn."""
    settings = settings_from(arguments)
    options = with_plugins(options_from(settings))
    for number, media in enumerate(arguments.media, 1):
        if len(arguments.media) > 1 and not arguments.quiet:
            console.warn(f"{number} of {len(arguments.media)}: {media}")
        try:
            with watch() as progress:
                plan = _plan(media, options, settings, progress)
        except SubkitError as error:
            yield Failure(media=media, error=error)
        else:
            yield plan


def _finish(arguments: argparse.Namespace, failures: list[Failure]) -> int:
    if not failures:
        return DONE
    for failure in failures:
        console.warn(f"{failure.media}: {failure.error}")
    from subkit_cli.exits import PARTLY

    if not arguments.json:
        raise BatchError(
            f"{len(failures)} of {len(arguments.media)} media files failed.",
            failures={str(failure.media): failure.error for failure in failures},
        )
    return PARTLY


def _plan(media: Path, options: RunOptions, settings: dict[str, Any], progress: Progress) -> Plan:
    return plan_run(
        media,
        options,
        folder=settings.get("output_dir"),
        formats=settings.get("output_format", ("srt",)),
        overwrite=settings.get("overwrite", False),
        undisclosed_by=undisclosed_by(settings),
        strict=settings.get("strict", False),
        progress=progress,
    )


def _tell_plan(plan: Plan, arguments: argparse.Namespace) -> dict[str, Any]:
    facts = {
        "media": str(plan.media),
        "project": str(plan.project),
        "recognizer": plan.recognizer.name,
        "note": plan.recognizer_note or None,
        "translator": plan.translator.name if plan.translator else None,
        "to": list(plan.options.to),
        "profile": plan.profile,
        "formats": list(plan.output.formats),
        "demo": plan.demo,
    }
    if not arguments.json:
        shown = {key: value for key, value in facts.items() if key != "note"}  # told on the way
        for key, value in shown.items():
            console.print_line(
                f"{key:<11} {', '.join(value) if isinstance(value, list) else value}"
            )
    return facts


def _tell_outcome(outcome: Outcome, arguments: argparse.Namespace) -> dict[str, Any]:
    if not arguments.json:
        tell_losses(outcome.losses)
        print_outcome(outcome, quiet=arguments.quiet)
    return outcome_json(outcome)


def _facts(error: SubkitError) -> dict[str, str]:
    return {"kind": kind_of(error), "message": error.message, "remedy": error.remedy}
