"""What an event of a DAPT script says: its texts, and its facts in our words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from subkit.exchange.dub_files.dapt_names import KINDS, name_of
from subkit.formats.ttml.ttml_names import id_of
from subkit.model import Anchor, AnchorKind, Character, LineKind, TakeStatus

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from subkit.exchange.dub_files.folded_text import FoldedText
    from subkit.model import Cue

__all__ = [
    "ScriptText",
    "characters_of",
    "chosen_texts",
    "elements_of",
    "in_order",
    "kind_of",
    "notes_of",
    "share_of",
    "take_of",
    "text_of",
    "word_anchors",
]

_XML_ID = name_of("xml:id")


@dataclass(frozen=True, slots=True)
class ScriptText:
    """A text of an event: what it says, its language, and the one it was written in first."""

    text: FoldedText
    language: str
    source: str


def chosen_texts(
    texts: list[ScriptText], language: str, script_type: str
) -> tuple[ScriptText | None, ScriptText | None]:
    """Return what is to be said, and the original beside it if there is one.

    Args:
        texts: Of the event, in order.
        language: That the script is in.
        script_type: As DAPT names it.
    """
    if not texts:
        return None, None
    originals = [one for one in texts if one.source == one.language or not one.source]
    if script_type == "originalTranscript" or len(texts) == 1:
        return (originals or texts)[0], None
    targets = [one for one in texts if one.language == language and one not in originals]
    targets = targets or [one for one in texts if one not in originals]
    main = targets[-1] if targets else texts[-1]
    return main, next((one for one in originals if one is not main), None)


def characters_of(head: Element) -> dict[str, Character]:
    """Return the characters of a script, by the id of their agent."""
    names = {}
    for agent in head.iter(name_of("ttm:agent")):
        told = [text_of(one) for one in agent.iterfind(name_of("ttm:name"))]
        names[agent.get(_XML_ID, "")] = next((one for one in told if one), "")
    own = {one.get("agent", ""): dict(one.attrib) for one in elements_of(head, "own:character")}
    found = {}
    for agent in head.iter(name_of("ttm:agent")):
        identifier = agent.get(_XML_ID, "")
        if agent.get("type") == "person" or not identifier:
            continue
        actor = agent.find(name_of("ttm:actor"))
        facts = own.get(identifier, {})
        found[identifier] = Character(
            id=facts.get("id") or id_of(identifier),
            name=names[identifier] or id_of(identifier),
            actor="" if actor is None else names.get(actor.get("agent", ""), ""),
            prefix=facts.get("prefix", ""),
            gender=facts.get("gender", ""),
            colour=facts.get("colour", ""),
            note=facts.get("note", ""),
            origin="script",
        )
    return found


def elements_of(head: Element | None, name: str) -> list[Element]:
    """Return the elements of a name in the head of a script."""
    return [] if head is None else list(head.iter(name_of(name)))


def word_anchors(main: ScriptText) -> tuple[Anchor, ...]:
    """Return the times of words that a text says."""
    return tuple(
        Anchor(kind=AnchorKind.WORD, offset=offset, time=time, end=end)
        for offset, time, end in main.text.words
    )


def kind_of(represents: str, own: Element | None) -> LineKind:
    """Return the kind of a line, from what it represents or from metadata of our own."""
    told = "" if own is None else own.get("kind", "")
    if told in {kind.value for kind in LineKind}:
        return LineKind(told)
    first = represents.split(maxsplit=1)[0] if represents.split() else ""
    parts = first.split(".")
    for count in range(len(parts), 0, -1):
        kind = KINDS.get(".".join(parts[:count]))
        if kind is not None:
            return kind
    return LineKind.DIALOGUE


def take_of(own: Element | None) -> TakeStatus:
    """Return how far the recording has come; only metadata of our own says it."""
    told = "" if own is None else own.get("take", "")
    known = {take.value for take in TakeStatus}
    return TakeStatus(told) if told in known else TakeStatus.OPEN


def notes_of(element: Element) -> str:
    """Return the descriptions of an event as one text, each behind its type if it has one."""
    notes = []
    for one in element.iterfind(name_of("ttm:desc")):
        kind = one.get(name_of("daptm:descType"), "")
        text = text_of(one)
        notes += [f"{kind}: {text}" if kind else text] if text else []
    return "; ".join(notes)


def share_of(told: str | None) -> float | None:
    """Return a number from 0 to 1; ``None`` for all else."""
    try:
        value = float(told) if told is not None else None
    except ValueError:
        return None
    return value if value is not None and 0 <= value <= 1 else None


def in_order(cues: list[Cue]) -> tuple[Cue, ...]:
    """Return cues by in-time; ids that are there twice get a number."""
    seen: dict[str, int] = {}
    found = []
    for cue in sorted(cues, key=lambda cue: (cue.span.start, cue.span.end)):
        count = seen[cue.id] = seen.get(cue.id, 0) + 1
        found.append(cue if count == 1 else replace(cue, id=f"{cue.id}-{count}"))
    return tuple(found)


def text_of(element: Element) -> str:
    """Return all text of an element, space folded."""
    return " ".join("".join(element.itertext()).split())
