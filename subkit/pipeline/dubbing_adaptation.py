"""Lines of the original -> lines in another language that fit their time and their mouth."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.compliance.provenance import translation_provenance
from subkit.dubbing import (
    MIN_PAUSE,
    FitOptions,
    Tempo,
    TextClock,
    TimeSlot,
    calibrate_speakers,
    fit_pauses,
    fit_penalty,
    phrases,
    timed_words,
)
from subkit.model import AnchorKind, DubLine, OnScreen, TakeStatus
from subkit.model.anchor_moves import sorted_anchors
from subkit.pipeline.stage_cache import shaping, stage_key
from subkit.translation import is_settled, translate_track, translated_id
from subkit.translation.demands import preferences_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.interfaces import ModelFacts, Translator
    from subkit.model import Anchor, Cue, Project, Track
    from subkit.pipeline.run_options import RunOptions
    from subkit.translation import Unit
    from subkit.translation.memory import TranslationMemory

__all__ = ["DubFit", "adapt_track", "laid_out"]

VERSION = 2


@dataclass(frozen=True, slots=True)
class DubFit:
    """Prefers texts that fit the time, the pauses and the lips of what they translate.

    See :class:`subkit.translation.Preference`; together with a candidate's score it is J
    (:mod:`subkit.dubbing.ranking`).

    Attributes:
        source: The lines of the original.
        language: BCP 47 language of the texts.
        tempos: Of the characters; under ``None`` of all.
        weights: How much each part counts.
        slots: What was computed before.
    """

    source: Mapping[str, Cue]
    language: str
    tempos: Mapping[str | None, Tempo]
    weights: FitOptions
    slots: dict[tuple[tuple[str, ...], str], TimeSlot]

    def __call__(self, unit: Unit, source_sentence: str, hypothesis_text: str, /) -> float:
        """Return the penalty of a text for a sentence."""
        key = (unit.cues, source_sentence)
        slot = self.slots.get(key)
        if slot is None:
            slot = self.slots[key] = self._slot(unit, source_sentence)
        return fit_penalty(hypothesis_text, self.language, slot, self.weights)

    def _slot(self, unit: Unit, sentence: str) -> TimeSlot:
        """When a sentence is spoken: from the words that it is made of."""
        cues = [self.source[name] for name in unit.cues]
        words: list[Anchor] = []
        ends: list[int] = []
        closures: list[float] = []
        text = ""
        for cue in cues:
            spoken = timed_words(cue, unit.language)
            for word, following in zip(spoken, [*spoken[1:], None], strict=True):
                end = following.offset if following is not None else len(cue.text)
                text += _letters(cue.text[word.offset : end])
                words.append(word)
                ends.append(len(text))
            closures += [float(a.time) for a in cue.dub.anchors if _closes(a)] if cue.dub else []
        wanted = _letters(sentence)
        begin = max(0, text.find(wanted))
        first, last = bisect_left(ends, begin + 1), bisect_left(ends, begin + len(wanted))
        spoken_words = words[first : last + 1] or words
        dub = cues[0].dub
        who = dub.character if dub is not None else None
        spans = _spoken_spans(spoken_words)
        low, high = (spans[0][0], spans[-1][0] + spans[-1][1]) if spans else (0.0, 0.0)
        return TimeSlot(
            phrases=spans,
            closures=tuple(sorted(time for time in closures if low <= time <= high)),
            seen=dub is None or dub.on_screen is not OnScreen.OFF,
            tempo=self.tempos.get(who) or self.tempos[None],
        )


def adapt_track(
    project: Project,
    source: Track,
    target: str,
    *,
    translator: Translator,
    model: ModelFacts,
    options: RunOptions,
    weights: FitOptions,
    memory: TranslationMemory | None = None,
) -> Track:
    """Return the lines of the original in another language, the fittest of all candidates each.

    The others stay as alternatives, the fittest first. What people settled stays as it is.

    Args:
        project: The document; its glossary and register shape the result.
        source: The lines of the original.
        target: BCP 47 language.
        translator: The engine; its hypotheses are of several lengths.
        model: Its facts.
        options: Of the run.
        weights: How much each part of the fit counts.
        memory: Approved translations of before.

    Raises:
        PlanError: the model does not know the direction.
        EngineError: the engine failed.
    """
    profile = options.style.load(target, made_for=source.profile)
    asked = replace(options.translation, fit="none", max_cues_per_unit=3)
    key = stage_key(
        "dub", VERSION, target, model.digest, shaping(options.engine), shaping(asked),
        shaping(weights), project.glossary, project.register,
    )  # fmt: skip
    previous = next((t for t in project.tracks if t.id == translated_id(source, target)), None)
    fit = DubFit(
        source={cue.id: cue for cue in source.cues},
        language=target,
        tempos=calibrate_speakers(source.cues, source.language),
        weights=weights,
        slots={},
    )
    made = translate_track(
        source,
        target=target,
        translator=translator,
        profile=profile,
        break_lines=lambda text: (text,) if text else (),
        provenance=translation_provenance(model, key),
        options=asked,
        previous=previous,
        preferences=(*preferences_for(project, source, target), fit),
        memory=None if memory is None else memory.recall,
    )
    return _with_lines(made, fit.source, previous)


def _with_lines(made: Track, source: Mapping[str, Cue], previous: Track | None) -> Track:
    """A translated track whose new cues are lines to be dubbed, with the loops that it had."""
    before = {cue.id: cue for cue in previous.cues} if previous is not None else {}
    cues = tuple(
        cue
        if before.get(cue.id) is cue or is_settled(cue)
        else laid_out(cue, source[cue.id], made.language, before.get(cue.id))
        for cue in made.cues
    )
    loops, territory = (previous.loops, previous.territory) if previous else ((), "")
    return replace(made, cues=cues, loops=loops, territory=territory)


def laid_out(cue: Cue, source: Cue, language: str, before: Cue | None = None) -> Cue:
    """Return a translated line with the pauses and mouth signs of the original in its text.

    Args:
        cue: The line, with its new text.
        source: The line of the original.
        language: BCP 47 language of the text.
        before: The line as it was: its notes stay; a text that was recorded and is another now
            needs a retake.
    """
    dub = source.dub or DubLine()
    pauses = [one for one in dub.pauses if float(one.seconds) >= MIN_PAUSE]
    lengths = [float(phrase.span.duration) for phrase in phrases(source)]
    fitting = fit_pauses(cue.text, language, lengths) if len(lengths) == len(pauses) + 1 else None
    offsets = fitting.offsets if fitting is not None else (len(cue.text),) * len(pauses)
    anchors = [
        replace(pause, offset=offset) for pause, offset in zip(pauses, offsets, strict=False)
    ]
    plain = replace(dub, anchors=tuple(anchors), take=TakeStatus.OPEN, reason="")
    laid = replace(cue, dub=plain)
    clock = TextClock(cue.text, timed_words(laid, language))
    signs = [a for a in dub.anchors if a.kind not in (AnchorKind.WORD, AnchorKind.PAUSE)]
    anchors += [replace(sign, offset=clock.offset(sign.time)) for sign in signs]
    plain = replace(plain, anchors=sorted_anchors(anchors))
    old = before.dub if before is not None else None
    if before is not None and old is not None:
        retake = old.take is not TakeStatus.OPEN and before.text != cue.text
        plain = replace(
            plain,
            character=old.character,
            on_screen=old.on_screen,
            alternate=old.alternate,
            note=old.note,
            reason=old.reason,
            take=TakeStatus.RETAKE if retake else old.take,
        )
    return replace(cue, dub=plain)


def _closes(anchor: Anchor) -> bool:
    return anchor.kind is AnchorKind.MPB


def _letters(text: str) -> str:
    return "".join(text.split())


def _spoken_spans(words: Sequence[Anchor]) -> tuple[tuple[float, float], ...]:
    """Start and length of each stretch of words without a pause."""
    spans: list[list[float]] = []
    for word in words:
        start, end = float(word.time), float(word.end or word.time)
        if spans and start - spans[-1][1] < MIN_PAUSE:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    return tuple((start, end - start) for start, end in spans)
