"""Calls that begin with cues: load, translate, check, fix, export."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.calls.engine_set import engines_for
from subkit.calls.outcome import Findings, Result
from subkit.calls.progress_lines import progress_for
from subkit.calls.sources import is_subtitle, opened, read_document, settled, texts
from subkit.compliance.provenance import DEMO_WARNING
from subkit.errors import PlanError
from subkit.pipeline import (
    Output,
    commit_fixes,
    export_files,
    plan_translation,
    read_subtitle,
    translate_project,
    translate_subtitle,
)
from subkit.plugins import plugin_rules
from subkit.quality import check_track
from subkit.quality.fixes import fix_project
from subkit.store.ledger import require_names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from os import PathLike

    from subkit.calls.engine_set import Engines
    from subkit.calls.sources import Source
    from subkit.interfaces import Progress, Reader, Rule, Writer
    from subkit.model import FrameRate, Project
    from subkit.pipeline import RunOptions, SubtitleSource

__all__ = ["check", "export", "fix", "load", "translate"]


def load(
    path: PathLike[str] | str,
    *,
    language: str | None = None,
    reader: Reader | None = None,
    encoding: str | None = None,
    frame_rate: FrameRate | None = None,
    start: str | None = None,
    progress: Progress | bool | None = None,
) -> Project:
    """Return the document in a project file or a subtitle file.

    ``film.subkit@12`` is the project as it was behind entry 12 of its ledger.

    Args:
        path: The file.
        language: Of a subtitle file; ``None`` takes what its name tells (``film.ko.srt``).
        reader: Reads the file, whatever its name; ``None`` takes the one of its extension.
        encoding: Of a subtitle file's text; ``None`` judges it from its bytes.
        frame_rate: Of a subtitle file; ``None`` takes what it says.
        start: Timecode of the programme's first frame, taken off the times of a subtitle file;
            ``None`` takes what it says.
        progress: Hears what the reader repaired; ``False`` for nobody.

    Raises:
        InputError: the file cannot be read (``FormatError`` where it is not of its format).
        PlanError: no such language, or no format of that name is read.
        StoreError: no project, or damaged.
        SchemaError: a newer subkit wrote it.
    """
    with progress_for(progress) as shown:
        said = {"language": language, "encoding": encoding, "frame_rate": frame_rate}
        return read_document(path, reader=reader, start=start, progress=shown, **said).project


def translate(
    source: Source,
    *,
    to: str | Iterable[str],
    language: str | None = None,
    output: PathLike[str] | str | None = None,
    formats: str | Iterable[str] = (),
    overwrite: bool = False,
    options: RunOptions | None = None,
    engines: Engines | None = None,
    progress: Progress | bool | None = None,
) -> Result:
    """Translate cues: same cue ids, same times, another language.

    A project gets a track for each language. Of a subtitle file ``film.en.srt`` the project
    ``film.subkit`` is made, or gone on with, and a file for each language is written.

    Args:
        source: A project or subtitle file, a project, a result, or what ``subkit.open`` gave.
        to: Languages to translate into: one, or several.
        language: Of a subtitle file; ``None`` takes what its name tells.
        output: Folder for the results of a subtitle file.
        formats: Extensions of its files; none is that of the subtitle file.
        overwrite: Replace subtitle files that are there.
        options: Everything else.
        engines: Engines that stay loaded; ``None`` loads some for this call.
        progress: Yours, or ``False`` for none; by default a line in terminals and notebooks.

    Raises:
        InputError: there is no cue to translate, or a file cannot be read.
        PlanError: an unknown language, or a direction the translator does not know.
        ModelNotFound: the translator is not here.
        EngineError: the translator failed.
        StoreError: a file is in the way or cannot be written.
    """
    began = time.monotonic()
    asked = settled(options, to=to)
    if not asked.to:
        raise PlanError("No language to translate into.", remedy="Name one: to='ko'.")
    if not is_subtitle(source) and (language or output or formats):
        raise PlanError(
            "language, output and formats are for a subtitle file.",
            remedy="Write the files of a project with subkit.export.",
        )
    with progress_for(progress) as shown, engines_for(engines) as loaded:
        asked = loaded.applied(asked)
        if is_subtitle(source):
            file = Path(os.fspath(source))  # type: ignore[arg-type]
            folder = None if output is None else Path(output)
            found = read_subtitle(file, language=language, folder=folder, progress=shown)
            made = _translate_subtitle(
                found, asked, loaded, shown, formats=texts(formats), overwrite=overwrite
            )
        else:
            made = _translate_project(source, asked, loaded, shown)
    findings = _findings(made.project, asked)
    return replace(made, findings=findings, seconds=time.monotonic() - began)


def _translate_subtitle(
    source: SubtitleSource,
    options: RunOptions,
    engines: Engines,
    progress: Progress,
    *,
    formats: tuple[str, ...],
    overwrite: bool,
) -> Result:
    place = Output(
        folder=source.path.parent,
        stem=source.stem,
        formats=formats or (source.format,),
        overwrite=overwrite,
    )
    done = translate_subtitle(source, options, place, progress=progress, loaded=engines.translator)
    return Result(
        project=done.project,
        path=done.path,
        files=done.files,
        repairs=done.repairs,
        losses=done.losses,
    )


def _translate_project(
    source: Source, options: RunOptions, engines: Engines, progress: Progress
) -> Result:
    with opened(source) as (store, path):
        options, model = plan_translation(options, progress=progress)
        assert model is not None
        if model.demo:
            progress.warn(DEMO_WARNING)
        project = translate_project(store, options, model, progress, engines.translator)
    return Result(project=project, path=path)


def check(
    source: Source,
    *,
    tracks: str | Iterable[str] | None = None,
    profile: str | None = None,
    rules: Iterable[str | Rule] = (),
    options: RunOptions | None = None,
) -> Result:
    """Hold tracks against a house style.

    Args:
        source: A project or subtitle file, a project, a result, or what ``subkit.open`` gave.
        tracks: Ids or languages; ``None`` is all.
        profile: House style; ``None`` takes the one a track was made for.
        rules: Rules beside subkit's own: objects, or names of plug-ins.
        options: Everything else.

    Raises:
        InputError: the file cannot be read, or there is no such track.
        PlanError: no such style.
        PluginError: a rule is not known or lacks something.
    """
    began = time.monotonic()
    asked = settled(options, profile=profile)
    asked = replace(asked, rules=plugin_rules((*asked.rules, *rules)))
    read = read_document(source)
    return Result(
        project=read.project,
        path=read.path,
        findings=_findings(read.project, asked, tracks),
        repairs=read.repairs,
        seconds=time.monotonic() - began,
    )


def fix(
    source: Source,
    *,
    tracks: str | Iterable[str] | None = None,
    profile: str | None = None,
    by: str | None = None,
    options: RunOptions | None = None,
) -> Result:
    """Put right what has one right answer; findings are what is left.

    A project file is changed, one entry of its ledger a cue; of everything else the fixed document
    is in the result and nothing is written.

    Args:
        source: A project or subtitle file, a project, a result, or what ``subkit.open`` gave.
        tracks: Ids or languages; ``None`` is all.
        profile: House style; ``None`` takes the one a track was made for.
        by: Your name in the ledger, for a project file.
        options: Everything else.

    Raises:
        InputError: the file cannot be read, or there is no such track.
        PlanError: no such style, or a project file and no name.
        StoreError: the project file cannot be written.
    """
    began = time.monotonic()
    asked = settled(options, profile=profile)
    wanted = None if tracks is None else texts(tracks)
    if isinstance(source, (str, os.PathLike)) and not is_subtitle(source):
        if by is None:
            raise PlanError("Fixes of a project need a name for the ledger.", remedy="Give by=.")
        require_names(by=by)
        with opened(source) as (store, path):
            before = store.load()
            _, done = fix_project(before, asked.style, tracks=wanted)
            commit_fixes(store, before, done, actor=by)
            project = store.load()
        repairs: tuple[str, ...] = ()
    else:
        read = read_document(source)
        project, _ = fix_project(read.project, asked.style, tracks=wanted)
        path, repairs = None, read.repairs
    findings = _findings(project, asked, tracks)
    spent = time.monotonic() - began
    return Result(project=project, path=path, findings=findings, repairs=repairs, seconds=spent)


def export(
    source: Source,
    path: PathLike[str] | str,
    *,
    track: str | None = None,
    above: str | None = None,
    writer: Writer | str | None = None,
    overwrite: bool = False,
    strict: bool = False,
) -> Result:
    """Write one track to a file, and its disclosure beside it.

    What the format cannot hold is in the result's ``losses``.

    Args:
        source: A project or subtitle file, a project, a result, or what ``subkit.open`` gave.
        path: File to write: ``film.ko.srt`` is the track ``ko`` as SRT.
        track: Its id or language; ``None`` takes what the name tells, else the first.
        above: Id or language of a track whose lines stand above those of the other: bilingual.
        writer: Writes the file, whatever its name: a writer, or the name of a format, with a
            variant behind a colon where it has any; ``None`` takes the one of its extension.
        overwrite: Replace files that are there.
        strict: Write nothing where the format cannot hold all of the track.

    Raises:
        LossError: the format cannot hold all of the track, and ``strict``.
        NotFoundError: no such track.
        PlanError: no such format.
        StoreError: a file is in the way, or it cannot be written.
    """
    began = time.monotonic()
    read = read_document(source)
    done = export_files(
        read.project,
        Path(path),
        track=track,
        above=above,
        writer=writer,
        overwrite=overwrite,
        strict=strict,
    )
    return Result(
        project=read.project,
        path=read.path,
        files=done.files,
        repairs=read.repairs,
        losses=done.losses,
        seconds=time.monotonic() - began,
    )


def _findings(
    project: Project, options: RunOptions, tracks: str | Iterable[str] | None = None
) -> Findings:
    names = [track.id for track in project.tracks] if tracks is None else texts(tracks)
    rules = plugin_rules(options.rules)
    chosen = [project.track(name) for name in names]
    return Findings({t.id: check_track(project, t, options.style, rules) for t in chosen})
