"""The call that finds when the words of a known text are said: align."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.alignment import GivenLine
from subkit.calls.engine_set import engines_for
from subkit.calls.outcome import Result
from subkit.calls.progress_lines import progress_for
from subkit.calls.sources import PROJECT, settled
from subkit.errors import PlanError
from subkit.media import probe
from subkit.pipeline import (
    AlignmentJob,
    KnownText,
    align_project,
    chosen_recognizer,
    open_project,
    read_text,
    with_plugins,
)
from subkit.pipeline.text_alignment_runs import ALIGNED_TOOL
from subkit.store import ProjectFile
from subkit.store.ledger import require_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    from subkit.calls.engine_set import Engines
    from subkit.interfaces import Progress
    from subkit.pipeline import AlignedTrack, RunOptions

__all__ = ["align"]


def align(
    text: PathLike[str] | str | Sequence[str],
    *,
    to: PathLike[str] | str,
    language: str | None = None,
    track: str | None = None,
    name: str | None = None,
    force: bool = False,
    by: str | None = None,
    options: RunOptions | None = None,
    engines: Engines | None = None,
    progress: Progress | bool | None = None,
) -> Result:
    """Find when the words of a script, a subtitle or some lines are said in a film.

    A project file gets the track; of a media file the document is in the result and nothing is
    written.

    Args:
        text: A script, subtitle or project file, or a list of lines.
        to: A media file, or the project file of one.
        language: BCP 47 language of the text; ``None`` takes that of the file, else what is heard.
        track: Track of a project that is aligned; ``None`` is its first.
        name: Id of the track that is made; ``None`` is its language.
        force: Take what was found although the evidence is weak.
        by: Your name in the ledger, for a project file.
        options: Everything else.
        engines: Engines that stay loaded; ``None`` loads some for this call.
        progress: Yours, or ``False`` for none; by default a line in terminals and notebooks.

    Returns:
        A result whose ``alignment`` has every word of the text, and whose first words are those of
        the film.

    Raises:
        EvidenceError: the text was not heard, or too little of it, and not forced.
        CueLockedError: people worked on the track that would be replaced.
        InputError, MediaError: a file cannot be read, or nobody speaks in it.
        ModelNotFound, EngineError: a model is not here, or failed.
        PlanError: a project file and no name.
        StoreError: the project file cannot be written.
    """
    began = time.monotonic()
    target = Path(to)
    if target.suffix.lower() == PROJECT:
        if by is None:
            raise PlanError("A track goes into a project with a name.", remedy="Give by=.")
        require_names(by=by)
    known = _known(text, language, track)
    with progress_for(progress) as shown, engines_for(engines) as loaded:
        asked = with_plugins(loaded.applied(settled(options)))
        model = chosen_recognizer(asked, shown).model
        job = AlignmentJob(options=asked, model=model, progress=shown, loaded=loaded.recognizer)
        done = _aligned(target, known, replace(job, force=force, ident=name), by)
    result = Result(project=done.project, repairs=known.repairs, alignment=done.found)
    path = target if target.suffix.lower() == PROJECT else None
    return replace(result, path=path, seconds=time.monotonic() - began)


def _aligned(target: Path, text: KnownText, job: AlignmentJob, by: str | None) -> AlignedTrack:
    with _opened(target, job.progress) as store:
        done = align_project(store, text, job)
        if target.suffix.lower() == PROJECT:
            assert by is not None
            store.commit(done.project, actor=by, action="align", tool=ALIGNED_TOOL)
    return done


def _known(
    text: PathLike[str] | str | Sequence[str], language: str | None, track: str | None
) -> KnownText:
    if isinstance(text, (str, os.PathLike)):
        return read_text(Path(text), language=language, track=track)
    lines = tuple(GivenLine(text=line) for line in text)
    return KnownText(name="the text", lines=lines, language=language or "und")


@contextmanager
def _opened(target: Path, progress: Progress) -> Iterator[ProjectFile]:
    """The project file, or a draft for a media file."""
    if target.suffix.lower() == PROJECT:
        with ProjectFile.open(target) as store:
            yield store
        return
    media = probe(target.absolute(), warn=progress.warn)
    with (
        tempfile.TemporaryDirectory(prefix="subkit-") as folder,
        open_project(Path(folder) / f"{target.stem}{PROJECT}", media) as store,
    ):
        yield store
