"""Guards speak in the check of a project, at the cue they concern."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from subkit.model import (
    Cue,
    Feature,
    Mark,
    Origin,
    Provenance,
    Review,
    ReviewState,
    Span,
    Track,
)
from subkit.quality.translation_guards import translation_findings
from subkit.translation import source_digest

MACHINE = Provenance(origin=Origin.MT, tool="test")


def cue(number: int, text: str, **more: object) -> Cue:
    span = Span(Fraction(3 * number), Fraction(3 * number + 2))
    made = Cue(id=f"c{number}", span=span, lines=tuple(text.split("\n")))
    return replace(made, **more)  # type: ignore[arg-type]


def found(source: Cue, *, text: str, **more: object) -> list[tuple[str, str]]:
    made = replace(
        cue(1, text, provenance=MACHINE, confidence=0.9, sources=("c1",)),
        made_from=source_digest([source]),
    )
    track = Track(id="es", language="es", source="en", cues=(replace(made, **more),))  # type: ignore[arg-type]
    findings = translation_findings(track, Track(id="en", language="en", cues=(source,)))
    return [(finding.rule, finding.cue) for finding in findings]


def test_a_good_translation_has_none() -> None:
    assert found(cue(1, "There are 12 men."), text="Hay 12 hombres.") == []
    assert found(cue(1, "1984"), text="1984") == []
    assert (
        found(cue(1, "Hola, buenos días, Ana.", language="es"), text="Hola, buenos días, Ana.")
        == []
    )


def test_each_guard_is_a_finding() -> None:
    assert found(cue(1, "There are 12 men."), text="Hay 20 hombres.") == [("changed-number", "c1")]
    assert found(cue(1, "Go home now."), text="go home now") == [("untranslated", "c1")]
    assert found(cue(1, "Go."), text="...") == [("empty", "c1")]
    assert found(cue(1, "Go."), text="열쇠") == [("wrong-script", "c1")]
    assert found(cue(1, "<i>Go.</i>"), text="Ve.") == [("translation-tags", "c1")]
    assert found(cue(1, "I <i>never</i> go."), text="No <i>voy</i> nunca.") == [
        ("translation-tag-place", "c1")
    ]


def test_unsure_and_cut_texts_until_a_person_has_looked() -> None:
    source = cue(1, "Go.")
    edited = Review(state=ReviewState.EDITED, actor="Ana")
    assert found(source, text="Ve.", confidence=0.2) == [("translation-low-score", "c1")]
    assert found(source, text="Ve.", confidence=1e-9) == [("translation-truncated", "c1")]
    assert found(source, text="Ve.", confidence=0.2, review=edited) == []
    surer = replace(MACHINE, low_score=-0.2)
    assert found(source, text="Ve.", confidence=0.81, provenance=surer) == [
        ("translation-low-score", "c1")
    ]
    assert found(source, text="Ve.", confidence=0.83, provenance=surer) == []


def test_a_changed_source_is_a_finding_at_each_of_its_cues() -> None:
    source = (cue(1, "The old man"), cue(2, "waits."))
    names = ("c1", "c2")
    made = tuple(
        replace(one, lines=(text,), sources=names, made_from=source_digest(source))
        for one, text in zip(source, ("El viejo", "espera."), strict=True)
    )
    track = Track(id="es", language="es", source="en", cues=made)
    now = Track(id="en", language="en", cues=(source[0], cue(2, "sleeps.")))
    findings = translation_findings(track, now)
    assert [(one.rule, one.cue) for one in findings] == [
        ("translation-stale", "c1"),
        ("translation-stale", "c2"),
    ]
    assert "changed" in findings[0].message


def test_the_cues_of_a_unit_are_looked_at_together() -> None:
    source = (cue(1, "There are 12"), cue(2, "men here, 5 now."))
    made = (
        cue(1, "Hay 5", sources=("c1", "c2"), provenance=MACHINE),
        cue(2, "ahora, de 12.", sources=("c1", "c2"), provenance=MACHINE),
    )
    track = Track(id="es", language="es", source="en", cues=made)
    assert translation_findings(track, Track(id="en", language="en", cues=source)) == []
    assert translation_findings(track, None) == []


def test_a_mark_that_nobody_could_place_is_named_until_a_person_has_looked() -> None:
    never = Mark(start=2, end=7, feature=Feature.ITALIC)
    source = cue(1, "I never go.", marks=(never,))
    assert found(source, text="No voy nunca.") == [("translation-looks", "c1")]
    edited = Review(state=ReviewState.EDITED, actor="Ana")
    assert found(source, text="No voy nunca.", review=edited) == []
    italic = Mark(start=7, end=12, feature=Feature.ITALIC)
    assert found(source, text="No voy nunca.", marks=(italic,)) == []
    made = cue(1, "No voy nunca.", provenance=MACHINE, confidence=0.9, sources=("c1",))
    made = replace(made, made_from=source_digest([source]))
    (finding,) = translation_findings(
        Track(id="es", language="es", source="en", cues=(made,)),
        Track(id="en", language="en", cues=(source,)),
    )
    assert finding.message == (
        "Cue c1: marks on parts of its source have no place in the translation (italic on 'never')."
    )
