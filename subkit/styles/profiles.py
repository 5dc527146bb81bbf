"""Resolve the id of a style to a profile, layer by layer."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, PlanError
from subkit.model import Profile, RuleSource, ShotRules, TextRules
from subkit.styles.numbers import FIELDS, Layer, Note, StyleNumber
from subkit.styles.shipped import BOTTOM, language_aliases, shipped_layers

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "find_profile_id",
    "load_profile",
    "profile_ids",
    "profile_name",
    "profile_notes",
    "profile_rules",
]

_COUNTED = ("max_cpl", "max_chars", "max_cps", "max_wpm", "word_duration", "counting")


def profile_ids(*, own: Mapping[str, Layer] | None = None) -> tuple[str, ...]:
    """Ids of all styles: the user's own first, then those that come with subkit."""
    return tuple(dict.fromkeys((*(own or {}), *shipped_layers())))


def find_profile_id(name: str, *, own: Mapping[str, Layer] | None = None) -> str:
    """The id of a style as a person writes it: in any case, with spaces, or by its full name.

    Raises:
        PlanError: there is no such style; the remedy names the nearest.
    """
    return _find(name, own or {}, seen=()).id


def profile_name(profile_id: str, *, own: Mapping[str, Layer] | None = None) -> str:
    """What people call a style.

    Raises:
        PlanError: there is none of that id.
    """
    return _find(profile_id, own or {}, seen=()).name


def load_profile(
    profile_id: str, language: str, *, own: Mapping[str, Layer] | None = None
) -> Profile:
    """The numbers of a house style for a language.

    A style's own number for the language wins over its general one, and both over what it inherits;
    what no guide states comes from subkit's own proposal and is marked so (confidence D). Lengths
    and speeds in characters are not applied to languages counted in half widths (ko, ja, zh).

    Args:
        profile_id: Id of the style (see :func:`profile_ids`).
        language: Canonical BCP 47 tag.
        own: The user's own styles (:func:`~subkit.styles.read_own_styles`), which may inherit
            from the rest and stand before it.

    Raises:
        PlanError: there is no such style; the remedy names the nearest.
        InputError: a style of the user's inherits itself, or its limits contradict each other.
    """
    rules = profile_rules(profile_id, language, own=own)
    shots, text = _group(rules, "shots"), _group(rules, "text")
    values: dict[str, Any] = {
        field: rule.value for field, rule in rules.items() if "." not in field and field != "shots"
    }
    profile = Profile(
        id=find_profile_id(profile_id, own=own),
        language=language,
        shots=ShotRules(**shots) if shots else None,
        text=TextRules(**text),
        rule_sources=tuple(
            RuleSource(rule=field, confidence=rule.confidence, sources=rule.sources)
            for field, rule in rules.items()
        ),
        **values,
    )
    if profile.min_duration > profile.max_duration:
        raise InputError(
            f"Style {profile_id!r} has a min_duration of {profile.min_duration} s above its "
            f"max_duration of {profile.max_duration} s.",
            remedy="Correct one of them.",
            profile=profile_id,
        )
    return profile


def profile_rules(
    profile_id: str, language: str, *, own: Mapping[str, Layer] | None = None
) -> dict[str, StyleNumber]:
    """The rules that make a profile, by field, in the order in which they are listed.

    Raises:
        PlanError: there is no such style.
        InputError: a style of the user's inherits itself, or its limits contradict each other.
    """
    rules: dict[str, StyleNumber] = {}
    for layer in _chain(profile_id, own or {}):
        added = _rules_for(layer, language, half_width=_is_half_width(rules))
        if any(field.startswith("shots") for field in added):
            rules.pop("shots", None)
        if "shots" in added and added["shots"].value is False:
            rules = {field: rule for field, rule in rules.items() if "shots." not in field}
        rules.update(added)
    return {field: rules[field] for field in FIELDS if field in rules}


def profile_notes(
    profile_id: str, language: str, *, own: Mapping[str, Layer] | None = None
) -> tuple[Note, ...]:
    """What the guides say for a language that no number holds, the style's own first.

    Raises:
        PlanError: there is no such style.
        InputError: a style of the user's inherits itself, or its limits contradict each other.
    """
    notes: dict[str, Note] = {}
    for layer in reversed(_chain(profile_id, own or {})):
        for note in layer.notes:
            if not note.language or note.language in _tags(language):
                notes.setdefault(note.about, note)
    return tuple(notes.values())


def _group(rules: dict[str, StyleNumber], name: str) -> dict[str, Any]:
    """The values of ``name.…``, by the part after the dot."""
    return {
        field.partition(".")[2]: rule.value
        for field, rule in rules.items()
        if field.startswith(f"{name}.")
    }


def _is_half_width(rules: dict[str, StyleNumber]) -> bool:
    return "counting" in rules and rules["counting"].value == "half-width"


def _rules_for(layer: Layer, language: str, *, half_width: bool) -> dict[str, StyleNumber]:
    general = {**layer.general, **layer.languages.get("default", {})}
    if half_width and not layer.user:
        general = {field: rule for field, rule in general.items() if field not in _COUNTED}
    return {**general, **_language_rules(layer, language)}


def _language_rules(layer: Layer, language: str) -> dict[str, StyleNumber]:
    """The rules under the longest tag that covers ``language``."""
    return next((layer.languages[tag] for tag in _tags(language) if tag in layer.languages), {})


def _tags(language: str) -> list[str]:
    """The tags whose rules hold for ``language``, the nearest first."""
    tags: list[str] = []
    while language:
        tags += [language, language_aliases().get(language, language)]
        language = language.rpartition("-")[0]
    return tags


def _chain(profile_id: str, own: Mapping[str, Layer]) -> list[Layer]:
    """The layers from the bottom to the style itself."""
    chain = [_find(profile_id, own, seen=())]
    while chain[0].inherits is not None:
        chain.insert(0, _find(chain[0].inherits, own, seen=tuple(chain)))
    return chain


def _find(profile_id: str, own: Mapping[str, Layer], seen: tuple[Layer, ...]) -> Layer:
    """The user's style of that id, else subkit's; a style that inherits its own id means ours."""
    shipped = shipped_layers()
    layer = own.get(profile_id)
    if layer is not None and layer in seen:
        layer = None
    if layer is None:
        layer = shipped.get(profile_id)
    if layer is None and profile_id in own:
        names = ", ".join(item.id for item in seen)
        raise InputError(
            f"Style {profile_id!r} inherits itself through {names}.",
            remedy=f'Let one of them inherit "{BOTTOM}".',
            profile=profile_id,
        )
    layer = layer or _written_otherwise(profile_id, own)
    if layer is None:
        known = list(dict.fromkeys((*own, *shipped)))
        near = get_close_matches(profile_id.casefold(), known, n=3, cutoff=0.5)
        remedy = f"Nearest: {', '.join(near)}." if near else f"Known: {', '.join(known)}."
        raise PlanError(f"There is no style {profile_id!r}.", remedy=remedy, profile=profile_id)
    return layer


def _written_otherwise(name: str, own: Mapping[str, Layer]) -> Layer | None:
    """Find the one style whose id or name matches, ignoring case, spaces and hyphens."""
    layers = {**shipped_layers(), **own}.values()
    found = [layer for layer in layers if _plain(name) in (_plain(layer.id), _plain(layer.name))]
    return found[0] if len(found) == 1 else None


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "-").replace("_", "-")
