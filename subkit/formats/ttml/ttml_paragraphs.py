"""Cues as paragraphs of TTML: spans, ruby, shared styles, regions and agents."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from subkit.files.plain_text import split_lines
from subkit.formats.mark_runs import MarkedRun, runs
from subkit.formats.ttml.ttml_layout import attributes_of, region_attributes, text_alignment
from subkit.formats.ttml.ttml_names import xml_id
from subkit.formats.ttml.ttml_styles import FAMILY, span_attributes, writable
from subkit.formats.ttml.ttml_times import written_time
from subkit.model import exact_number
from subkit.model.mark_moves import moved_marks
from subkit.model.styling import Feature, Mark, Placement, Region

if TYPE_CHECKING:
    from collections.abc import Iterable

    from subkit.formats.ttml.ttml_profiles import TtmlProfile
    from subkit.model import Cue, FrameRate, Track

__all__ = ["ParagraphWriter", "clean"]

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TO_QUOTE = re.compile('[&<>"\t\n\r]|' + _NO_XML.pattern)
_SPACES = re.compile(r"^[ \t]|[ \t]$|[ \t]{2}|\t", re.MULTILINE)
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8}){0,8}")
_ON_PARAGRAPH = frozenset(
    {
        "tts:lineHeight",
        "tts:rubyReserve",
        "ebutts:multiRowAlign",
        "ebutts:linePadding",
        "itts:fillLineGap",
        "ttm:role",
    }
)
"""Attributes that mean something on a paragraph only."""


def clean(text: str) -> str:
    """Return text without what XML cannot hold."""
    return _NO_XML.sub("", text)


@dataclass(slots=True)
class ParagraphWriter:
    """Writes the paragraphs of a track and collects what they share.

    Attributes:
        profile: The variant.
        track: What is written.
        rate: For times that are timecode.
        styles: Attributes -> id of the style that says them.
        regions: Attributes, and the id they must have if any -> id of the region.
        agents: Name of a speaker -> id of the agent.
        lost: Feature -> ids of cues that lost it here, beyond what the variant never holds.
        unfit: Ids of regions that say what the variant cannot.
    """

    profile: TtmlProfile
    track: Track
    rate: FrameRate
    styles: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)
    regions: dict[tuple[str, tuple[tuple[str, str], ...]], str] = field(default_factory=dict)
    agents: dict[str, str] = field(default_factory=dict)
    lost: dict[str, list[str]] = field(default_factory=dict)
    unfit: set[str] = field(default_factory=set)
    _taken: set[str] = field(default_factory=set)
    _ids: dict[str, str] = field(default_factory=dict)
    _styled: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)
    _last: tuple[Placement | None, tuple[str, tuple[tuple[str, str], ...]]] = (None, ("", ()))
    _known: dict[str, Region] = field(default_factory=dict)
    _placed: dict[Placement, tuple[str, tuple[tuple[str, str], ...]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._ids = {cue.id: xml_id(clean(cue.id)) for cue in self.track.cues if clean(cue.id)}
        self._taken = set(self._ids.values())
        self._known = {region.id: region for region in self.track.regions}

    def paragraph(self, cue: Cue) -> str:
        """Return the paragraph of a cue, as source of XML."""
        text, marks = self._text(cue)
        whole, inner = self._divided(cue, text, marks)
        region, block = self._place(cue)
        role = ""
        if whole:
            looks = span_attributes(whole)
            role = looks.pop("ttm:role", "")
            block += tuple(looks.items())
        how = self.profile.times
        attributes = {
            "xml:id": self._ids.get(cue.id) or self.free("cue"),
            "begin": written_time(cue.span.start, how, self.rate),
            "end": written_time(cue.span.end, how, self.rate),
            "region": region,
        }
        if block:
            attributes["style"] = self.style(block)
        if role:
            attributes["ttm:role"] = role
        self._say(attributes, cue.language or "", cue.speaker or "")
        if cue.forced and "forced" in self.profile.carries:
            attributes["itts:forcedDisplay"] = "true"
        if _SPACES.search(text):
            attributes["xml:space"] = "preserve"
        inside = self._filled(runs(text, inner), cue) if inner else _source(text)
        return _element("p", attributes, inside)

    def free(self, stem: str) -> str:
        """Return an id that nothing else has."""
        number = 1
        while f"{stem}{number}" in self._taken:
            number += 1
        self._taken.add(f"{stem}{number}")
        return f"{stem}{number}"

    def style(self, attributes: Iterable[tuple[str, str]]) -> str:
        """Return the id of the style that says some attributes; the same for the same."""
        said = tuple(attributes)
        if said not in self._styled:
            key = tuple(sorted(said))
            if key not in self.styles:
                self.styles[key] = self.free("s")
            self._styled[said] = self.styles[key]
        return self._styled[said]

    def default_region(self) -> None:
        """Add the region of a cue that names no place, for a track without cues."""
        self._region(Placement())

    def _lose(self, feature: Feature | str, cue: Cue) -> None:
        name = feature.value if isinstance(feature, Feature) else feature
        self.lost.setdefault(name, []).append(cue.id)

    def _text(self, cue: Cue) -> tuple[str, tuple[Mark, ...]]:
        """Return the text of a cue as XML can hold it, and its marks moved with it."""
        text = "\n".join(split_lines(cue.lines))
        plain = clean(text)
        if plain != text:
            self._lose("letters", cue)
        return plain, moved_marks(cue.marks, cue.text, plain) if cue.marks else ()

    def _divided(
        self, cue: Cue, text: str, marks: tuple[Mark, ...]
    ) -> tuple[list[Mark], list[Mark]]:
        """Return marks for the paragraph and for spans; what cannot be said is noted."""
        whole: list[Mark] = []
        inner: list[Mark] = []
        for mark in marks:
            covers = mark.start == 0 and mark.end == len(text) and bool(text)
            if mark.feature is Feature.OPAQUE:
                self._keep_opaque(cue, mark, covers, whole, inner)
            elif mark.feature.value not in self.profile.carries:
                continue
            elif not writable(mark) or (mark.feature is Feature.SHEAR and not covers):
                self._lose(mark.feature, cue)
            elif mark.feature is Feature.SHEAR or (mark.how == "block" and covers):
                whole.append(mark)
            else:
                inner.append(mark)
        return whole, inner

    def _keep_opaque(
        self, cue: Cue, mark: Mark, covers: bool, whole: list[Mark], inner: list[Mark]
    ) -> None:
        if mark.how != FAMILY:
            return
        names = attributes_of(mark.value)
        allowed = {name: v for name, v in names.items() if self.profile.keeps(name, v)}
        on_block = _ON_PARAGRAPH & allowed.keys()
        if len(allowed) < len(names) or not names or (on_block and not covers):
            self._lose(Feature.OPAQUE, cue)
        elif covers and on_block == allowed.keys():
            whole.append(mark)
        else:
            inner.append(mark)

    def _place(self, cue: Cue) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return the id of a cue's region, and the alignment of its lines."""
        placement = cue.placement
        if placement is not self._last[0]:
            if placement not in self._placed:
                self._placed[placement] = self._region(placement)
            self._last = (placement, self._placed[placement])
        return self._last[1]

    def _region(self, placement: Placement) -> tuple[str, tuple[tuple[str, str], ...]]:
        carries = self.profile.carries
        known = self._known.get(placement.region)
        if "area" not in carries:
            placement = replace(placement, area=None, cell=None, align="")
        if "vertical" not in carries:
            placement = replace(placement, writing="")
        attributes = region_attributes(placement)
        alignment = text_alignment(placement)
        alignment = {
            k: v for k, v in alignment.items() if k in {"tts:textAlign"} | self.profile.kept
        }
        stem = ""
        if known is not None and known.source.startswith(FAMILY + " "):
            own = attributes_of(known.source)
            there = known.placement
            moved = (placement.vertical, placement.area, placement.writing) != (
                there.vertical,
                there.area,
                there.writing,
            )
            if moved:
                own.pop("tts:displayAlign", None)
            fit = {name: v for name, v in own.items() if self.profile.keeps_region(name, v)}
            if len(fit) < len(own) and "region" in carries:
                self.unfit.add(known.id)
            own = fit
            attributes |= own
            stem = xml_id(clean(known.id))
        if self.profile.align_in_region:
            attributes |= alignment
            alignment = {}
        key = (stem, tuple(sorted(attributes.items())))
        if key not in self.regions:
            wanted = stem if stem and stem not in self._taken else self.free("r")
            self._taken.add(wanted)
            self.regions[key] = wanted
        return self.regions[key], tuple(alignment.items())

    def _say(self, attributes: dict[str, str], language: str, speaker: str) -> None:
        """Add language and speaker to attributes where the variant has them."""
        if language and _LANGUAGE.fullmatch(language):
            attributes["xml:lang"] = language
        if speaker and "speaker" in self.profile.carries:
            if speaker not in self.agents:
                self.agents[speaker] = self.free("a")
            attributes["ttm:agent"] = self.agents[speaker]

    def _filled(self, stretches: list[MarkedRun], cue: Cue) -> str:
        """Return runs of text as source, those under one ruby together."""
        parts = []
        at = 0
        while at < len(stretches):
            rubies = _rubies(stretches[at])
            end = at + 1
            while rubies and end < len(stretches) and _rubies(stretches[end]) == rubies:
                end += 1
            group = stretches[at:end]
            if rubies and not any("\n" in run.text for run in group):
                parts.append(self._ruby(rubies, group, cue))
            else:
                if rubies:
                    self._lose(Feature.RUBY, cue)
                parts += [self._span(run, cue) for run in group]
            at = end
        return "".join(parts)

    def _span(self, run: MarkedRun, cue: Cue) -> str:
        attributes = self._attributes(run, cue)
        text = _source(run.text)
        return _element("span", attributes, text) if attributes else text

    def _attributes(
        self, run: MarkedRun, cue: Cue, extra: tuple[str, str] = ("", "")
    ) -> dict[str, str]:
        """Return the attributes of the span of a run: its style, language, speaker and delay."""
        looks = span_attributes(run.marks)
        role = looks.pop("ttm:role", "")
        if extra[0]:
            looks[extra[0]] = extra[1]
        attributes = {"style": self.style(looks.items())} if looks else {}
        if role:
            attributes["ttm:role"] = role
        self._say(attributes, run.value(Feature.LANGUAGE) or "", run.value(Feature.VOICE) or "")
        if (delay := run.value(Feature.DELAY)) is not None:
            seconds = _seconds(delay)
            if seconds is None:
                self._lose(Feature.DELAY, cue)
            else:
                attributes["begin"] = written_time(seconds, self.profile.times, self.rate)
        return attributes

    def _ruby(self, rubies: list[Mark], group: list[MarkedRun], cue: Cue) -> str:
        """Return text with its readings as source."""
        if len(group) == 1:
            attributes = self._attributes(group[0], cue, ("tts:ruby", "base"))
            inside = _element("span", attributes, _source(group[0].text))
        else:
            inside = self._role("base", "".join(self._span(run, cue) for run in group))
        several = len(rubies) > 1
        if several:
            inside = self._role("baseContainer", inside)
        for mark in rubies:
            position, _, align = mark.how.partition(" ")
            place = [("tts:rubyPosition", position)] if position else []
            own = [("tts:rubyAlign", align)] if align else []
            own += [] if several else place
            reading = self._role("text", _source(clean(mark.value)), *own)
            inside += self._role("textContainer", reading, *place) if several else reading
        return self._role("container", inside)

    def _role(self, ruby: str, inside: str, *more: tuple[str, str]) -> str:
        """Return a span that has a role in ruby."""
        return _element("span", {"style": self.style([("tts:ruby", ruby), *more])}, inside)


def _rubies(run: MarkedRun) -> list[Mark]:
    return [mark for mark in run.marks if mark.feature is Feature.RUBY]


def _element(name: str, attributes: dict[str, str], inside: str) -> str:
    """Return the source of an element."""
    said = "".join(f' {key}="{_quoted(value)}"' for key, value in attributes.items())
    return f"<{name}{said}>{inside}</{name}>" if inside else f"<{name}{said}/>"


def _quoted(value: str) -> str:
    """Return a value as it stands between double quotes."""
    if not _TO_QUOTE.search(value):
        return value
    value = _escaped(clean(value)).replace('"', "&quot;")
    return value.replace("\t", "&#9;").replace("\n", "&#10;").replace("\r", "&#13;")


def _escaped(text: str) -> str:
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text


def _source(text: str) -> str:
    """Return text as source, its line breaks as ``br``."""
    return _escaped(text).replace("\n", "<br/>").replace("\r", "&#13;")


def _seconds(text: str) -> Fraction | None:
    try:
        found = exact_number(text)
    except ValueError:
        return None
    return found if found >= 0 else None
