"""Stage: a track -> the same cues in another language."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from subkit.interfaces import Hypothesis, Retrying
from subkit.pipeline.cache import recall, remember, shaping, stage_key
from subkit.pipeline.loading import LoadedTranslator
from subkit.pipeline.memory import offer_similar, without_answered
from subkit.pipeline.provenance import translation_provenance
from subkit.plugins import load_plugin
from subkit.spotting import break_lines
from subkit.translation import ReadingSpeed, SpokenDuration, translate_track, translated_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from subkit.interfaces import ModelFacts, Progress, Refiner, Translator
    from subkit.model import Project, Track, Word
    from subkit.pipeline.memory import TranslationMemory
    from subkit.pipeline.options import RunOptions
    from subkit.store import ProjectFile
    from subkit.translation import Preference, Unit

__all__ = ["RememberingRefiner", "RememberingTranslator", "translate"]

VERSION = 2
SENTENCES_AT_ONCE = 128
"""Sentences handed to the engine together; what is lost when a run is stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hypotheses:
    items: tuple[Hypothesis, ...]


class RememberingTranslator:
    """A translator that asks the engine only for what it was not asked before.

    The engine is loaded on the first text that neither the project file knows nor another title
    had; ``loaded`` keeps it and its answers from one title to the next.
    """

    def __init__(
        self,
        store: ProjectFile,
        model: ModelFacts,
        options: RunOptions,
        progress: Progress,
        loaded: LoadedTranslator | None = None,
    ) -> None:
        self.model = model
        self._store = store
        self._options = options
        self._progress = progress
        self._loaded = loaded or LoadedTranslator()

    def engine(self) -> Translator:
        """The engine itself, loaded now if it was not.

        Raises:
            EngineError: the model does not load.
        """
        return self._loaded.get(self._options, self.model)

    def check(self, source: str, target: str) -> None:
        """Return if the model knows this direction; asked of the engine once for each model.

        Raises:
            PlanError: it does not.
        """
        key = stage_key("direction", VERSION, self.model.digest, source, target)
        if self._store.cached(key) is None:
            self.engine().check(source, target)
            self._store.remember(key, b"known")

    def translate(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Hypotheses for each text, from the project file where it has them.

        Raises:
            EngineError: the engine failed.
        """
        return self._through("sentence", texts, (source, target), alternatives)

    def retry(
        self, texts: Sequence[str], source: str, target: str, *, alternatives: int = 1
    ) -> list[list[Hypothesis]]:
        """Hypotheses of another try, likewise; the first ones of an engine that has no other.

        Raises:
            EngineError: the engine failed.
        """
        return self._through("retry", texts, (source, target), alternatives)

    def _through(
        self, kind: str, texts: Sequence[str], direction: tuple[str, str], alternatives: int
    ) -> list[list[Hypothesis]]:
        keys = [self._key(kind, text, direction, alternatives) for text in texts]
        known = [self._known(key) for key in keys]
        missing = [i for i, found in enumerate(known) if found is None]
        # Of like length together: a batch takes as long as its longest text.
        missing.sort(key=lambda i: (len(texts[i]), i))
        stage = f"translate {direction[0]}-{direction[1]}"
        self._progress.begin(stage, len(texts), "sentences")
        for start in range(0, len(missing), SENTENCES_AT_ONCE):
            chunk = missing[start : start + SENTENCES_AT_ONCE]
            engine = self.engine()
            ask = engine.retry if kind == "retry" and isinstance(engine, Retrying) else None
            fresh = (ask or engine.translate)(
                [texts[i] for i in chunk], *direction, alternatives=alternatives
            )
            for i, hypotheses in zip(chunk, fresh, strict=True):
                known[i] = answer = tuple(hypotheses)
                self._keep(keys[i], answer)
            self._progress.advance(stage, len(texts) - len(missing) + start + len(chunk))
        self._progress.end(stage)
        return [list(found) for found in known if found is not None]

    def _known(self, key: str) -> tuple[Hypothesis, ...] | None:
        """What this title or another has asked before."""
        own = recall(self._store, key, _Hypotheses)
        if own is not None:
            self._loaded.remember(key, own.items)
            return own.items
        found = self._loaded.recall(key)
        if found is not None:
            remember(self._store, key, _Hypotheses(items=found))
        return found

    def _keep(self, key: str, answer: tuple[Hypothesis, ...]) -> None:
        remember(self._store, key, _Hypotheses(items=answer))
        self._loaded.remember(key, answer)

    def _key(self, kind: str, text: str, direction: tuple[str, str], alternatives: int) -> str:
        shape = shaping(self._options.engine)
        return stage_key(kind, VERSION, self.model.digest, shape, text, *direction, alternatives)


class RememberingRefiner:
    """A refiner that is asked only what it was not asked before."""

    def __init__(self, store: ProjectFile, options: RunOptions) -> None:
        self._store = store
        self._options = options
        self._refiner: Refiner = load_plugin("refiners", options.refiner_plugin)(options.refine)
        self.name = self._refiner.name

    def refine(self, source: str, draft: str, language: str, target: str) -> str | None:
        """What the refiner said or says now.

        Raises:
            EngineError: it failed.
        """
        key = stage_key("refine", VERSION, self._options.refine, source, draft, language, target)
        known = self._store.cached(key)
        if known is None:
            known = (self._refiner.refine(source, draft, language, target) or "").encode()
            self._store.remember(key, known)
        return known.decode() or None


def translate(
    project: Project,
    track: Track,
    target: str,
    options: RunOptions,
    translator: Translator,
    *,
    preferences: Sequence[Preference] = (),
    memory: TranslationMemory | None = None,
    refiner: Refiner | None = None,
) -> Track:
    """``track`` in ``target``: same cue ids, same times.

    What an earlier track of the project says of an unchanged source stays as it is.

    Args:
        project: The document; its glossary and register shape the result with the options.
        track: The source track.
        target: BCP 47 language.
        options: Options of the run.
        translator: The engine, behind its memory or not.
        preferences: What ranks the candidates beside their score.
        memory: Approved translations of before, into ``target``.
        refiner: Gives the texts another wording.

    Raises:
        PlanError: the model does not know the direction, or there is no such profile.
        EngineError: the engine failed.
    """
    profile = options.style.load(target, made_for=track.profile)
    shape = (translator.model.digest, shaping(options.engine), shaping(options.translation))
    terms = (project.glossary, project.register, *filter(None, (options.refine,)))
    key = stage_key("translate", VERSION, target, *shape, profile, *terms)
    made = (old for old in project.tracks if old.id == translated_id(track, target))
    before = previous = next(made, None)
    if previous is not None and memory is not None:
        previous = without_answered(previous, track, memory)
    lines = partial(break_lines, profile=profile, language=target)
    translated = translate_track(
        track,
        target=target,
        translator=translator,
        profile=profile,
        break_lines=lines,
        provenance=translation_provenance(translator.model, key),
        options=options.translation,
        previous=previous,
        preferences=(*preferences, *_fit(project, track, target, options)),
        memory=None if memory is None else memory.recall,
        refiner=refiner,
    )
    if memory is None:
        return translated
    return offer_similar(
        translated, track, memory, profile=profile, break_lines=lines, previous=before
    )


def _fit(
    project: Project, track: Track, target: str, options: RunOptions
) -> tuple[Preference, ...]:
    """What makes translations fit their time, as the options ask for it."""
    if options.translation.fit == "reading":
        return (ReadingSpeed(options.style.load(target, made_for=track.profile)),)
    if options.translation.fit == "spoken":
        words = project.transcript.words if project.transcript else ()
        return (SpokenDuration(target, _spoken(track, words) if words else None),)
    return ()


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
