"""The call that finds when the words of a known text are said: align."""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import contextmanager
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
    from subkit.pipeline import RunOptions

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

    A project file gets the track as one entry of its ledger; of a media file the document is in the
    result and nothing is written.

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
        CueLockedError: people worked on the track that would be replaced.
        EvidenceError: the text was not heard, or too little of it, and not forced.
        InputError: a file cannot be read.
        MediaError: the media cannot be read, or nobody speaks in it.
        ModelNotFound: the model is not here.
        EngineError: an engine failed.
        PlanError: a project file and no name.
        StoreError: the project file cannot be written.
    """
    began = time.monotonic()
    target = Path(to)
    is_project = target.suffix.lower() == PROJECT
    if is_project:
        if by is None:
            raise PlanError("A track goes into a project with a name.", remedy="Give by=.")
        require_names(by=by)
    known = _known(text, language, track)
    with progress_for(progress) as shown, engines_for(engines) as loaded:
        asked = with_plugins(loaded.applied(settled(options)))
        with _opened(target, shown) as store:
            job = AlignmentJob(
                options=asked,
                model=chosen_recognizer(asked, shown).model,
                progress=shown,
                loaded=loaded.recognizer,
                force=force,
                ident=name,
            )
            done = align_project(store, known, job)
            if is_project:
                assert by is not None
                store.commit(done.project, actor=by, action="align", tool=ALIGNED_TOOL)
    return Result(
        project=done.project,
        path=target if is_project else None,
        repairs=known.repairs,
        alignment=done.found,
        seconds=time.monotonic() - began,
    )


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
