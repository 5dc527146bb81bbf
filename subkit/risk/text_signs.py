"""Signs in the text of a cue, and in a translation compared with its source."""

from __future__ import annotations

from itertools import pairwise
from math import log
from statistics import median
from typing import TYPE_CHECKING

from subkit.language import clusters, resolve_language
from subkit.language.punctuation import tokens
from subkit.model import Severity
from subkit.risk.evidence import Reason
from subkit.signals import GUARDS, find_loop
from subkit.terminology import Glossary
from subkit.translation import doubts, same_language
from subkit.translation.staleness import stale_reasons, untranslated
from subkit.translation.text_guards import has_wrong_script

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from subkit.model import Cue, Finding
    from subkit.risk.evidence import Evidence

__all__ = ["SIGNS", "from_findings"]

_LEAST = 4
"""Characters of a source below which no length is odd."""


def loops(evidence: Evidence) -> Iterator[Reason]:
    """A text that repeats itself, or comes again and again."""
    run = 1
    for before, cue in pairwise(evidence.cues):
        same = tokens(cue.text) == tokens(before.text) and bool(tokens(cue.text))
        source, old = evidence.sources.get(cue.id), evidence.sources.get(before.id)
        if same and source is not None and old is not None:
            same = tokens(source.text) != tokens(old.text)
            if same:
                message = f"It says the same as cue {before.id}, though their sources differ."
                yield Reason(cue=cue.id, kind="repeated-text", message=message)
            continue
        run = run + 1 if same else 1
        if run >= 2:
            yield Reason(
                cue=cue.id,
                kind="repeated-text",
                strength=min(1.0, 0.1 + run / 5 + (len(tokens(cue.text)) > 2) / 4),
                message=f"It says the same as the {run - 1} before it.",
            )
    for cue in evidence.cues if not evidence.sources else ():
        if find_loop(_units(cue, evidence)):
            yield Reason(cue=cue.id, kind="loop", message="Its text repeats itself.")


def _units(cue: Cue, evidence: Evidence) -> list[str]:
    """Words, or characters in writing without spaces."""
    words = tokens(cue.text)
    spaced = resolve_language(cue.language or evidence.track.language).spaces
    return words if spaced else list(clusters("".join(words)))


def script(evidence: Evidence) -> Iterator[Reason]:
    """Letters that the language is not written in."""
    for cue in evidence.cues if not evidence.sources else ():
        if has_wrong_script(cue.text, cue.language or evidence.track.language):
            yield Reason(
                cue=cue.id,
                kind="wrong-script",
                message="It has letters that its language is not written in.",
            )


def guards(evidence: Evidence) -> Iterator[Reason]:
    """What a translation fails of the translator's own guards."""
    for cue, source in _translated(evidence):
        spoken = _spoken(evidence, source)
        signs = doubts(
            source.text, cue.text, source_language=spoken, target=evidence.track.language
        )
        for name in signs:
            signal = GUARDS[name]
            message = f"{signal.sentence[:1].upper()}{signal.sentence[1:]}."
            yield Reason(cue=cue.id, kind=signal.key, message=message)


def lengths(evidence: Evidence) -> Iterator[Reason]:
    """A translation much longer or shorter than the others of its track."""
    pairs = [pair for pair in _translated(evidence) if len(pair[1].text) >= _LEAST]
    ratios = [log((len(cue.text) + 2) / (len(source.text) + 2)) for cue, source in pairs]
    if len(ratios) < 8:
        return
    middle = median(ratios)
    spread = max(0.15, 1.5 * median(abs(ratio - middle) for ratio in ratios))
    for (cue, _), ratio in zip(pairs, ratios, strict=True):
        off = abs(ratio - middle) / spread
        if off > 2.5:
            much = "longer" if ratio > middle else "shorter"
            yield Reason(
                cue=cue.id,
                kind="length-differs",
                strength=min(1.0, off / 5),
                message=f"It is much {much} for its source than the others of this track.",
            )


def terms(evidence: Evidence) -> Iterator[Reason]:
    """Terms and names of the glossary that the translation does not have."""
    if evidence.source is None or not evidence.project.glossary:
        return
    glossary = Glossary(
        evidence.project.glossary, evidence.source.language, evidence.track.language
    )
    for cue, source in _pairs(evidence):
        for use in glossary.uses(source.text, cue.text):
            if use.forbidden or use.is_missing:
                asked = use.demand.target or "what the glossary asks"
                key = "glossary-forbidden" if use.forbidden else "glossary-missing"
                message = f"For “{use.demand.source}” the glossary asks “{asked}”."
                yield Reason(cue=cue.id, kind=key, message=message)


def coverage(evidence: Evidence) -> Iterator[Reason]:
    """Source cues without a translation, times that are not the source's, and stale texts."""
    for name in untranslated(evidence.project, evidence.track):
        cue = evidence.cue_before(evidence.sources[name].span.start)
        if cue is not None:
            message = f"Cue {name} of the source, beside it, has no translation."
            yield Reason(cue=cue.id, kind="missing-cue", message=message)
    for cue, source in _pairs(evidence):
        off = max(abs(cue.span.start - source.span.start), abs(cue.span.end - source.span.end))
        if off > 0.5:
            yield Reason(
                cue=cue.id,
                kind="moved-cue",
                strength=min(1.0, 0.5 + float(off) / 2),
                message=f"Its times are up to {float(off):.1f} s from those of its source.",
            )
    for name, reason in stale_reasons(evidence.project, evidence.track).items():
        yield Reason(cue=name, kind="translation-stale", message=reason)


def comments(evidence: Evidence) -> Iterator[Reason]:
    """Find cues with open comments."""
    for cue in evidence.cues:
        said = [comment for comment in cue.comments if not comment.resolved]
        if said:
            message = f"{said[-1].actor} wrote: {said[-1].text[:200]}"
            yield Reason(cue=cue.id, kind="open-comment", message=message)


def from_findings(findings: Sequence[Finding]) -> Iterator[Reason]:
    """What the quality check found, under the names that it has there."""
    for finding in findings:
        if finding.rule.startswith("recognition-"):
            continue  # the windows' warnings are read from the windows
        strength = 0.9 if finding.severity is Severity.ERROR else 0.6
        yield Reason(cue=finding.cue, kind=finding.rule, strength=strength, message=finding.message)


def _pairs(evidence: Evidence) -> Iterator[tuple[Cue, Cue]]:
    for cue in evidence.cues:
        source = evidence.sources.get(cue.id)
        if source is not None:
            yield cue, source


def _translated(evidence: Evidence) -> Iterator[tuple[Cue, Cue]]:
    """Without what was said in the language of the track: its text is the translation."""
    for cue, source in _pairs(evidence):
        if not same_language(_spoken(evidence, source), evidence.track.language):
            yield cue, source


def _spoken(evidence: Evidence, source: Cue) -> str:
    return source.language or (evidence.source.language if evidence.source else "und")


SIGNS = (loops, script, guards, lengths, terms, coverage, comments)
