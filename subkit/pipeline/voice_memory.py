"""Voices from one title to the next, as far as the consent register permits it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.compliance.consent import load_register, permits_recognition
from subkit.edit import rename_speaker
from subkit.errors import ApprovalError, InputError
from subkit.model.clock import utc_now
from subkit.pipeline.stages.speaker_labelling import recording_of, voice_encoder
from subkit.speakers import (
    Diarizer,
    keep_names,
    make_print,
    prints_text,
    read_prints,
    recognise_voices,
)
from subkit.speakers.labels import usual_name
from subkit.store import publish

if TYPE_CHECKING:
    from pathlib import Path

    from subkit.interfaces import Progress
    from subkit.model import Project, Speaker
    from subkit.pipeline.run_options import RunOptions
    from subkit.speakers import VoicePrint
    from subkit.speakers.clustering import Vectors

__all__ = ["KeptVoices", "keep_voices", "name_by_voices"]

_LEAST_SECONDS = 10
"""Of speech that a print is made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptVoices:
    """Whose voices were kept, and why those of others were not, one sentence each."""

    kept: tuple[str, ...]
    refused: tuple[str, ...]


def keep_voices(
    project: Project, path: Path, register: Path, options: RunOptions, progress: Progress
) -> KeptVoices:
    """Keep the voices of the speakers whom people named, where the register permits it.

    Those of the file whom the register permits no more go out of it.

    Raises:
        ApprovalError: nobody's voice may be kept; nothing is written.
        InputError: the register or the file cannot be read, or nobody was named.
    """
    known = read_prints(path) if path.exists() else ()
    today, language = utc_now()[:10], _language(project)
    register_ = load_register(register)
    names = {one.id: one.name for one in _speakers(project) if one.name != usual_name(one.id)}
    if not names:
        raise InputError(
            "No speaker has a name yet, so there is nobody whose voice could be kept.",
            remedy="Name them first: subkit speakers PROJECT --rename WHO=NAME.",
        )
    made: list[VoicePrint] = []
    refused: list[str] = []
    decided = {
        who: permits_recognition(
            register_, voice=name, title=project.title, language=language, on=today
        )
        for who, name in names.items()
    }
    allowed = {who: name for who, name in names.items() if decided[who].permitted}
    refused += [f"{names[w]}: {d.reason}" for w, d in decided.items() if not d.permitted]
    if not allowed:
        raise ApprovalError(
            f"No voice may be kept: {' '.join(refused)}",
            remedy="A grant names the purpose recognition (docs/consent.md).",
        )
    voices = _voices(project, options, progress)
    for who, name in allowed.items():
        if who in voices:
            grant = decided[who].grant or ""
            made.append(make_print(name, project.title, grant, voices[who]))
        else:
            refused.append(f"{name}: speaks less than {_LEAST_SECONDS} s.")
    stay = [
        one
        for one in known
        if one.name not in names.values()
        and permits_recognition(
            register_, voice=one.name, title=one.title, language=language, on=today
        ).permitted
    ]
    publish(path, prints_text([*stay, *made]).encode(), overwrite=True)
    return KeptVoices(kept=tuple(one.name for one in made), refused=tuple(refused))


def name_by_voices(
    project: Project, path: Path, register: Path, options: RunOptions, progress: Progress
) -> Project:
    """Return the project with the names of speakers whose voices are kept and permitted.

    Speakers whom people named keep their names.

    Raises:
        InputError: the register or the file cannot be read.
    """
    today, language = utc_now()[:10], _language(project)
    register_ = load_register(register)
    prints: list[VoicePrint] = []
    for one in read_prints(path):
        decision = permits_recognition(
            register_, voice=one.name, title=project.title, language=language, on=today
        )
        if decision.permitted:
            prints.append(one)
        else:
            progress.warn(f"The voice of {one.name} is not used: {decision.reason}")
    taken = {one.name for one in _speakers(project)}
    free = {one.id for one in _speakers(project) if one.name == usual_name(one.id)}
    prints = [one for one in prints if one.name not in taken]
    if not prints:
        return project
    voices = _voices(project, options, progress)
    unnamed = {who: voice for who, voice in voices.items() if who in free}
    for who, one in recognise_voices(unnamed, prints).items():
        project = rename_speaker(project, who, one.name)
    return project


def _voices(project: Project, options: RunOptions, progress: Progress) -> dict[str, Vectors]:
    """The voice of each speaker that diarization told apart, by the id that the project has."""
    transcript = project.transcript
    assert transcript is not None
    weights = voice_encoder(replace(options, speakers="diarization"), progress)
    assert weights is not None
    diarizer = Diarizer(weights)
    recording = recording_of(project.media, transcript, options)
    turns = diarizer.turns(recording, count=options.speaker_count)
    named = keep_names(transcript, turns)
    ids = {turn.speaker: kept.speaker for turn, kept in zip(turns, named, strict=True)}
    same = {one.id: one.same for one in transcript.speakers if one.same}
    seconds = {
        who: sum(float(t.span.duration) for t in turns if t.speaker == who)
        for who in diarizer.voices
    }
    found: dict[str, Vectors] = {}
    for who in sorted(diarizer.voices, key=lambda one: -seconds[one]):
        if seconds[who] >= _LEAST_SECONDS:
            found.setdefault(same.get(ids[who], ids[who]), diarizer.voices[who])
    return found


def _speakers(project: Project) -> list[Speaker]:
    """The speakers of a project that are not another one.

    Raises:
        InputError: it has no transcript.
    """
    if project.transcript is None:
        raise InputError(
            "The project has no transcript, and so no speakers.",
            remedy="Run subkit transcribe first.",
        )
    return [one for one in project.transcript.speakers if not one.same]


def _language(project: Project) -> str:
    return project.transcript.language if project.transcript else "und"
