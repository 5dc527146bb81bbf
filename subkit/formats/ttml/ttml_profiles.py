"""The variants of TTML that are written: one row for each, and what it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from subkit.errors import PlanError
from subkit.formats.ttml.ttml_names import name_set

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["LOOKS", "PROFILES", "TtmlProfile", "profile_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TtmlProfile:
    """What a variant of TTML demands and holds.

    Attributes:
        name: On the command line.
        extension: Of its files.
        root: Attributes of ``tt`` beside those that follow from the times.
        times: ``"clock"`` (``00:00:01.001``), ``"ticks"`` (``10010000t``) or ``"timecode"``
            (``00:00:01:00``, SMPTE).
        look: How text looks where nothing else is said; written as the style of the body.
        carries: Keys of ``subkit.formats.losses.FEATURES`` that it holds.
        kept: Attributes of TTML without a mark of their own that may stand on text.
        region: Attributes that a region may have beside its place.
        note: Where a note goes: ``"desc"`` or ``"comment"``.
        title: The element of the head's metadata that holds the title.
        align_in_region: The text's alignment stands on the region (iTT); else in a style of ``p``.
        values: What the values of some attributes must look like.
    """

    name: str
    extension: str
    root: Mapping[str, str]
    times: str = "clock"
    look: Mapping[str, str]
    carries: frozenset[str]
    kept: frozenset[str]
    region: frozenset[str]
    note: str = "desc"
    title: str = "ttm:title"
    align_in_region: bool = False
    values: Mapping[str, re.Pattern[str]] = field(default_factory=dict)

    def keeps(self, name: str, value: str) -> bool:
        """Whether an attribute may stand on text."""
        return name in self.kept and self._fits(name, value)

    def keeps_region(self, name: str, value: str) -> bool:
        """Whether an attribute may stand on a region."""
        return name in self.region and self._fits(name, value)

    def _fits(self, name: str, value: str) -> bool:
        return name not in self.values or self.values[name].fullmatch(value) is not None


def _features(*words: str) -> frozenset[str]:
    return frozenset(" ".join(words).split()) | {"cue language"}


_BASIC = "italic bold underline color size font place language style"
_TIMED = "background area vertical voice delay speaker region"
_EBU = _features(_BASIC, _TIMED)
_TTML1 = _features(_BASIC, _TIMED, "strike outline")
_IMSC = _features(_BASIC, _TIMED, "strike outline ruby emphasis combine shear forced")
_ITT = _features(_BASIC)

_KEPT_TTML1 = name_set(
    "tts:direction tts:unicodeBidi tts:wrapOption tts:lineHeight tts:textDecoration ttm:role"
)
_KEPT_EBU = (_KEPT_TTML1 - {"tts:textDecoration"}) | {"ebutts:multiRowAlign", "ebutts:linePadding"}
_KEPT_IMSC = _KEPT_EBU | {
    "tts:textDecoration",
    "tts:textShadow",
    "tts:visibility",
    "tts:rubyReserve",
    "tts:luminanceGain",
    "itts:fillLineGap",
}
_REGION_TTML1 = name_set(
    "tts:padding tts:backgroundColor tts:showBackground tts:overflow tts:opacity tts:zIndex "
    "tts:displayAlign"
)
_REGION_EBU = frozenset({"tts:padding", "tts:showBackground", "tts:overflow", "tts:displayAlign"})
_REGION_IMSC = _REGION_TTML1 | {"tts:luminanceGain", "tts:disparity"}

_IMSC_LOOK = {
    "tts:fontFamily": "proportionalSansSerif",
    "tts:fontSize": "80%",
    "tts:lineHeight": "125%",
    "tts:color": "#ffffff",
}
_PLAIN_LOOK = {"tts:fontFamily": "proportionalSansSerif", "tts:fontSize": "100%"}
_MEDIA = {"ttp:timeBase": "media", "ttp:cellResolution": "32 15"}

PROFILES: dict[str, TtmlProfile] = {
    profile.name: profile
    for profile in (
        TtmlProfile(
            name="imsc",
            extension="ttml",
            root={
                **_MEDIA,
                "ttp:contentProfiles": "http://www.w3.org/ns/ttml/profile/imsc1.1/text",
            },
            look=_IMSC_LOOK,
            carries=_IMSC,
            kept=_KEPT_IMSC,
            region=_REGION_IMSC,
        ),
        TtmlProfile(
            name="ebuttd",
            extension="xml",
            root=_MEDIA,
            look=_IMSC_LOOK,
            carries=_EBU,
            kept=_KEPT_EBU - {"ttm:role"},
            region=_REGION_EBU,
            values={
                "tts:lineHeight": re.compile(r"normal|\d+(?:\.\d+)?%"),
                "tts:padding": re.compile(r"\d+(?:\.\d+)?%(?: \d+(?:\.\d+)?%){0,3}"),
            },
            note="comment",
            title="ebuttm:documentOriginalProgrammeTitle",
        ),
        TtmlProfile(
            name="smptett",
            extension="xml",
            root={
                **_MEDIA,
                "ttp:profile": "http://www.smpte-ra.org/schemas/2052-1/2010/profiles/smpte-tt-full",
            },
            look=_IMSC_LOOK,
            carries=_TTML1,
            kept=_KEPT_TTML1,
            region=_REGION_TTML1,
        ),
        TtmlProfile(
            name="itt",
            extension="itt",
            root={},
            times="timecode",
            look=_PLAIN_LOOK,
            carries=_ITT,
            kept=frozenset(),
            region=frozenset(),
            note="comment",
            align_in_region=True,
        ),
        TtmlProfile(
            name="netflix",
            extension="dfxp",
            root={**_MEDIA, "ttp:tickRate": "10000000"},
            times="ticks",
            look=_PLAIN_LOOK,
            carries=_TTML1,
            kept=_KEPT_TTML1,
            region=_REGION_TTML1,
        ),
        TtmlProfile(
            name="netflix-ja",
            extension="xml",
            root={
                **_MEDIA,
                "ttp:tickRate": "10000000",
                "ttp:contentProfiles": "http://www.w3.org/ns/ttml/profile/imsc1.1/text",
            },
            times="ticks",
            look={**_PLAIN_LOOK, "tts:rubyReserve": "outside"},
            carries=_IMSC,
            kept=_KEPT_IMSC,
            region=_REGION_IMSC,
        ),
    )
}
"""Variant -> what it demands. Adding one is adding a row here and one in the table of formats."""

LOOKS = tuple(profile.look for profile in PROFILES.values())
"""What a file written here looks like where nothing was said: no news for a reader."""


def profile_of(name: str) -> TtmlProfile:
    """Return a variant by name.

    Raises:
        PlanError: there is none of that name.
    """
    if name not in PROFILES:
        raise PlanError(
            f"TTML has no profile {name!r}.", remedy=f"Choose one of: {', '.join(PROFILES)}."
        )
    return PROFILES[name]
