"""Ids -> house styles, layer upon layer."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from subkit.errors import InputError, PlanError
from subkit.model import Profile, RuleSource
from subkit.styles.own import read_layers
from subkit.styles.rules import FIELDS, Layer, Rule
from subkit.styles.shipped import BOTTOM, language_aliases, shipped_layers

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["load_profile", "profile_ids", "profile_name"]

_COUNTED = ("max_cpl", "max_cps", "counting")


def profile_ids(*, user_file: Path | None = None) -> tuple[str, ...]:
    """Ids of all styles: the user's own first, then those that come with subkit.

    Raises:
        InputError: ``user_file`` cannot be read or used.
    """
    own = read_layers(user_file) if user_file is not None else {}
    return tuple(dict.fromkeys((*own, *shipped_layers())))


def profile_name(profile_id: str, *, user_file: Path | None = None) -> str:
    """What people call a style.

    Raises:
        PlanError: there is none of that id.
    """
    own = read_layers(user_file) if user_file is not None else {}
    return _find(profile_id, own, seen=()).name


def load_profile(profile_id: str, language: str, *, user_file: Path | None = None) -> Profile:
    """The numbers of a house style for a language.

    A style's own number for the language wins over its general one, and both over what it inherits;
    what no guide states comes from subkit's own proposal and is marked so (confidence D). Lengths
    and speeds in characters are not applied to languages counted in half widths (ko, ja, zh).

    Args:
        profile_id: Id of the style (see :func:`profile_ids`).
        language: Canonical BCP 47 tag.
        user_file: The user's own styles (TOML), which may inherit from and stand before the rest.

    Raises:
        PlanError: there is no such style; the remedy names the nearest.
        InputError: ``user_file`` cannot be read or used.
    """
    own = read_layers(user_file) if user_file is not None else {}
    chain = _chain(profile_id, own)
    rules: dict[str, Rule] = {}
    for layer in chain:
        rules.update(_rules_for(layer, language, half_width=_is_half_width(rules)))
    values: dict[str, Any] = {field: rules[field].value for field in FIELDS}
    profile = Profile(
        id=profile_id,
        language=language,
        rule_sources=tuple(
            RuleSource(rule=field, confidence=rules[field].confidence, sources=rules[field].sources)
            for field in FIELDS
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


def _is_half_width(rules: dict[str, Rule]) -> bool:
    return "counting" in rules and rules["counting"].value == "half-width"


def _rules_for(layer: Layer, language: str, *, half_width: bool) -> dict[str, Rule]:
    general = {**layer.general, **layer.languages.get("default", {})}
    if half_width and not layer.user:
        general = {field: rule for field, rule in general.items() if field not in _COUNTED}
    return {**general, **_language_rules(layer, language)}


def _language_rules(layer: Layer, language: str) -> dict[str, Rule]:
    """The rules under the longest tag that covers ``language``."""
    tag = language
    while tag:
        for name in (tag, language_aliases().get(tag, "")):
            if name in layer.languages:
                return layer.languages[name]
        tag = tag.rpartition("-")[0]
    return {}


def _chain(profile_id: str, own: dict[str, Layer]) -> list[Layer]:
    """The layers from the bottom to the style itself."""
    chain = [_find(profile_id, own, seen=())]
    while chain[0].inherits is not None:
        chain.insert(0, _find(chain[0].inherits, own, seen=tuple(chain)))
    return chain


def _find(profile_id: str, own: dict[str, Layer], seen: tuple[Layer, ...]) -> Layer:
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
    if layer is None:
        known = list(dict.fromkeys((*own, *shipped)))
        near = get_close_matches(profile_id.casefold(), known, n=3, cutoff=0.5)
        remedy = f"Nearest: {', '.join(near)}." if near else f"Known: {', '.join(known)}."
        raise PlanError(f"There is no style {profile_id!r}.", remedy=remedy, profile=profile_id)
    return layer
