"""What the head of a TTML document says beside styles and regions: titles, speakers, blocks."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING

from subkit.formats.ttml.ttml_cascade import named_attributes, named_in_file
from subkit.formats.ttml.ttml_names import short_name
from subkit.formats.ttml.ttml_styles import FAMILY
from subkit.model.styling import Carried

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from lxml.etree import _Element as Element

    from subkit.files.plain_text import Repairs
    from subkit.formats.ttml.ttml_times import MediaClock

__all__ = ["agents_of", "head_facts", "head_metadata"]

_TITLES = ("ttm:title", "ebuttm:documentOriginalProgrammeTitle")
_CLAIM = "ebuttm:conformsToStandard"
_START = "ebuttm:documentStartOfProgramme"


def head_metadata(head: Element | None) -> list[Element]:
    """Return what the head says in ``metadata``, one level deep, and beside it."""
    found: list[Element] = []
    for part in () if head is None else head:
        kind = short_name(str(part.tag))
        if kind == "tt:metadata":
            found += list(part)
        elif kind not in ("tt:styling", "tt:layout"):
            found.append(part)
    return found


def agents_of(metadata: Iterable[Element]) -> dict[str, str]:
    """Return who speaks: ids of agents, and their names."""
    found = {}
    for element in metadata:
        if short_name(str(element.tag)) != "ttm:agent":
            continue
        names = [" ".join((child.text or "").split()) for child in element]
        id_ = named_attributes(element).get("xml:id", "")
        found[id_] = next((name for name in names if name), id_)
    return found


def head_facts(
    metadata: Iterable[Element], clock: MediaClock, repairs: Repairs
) -> tuple[tuple[Carried, ...], str, Fraction | None]:
    """Return metadata to give back, the title, and the timecode of the programme's start."""
    kept: list[Carried] = []
    title, start = "", None
    for element in metadata:
        kind = short_name(str(element.tag))
        if kind == "ttm:title":
            title = title or (element.text or "").strip()
            continue
        if kind == "ttm:agent":
            continue
        for inner in element.iter():
            name = short_name(str(inner.tag))
            if name in _TITLES:
                title = title or (inner.text or "").strip()
            elif name == _START and inner.text:
                start = clock.seconds(inner.text.strip(), repairs, partial(named_in_file, inner))
        if (text := _alone(element)) is not None:
            kept.append(Carried(format=FAMILY, kind="metadata", text=text))
    return tuple(kept), title, start


def _alone(element: Element) -> str | None:
    """Return the source of an element with the namespaces it uses and without indentation.

    What a file says that it conforms to is true of that file only: it is taken out, and ``None``
    is left of an element that says nothing else.
    """
    from lxml import etree

    copy = deepcopy(element)
    copy.tail = None
    claims = [inner for inner in copy.iter() if short_name(str(inner.tag)) == _CLAIM]
    for claim in claims:
        parent = claim.getparent()
        if parent is not None:
            parent.remove(claim)
    if claims and not len(copy):
        return None
    for inner in copy.iter():
        if len(inner) and not (inner.text or "").strip():
            inner.text = None
        if inner is not copy and not (inner.tail or "").strip():
            inner.tail = None
    etree.cleanup_namespaces(copy)
    return str(etree.tostring(copy, encoding="unicode"))
