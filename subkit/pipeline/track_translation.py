"""Stage: a track -> the same cues in another language."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.compliance.provenance import translation_provenance
from subkit.language import measured_tempo
from subkit.pipeline.stage_cache import shaping, stage_key
from subkit.spotting import break_lines
from subkit.translation import (
    ReadingSpeed,
    SpokenDuration,
    track_questions,
    translate_track,
    translated_id,
)
from subkit.translation.memory import offer_similar, without_answered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

    from subkit.interfaces import ModelFacts, Refiner, Translator
    from subkit.model import Profile, Project, Provenance, Track, Word
    from subkit.pipeline.run_options import RunOptions
    from subkit.translation import Preference, Questions, Unit
    from subkit.translation.memory import TranslationMemory

__all__ = ["TranslationJob", "first_questions", "translate"]

VERSION = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationJob:
    """A track of a project, to be put into one language.

    Attributes:
        project: The document; its glossary and register shape the result with the options.
        source: The track to translate.
        target: BCP 47 language.
        options: Options of the run.
        model: Facts of the translator.
        memory: Approved translations of before, into ``target``.
        preferences: What ranks the candidates beside their score.
        wishes: What is asked of a unit's text, for the refiner.
        only: Ids of the cues that are wanted; ``None`` wants all.
    """

    project: Project
    source: Track
    target: str
    options: RunOptions
    model: ModelFacts
    memory: TranslationMemory | None = None
    preferences: tuple[Preference, ...] = ()
    wishes: Callable[[Unit], tuple[str, ...]] | None = None
    only: AbstractSet[str] | None = None


def translate(job: TranslationJob, translator: Translator, refiner: Refiner | None = None) -> Track:
    """Return the source track in the target language: same cue ids, same times.

    What an earlier track of the project says of an unchanged source stays as it is.

    Args:
        job: What to translate.
        translator: The engine, behind its memory or not.
        refiner: Gives the texts another wording.

    Raises:
        PlanError: the model does not know the direction, or there is no such profile.
        EngineError: the engine failed.
    """
    shape = _Shape.of(job)
    translated = translate_track(
        job.source,
        target=job.target,
        translator=translator,
        profile=shape.profile,
        break_lines=shape.lines,
        provenance=shape.provenance,
        options=job.options.translation,
        previous=shape.previous,
        preferences=(*job.preferences, *_fit(job, shape.profile)),
        memory=None if job.memory is None else job.memory.recall,
        refiner=refiner,
        wishes=job.wishes,
        only=job.only,
    )
    if job.memory is None:
        return translated
    return offer_similar(
        translated,
        job.source,
        job.memory,
        profile=shape.profile,
        break_lines=shape.lines,
        previous=shape.before,
    )


def first_questions(job: TranslationJob) -> Questions:
    """Return what :func:`translate` will ask the translator first.

    Raises:
        PlanError: there is no such profile.
    """
    shape, refine = _Shape.of(job), job.options.refine
    return track_questions(
        job.source,
        target=job.target,
        provenance=shape.provenance,
        options=job.options.translation,
        previous=shape.previous,
        memory=None if job.memory is None else job.memory.recall,
        lines=refine.lines if refine is not None else 0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What shapes a track's translation beside its texts.

    Attributes:
        profile: House style of the target.
        provenance: Of what the machine writes; its digests stand for all that shapes it.
        before: The track of an earlier run.
        previous: The same, less what the memory knows better now.
    """

    profile: Profile
    provenance: Provenance
    before: Track | None
    previous: Track | None

    @classmethod
    def of(cls, job: TranslationJob) -> _Shape:
        """Of one job."""
        options, project = job.options, job.project
        profile = options.style.load(job.target, made_for=job.source.profile)
        shape = (job.model.digest, shaping(options.engine), shaping(options.translation))
        terms = (project.glossary, project.register, *filter(None, (options.refine,)))
        key = stage_key("translate", VERSION, job.target, *shape, profile, *terms)
        made = (old for old in project.tracks if old.id == translated_id(job.source, job.target))
        before = previous = next(made, None)
        if previous is not None and job.memory is not None:
            previous = without_answered(previous, job.source, job.memory)
        provenance = translation_provenance(job.model, key)
        return cls(profile=profile, provenance=provenance, before=before, previous=previous)

    def lines(self, text: str) -> tuple[str, ...]:
        """The lines of one cue's text in the style of the target."""
        return break_lines(text, profile=self.profile, language=self.profile.language)


def _fit(job: TranslationJob, profile: Profile) -> list[Preference]:
    """What makes translations fit their time, as the options ask for it."""
    if job.options.translation.fit == "reading":
        return [ReadingSpeed(profile)]
    if job.options.translation.fit == "none":
        return []
    words = job.project.transcript.words if job.project.transcript else ()
    spoken = _spoken(job.source, words) if words else None
    return [SpokenDuration(profile.language, spoken, _tempo(words, job.source.language))]


def _tempo(words: Sequence[Word], language: str) -> Callable[[Unit], float]:
    """How fast the speaker of a unit speaks, else all of them together, else the language."""
    voices: dict[str | None, list[Word]] = {}
    for word in words:
        voices.setdefault(word.speaker, []).append(word)
    together = measured_tempo(words, language) or 1.0
    own = {one: measured_tempo(said, language) for one, said in voices.items() if one is not None}
    return lambda unit: own.get(unit.speaker or "") or together


def _spoken(track: Track, words: Sequence[Word]) -> Callable[[Unit], float]:
    """How long each unit of a track is spoken, from the times of the words in its cues."""
    spans = {cue.id: cue.span for cue in track.cues}
    starts = [word.span.start for word in words]

    def seconds(unit: Unit) -> float:
        total = Fraction(0)
        for span in (spans[name] for name in unit.cues):
            inside = words[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
            # A cue without words of its own was timed by a person: its time is what is known.
            total += inside[-1].span.end - inside[0].span.start if inside else span.duration
        return float(total)

    return seconds
