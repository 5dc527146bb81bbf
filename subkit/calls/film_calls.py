"""Calls that begin with sound: run, transcribe, spot."""

from __future__ import annotations

import tempfile
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.calls.engine_set import engines_for
from subkit.calls.outcome import Findings, Result
from subkit.calls.progress_lines import progress_for
from subkit.calls.sound_files import is_path, sound_file
from subkit.calls.sources import opened, settled, texts
from subkit.compliance.provenance import DEMO_WARNING
from subkit.errors import InputError
from subkit.media import probe
from subkit.pipeline import (
    chosen_recognizer,
    open_project,
    plan_run,
    run_plan,
    spot_project,
    transcribe_project,
    with_plugins,
)
from subkit.plugins import plugin_rules
from subkit.quality import check_project

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from subkit.calls.engine_set import Engines
    from subkit.calls.sound_files import Sound
    from subkit.calls.sources import Source
    from subkit.interfaces import Progress
    from subkit.pipeline import RunOptions

__all__ = ["run", "spot", "transcribe"]


def run(
    media: Sound,
    *,
    to: str | Iterable[str] = (),
    language: str | None = None,
    output: PathLike[str] | str | None = None,
    formats: str | Iterable[str] = (),
    overwrite: bool = False,
    rate: int | None = None,
    options: RunOptions | None = None,
    engines: Engines | None = None,
    progress: Progress | bool | None = None,
) -> Result:
    """Recognise, spot, translate and check a film, and write its files.

    The project file ``NAME.subkit`` is written beside the media or into ``output``; a run that was
    stopped goes on from it, and one that is complete computes nothing.

    Args:
        media: The media file; a file object or an array of samples needs ``output``.
        to: Languages to translate into: one, or several.
        language: BCP 47 language that is spoken; ``None`` finds it out.
        output: Folder for the results.
        formats: Extensions of subtitle files to write as well.
        overwrite: Replace subtitle files that are there.
        rate: Samples a second of an array.
        options: Everything else.
        engines: Engines that stay loaded; ``None`` loads some for this call.
        progress: Yours, or ``False`` for none; by default a line in terminals and notebooks.

    Raises:
        SubkitError: see :mod:`subkit.errors`; nothing half-written is left.
    """
    folder = None if output is None else Path(output)
    if folder is None and not is_path(media):
        raise InputError(
            "Sound that is not a file needs a folder for its project.",
            remedy="Give output='FOLDER', or take subkit.transcribe, which needs none.",
        )
    with progress_for(progress) as shown, engines_for(engines) as own, ExitStack() as stack:
        keep = None if folder is None else folder / "sound"
        path = stack.enter_context(sound_file(media, rate, keep))
        plan = plan_run(
            path,
            own.applied(settled(options, to=to, language=language)),
            folder=folder,
            formats=texts(formats),
            overwrite=overwrite,
            progress=shown,
        )
        done = run_plan(plan, progress=shown, loaded=own.recognizer, translator=own.translator)
    return Result(
        project=done.project,
        path=done.path,
        files=done.files,
        losses=done.losses,
        findings=Findings(done.findings),
        seconds=done.seconds,
    )


def transcribe(
    sound: Sound,
    *,
    language: str | None = None,
    rate: int | None = None,
    project: PathLike[str] | str | None = None,
    options: RunOptions | None = None,
    engines: Engines | None = None,
    progress: Progress | bool | None = None,
) -> Result:
    """Recognise what is said, as words with times and confidences.

    Args:
        sound: A media file, a file object, or samples of shape ``(n,)`` or ``(n, channels)``.
        language: BCP 47 language that is spoken; ``None`` finds it out.
        rate: Samples a second of an array.
        project: The project file to write or to go on with. ``None`` is ``NAME.subkit`` beside a
            media file, and none for other sound.
        options: Everything else.
        engines: Engines that stay loaded; ``None`` loads some for this call.
        progress: Yours, or ``False`` for none; by default a line in terminals and notebooks.

    Raises:
        InputError: the sound cannot be read.
        MediaError: it is no sound, or nobody speaks in it.
        ModelNotFound: the model is not here.
        EngineError: the recogniser failed.
        StoreError: the project file is another title's, locked or broken.
    """
    began = time.monotonic()
    target = None if project is None else Path(project).absolute()
    with progress_for(progress) as shown, engines_for(engines) as loaded, ExitStack() as stack:
        asked = with_plugins(loaded.applied(settled(options, language=language)))
        path = stack.enter_context(sound_file(sound, rate, target)).absolute()
        media = probe(path, warn=shown.warn)
        if target is None and is_path(sound):
            target = path.with_suffix(".subkit")
        model = chosen_recognizer(asked, shown).model
        if model.demo:
            shown.warn(DEMO_WARNING)
        file = target or Path(stack.enter_context(_drafts())) / "sound.subkit"
        with open_project(file, media) as store:
            made = transcribe_project(store, asked, model, shown, loaded.recognizer)
    if target is None:  # the sound is nowhere any more
        made = replace(made, media=replace(made.media, path=""))
    return Result(project=made, path=target, seconds=time.monotonic() - began)


def _drafts() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="subkit-")


def spot(
    source: Source,
    *,
    profile: str | None = None,
    options: RunOptions | None = None,
    progress: Progress | bool | None = None,
) -> Result:
    """Make cues of the words of a project, held to its shot changes and the house style.

    Args:
        source: A project file, a project, a result, or what ``subkit.open`` gave.
        profile: House style; ``None`` takes that of the options.
        options: Everything else.
        progress: Yours, or ``False`` for none.

    Raises:
        InputError: nothing was transcribed yet.
        PlanError: no such style.
        StoreError: the project file cannot be opened.
    """
    began = time.monotonic()
    asked = settled(options, profile=profile)
    rules = plugin_rules(asked.rules)
    with progress_for(progress) as shown, opened(source) as (store, path):
        project = spot_project(store, asked, shown)
    return Result(
        project=project,
        path=path,
        findings=Findings(check_project(project, asked.style, rules)),
        seconds=time.monotonic() - began,
    )
