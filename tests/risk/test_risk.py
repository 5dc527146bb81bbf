"""The queue: errors that were put in stand in its first fifth."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from subkit.edit import Hand, comment, mark_looked_at
from subkit.model import Alternative, Cue, Project, Term
from subkit.quality import check_track
from subkit.risk import risk_queue
from subkit.signals import SIGNALS, signal_of
from subkit.styles import Styles
from tests.builders.titles import KINDS, spoil, title

if TYPE_CHECKING:
    from subkit.pipeline import Outcome

STYLE = Styles()
HELD_OUT = range(500, 504)
"""Seeds that were not looked at while the signs and their weights were chosen."""


def recall(project: Project, track: str, wrong: dict[str, str]) -> Counter[str]:
    """Errors by kind that stand in the first fifth of the queue."""
    queue = risk_queue(project, project.track(track), STYLE)
    first = {item.cue for item in queue[: len(project.track(track).cues) // 5]}
    return Counter(kind for cue, kind in wrong.items() if cue in first)


@pytest.mark.slow
@pytest.mark.parametrize("track", ["en", "ko", "es"])
def test_seeded_errors_stand_in_the_first_fifth(track: str) -> None:
    found: Counter[str] = Counter()
    seeded: Counter[str] = Counter()
    for seed in HELD_OUT:
        project, wrong = spoil(title(seed), track, seed + 1000)
        found += recall(project, track, wrong)
        seeded += Counter(wrong.values())
    assert set(seeded) == set(KINDS)
    assert sum(seeded.values()) > 80
    for kind in KINDS:
        assert found[kind] >= 0.8 * seeded[kind], (kind, found, seeded)


@pytest.mark.parametrize("track", ["en", "ko", "es"])
def test_seeded_errors_in_the_demo_scene(demo: Outcome, track: str) -> None:
    found = seeded = 0
    for seed in range(700, 712):
        project, wrong = spoil(demo.project, track, seed, share=0.1)
        wrong = {cue: kind for cue, kind in wrong.items() if kind != "name"}  # its names are others
        queue = risk_queue(project, project.track(track), STYLE)
        first = {item.cue for item in queue[: max(4, len(project.track(track).cues) // 5)]}
        found += len(first & set(wrong))
        seeded += len(wrong)
    assert seeded >= 24
    assert found >= 0.8 * seeded, (found, seeded)


def only(project: Project, cue: str, kind: str, track: str = "en") -> str:
    """The message of one kind of reason for one cue."""
    queue = risk_queue(project, project.track(track), STYLE)
    item = next(item for item in queue if item.cue == cue)
    (reason,) = [reason for reason in item.reasons if reason.kind == kind]
    assert 0 < item.risk <= 1
    assert reason.message.endswith((".", "?", "!")) or kind == "open-comment"
    return reason.message


def changed(project: Project, track: str, cue: str, **fields: object) -> Project:
    where = project.track(track)
    cues = tuple(replace(c, **fields) if c.id == cue else c for c in where.cues)  # type: ignore[arg-type]
    return project.with_track(replace(where, cues=cues))


def without(project: Project, track: str, cue: str) -> Project:
    where = project.track(track)
    return project.with_track(replace(where, cues=tuple(c for c in where.cues if c.id != cue)))


def test_each_kind_of_reason_says_what_it_saw() -> None:
    clean = title(1, 40)
    hand = Hand(actor="Kim", time="2026-01-01T00:00:00Z")
    assert "no cue shows it" in only(without(clean, "en", "c0010"), "c0009", "speech-without-cue")
    assert "was heard at" in only(without(clean, "en", "c0010"), "c0009", "words-without-cue")
    late = clean.track("en").cue("c0010").span.shifted(Fraction(3))
    assert "heard from" in only(changed(clean, "en", "c0010", span=late), "c0010", "far-from-words")
    end = clean.track("en").cues[-1].span.shifted(Fraction(60))
    invented = changed(clean, "en", "c0040", span=end)
    assert "Hardly any voice" in only(invented, "c0040", "cue-without-speech")
    other = changed(clean, "en", "c0010", lines=("Something else altogether, sir.",))
    assert "another text" in only(other, "c0010", "not-as-heard")
    again = changed(clean, "en", "c0010", lines=("No, no, no, no, no, no!",))
    assert "repeats itself" in only(again, "c0010", "loop")
    russian = changed(clean, "en", "c0010", lines=("Где ты?",))
    assert "not written in" in only(russian, "c0010", "wrong-script")
    assert "Kim wrote" in only(comment(clean, "en", "c0010", "Who?", hand), "c0010", "open-comment")
    assert "no translation" in only(without(clean, "ko", "c0010"), "c0009", "missing-cue", "ko")
    empty = changed(clean, "ko", "c0010", lines=("…",))
    assert "no words" in only(empty, "c0010", "empty", "ko")
    moved = clean.track("ko").cue("c0010").span.shifted(Fraction(2))
    assert "2.0 s" in only(changed(clean, "ko", "c0010", span=moved), "c0010", "moved-cue", "ko")
    stale = changed(clean, "ko", "c0010", made_from="sha256:0")
    assert "changed after" in only(stale, "c0010", "translation-stale", "ko")
    long = changed(clean, "es", "c0010", lines=("palabra " * 20 + "fin.",))
    assert "much longer" in only(long, "c0010", "length-differs", "es")


def test_what_is_said_in_the_language_of_the_track_is_rightly_the_same() -> None:
    said = {"lines": ("¡Vámonos de aquí ahora mismo!",)}
    clean = title(1, 40)
    copied = changed(changed(clean, "en", "c0010", **said), "es", "c0010", **said)
    assert "the source" in only(copied, "c0010", "untranslated", "es")
    spanish = changed(copied, "en", "c0010", language="es-MX")
    queue = risk_queue(spanish, spanish.track("es"), STYLE)
    assert "untranslated" not in {
        r.kind for item in queue if item.cue == "c0010" for r in item.reasons
    }


def test_a_long_line_in_the_language_of_the_track_is_not_too_long_for_its_source() -> None:
    clean = title(1, 40)
    rest = tuple(
        replace(cue, lines=(cue.text + " y " + "más " * 20,)) for cue in clean.track("es").cues
    )
    said = {"lines": ("¡Vámonos de aquí ahora mismo, antes de que sea tarde!",)}
    long = clean.with_track(replace(clean.track("es"), cues=rest))
    copied = changed(changed(long, "en", "c0010", **said), "es", "c0010", **said)
    assert "much shorter" in only(copied, "c0010", "length-differs", "es")
    spanish = changed(copied, "en", "c0010", language="es-MX")
    queue = risk_queue(spanish, spanish.track("es"), STYLE)
    assert "length-differs" not in {
        r.kind for item in queue if item.cue == "c0010" for r in item.reasons
    }


def test_tags_that_differ_from_the_source_are_a_reason() -> None:
    clean = title(1, 40)
    text = clean.track("en").cue("c0010").text
    project = changed(clean, "en", "c0010", lines=(f"<i>{text}</i>",))
    assert "nline tags" in only(project, "c0010", "translation-tags", "ko")


def test_every_reason_of_the_queue_is_a_finding_of_qc_or_a_row() -> None:
    project, _ = spoil(title(6), "ko", 6)
    track = project.track("ko")
    rules = {finding.rule for finding in check_track(project, track, STYLE)}
    kinds = {r.kind for item in risk_queue(project, track, STYLE) for r in item.reasons}
    assert kinds <= rules | set(SIGNALS)
    assert {signal_of(rule).group for rule in rules} <= {signal_of(kind).group for kind in kinds}


def test_the_glossary_is_asked() -> None:
    clean = title(2, 40)
    name = next(c.id for c in clean.track("en").cues if "Emma" in c.text)
    term = Term(source="Emma", target="에마", source_language="en", language="ko")
    project = replace(clean, glossary=(term,))
    assert "“에마”" in only(project, name, "glossary-missing", "ko")


def test_a_second_opinion_of_the_recogniser_is_shown() -> None:
    clean = title(3, 40)
    assert clean.transcript is not None
    windows = list(clean.transcript.windows)
    windows[9] = replace(
        windows[9], alternatives=(Alternative(text="It was something else entirely."),)
    )
    project = replace(clean, transcript=replace(clean.transcript, windows=tuple(windows)))
    assert "something else" in only(project, "c0010", "decodes-disagree")


def test_the_order_is_that_of_the_risk_and_every_kind_has_a_weight() -> None:
    project, _ = spoil(title(4), "en", 4)
    queue = risk_queue(project, project.track("en"), STYLE)
    assert [item.risk for item in queue] == sorted((i.risk for i in queue), reverse=True)
    assert len({item.cue for item in queue}) == len(queue)
    assert all(0 <= signal.weight < 1 for signal in SIGNALS.values())
    for item in queue:
        groups = [signal_of(reason.kind).group for reason in item.reasons]
        assert len(groups) == len(set(groups))
        assert list(item.weights) == sorted(item.weights, reverse=True)
    seen = mark_looked_at(project, "en", {queue[0].cue})
    assert risk_queue(seen, seen.track("en"), STYLE)[0].looked_at


def test_an_empty_track_and_one_without_anything_else() -> None:
    clean = title(5, 20)
    empty = clean.with_track(replace(clean.track("en"), cues=()))
    assert risk_queue(empty, empty.track("en"), STYLE) == []
    bare = replace(
        clean, transcript=None, tracks=(replace(clean.track("en"), cues=clean.track("en").cues),)
    )
    cue: Cue = bare.track("en").cues[0]
    assert cue.id
    assert isinstance(risk_queue(bare, bare.track("en"), STYLE), list)
