"""The chosen house style, with the numbers that the user overrides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from subkit.model import Profile
from subkit.styles.numbers import Layer
from subkit.styles.profiles import load_profile, profile_ids

__all__ = ["DEFAULT_STYLE", "Styles"]

DEFAULT_STYLE = "subkit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """The house styles there are, which one is wanted, and what of it the user sets aside.

    Attributes:
        profile: Id of a profile (``subkit styles list``); ``None`` takes the one a track was made
            for, and subkit's own for a new one.
        own: The user's own styles, as :func:`subkit.styles.read_own_styles` gives them.
        max_cpl: Characters per line instead of the profile's.
        max_lines: Lines in one cue instead of the profile's.
    """

    profile: str | None = None
    own: Mapping[str, Layer] = field(default_factory=dict)
    max_cpl: int | None = None
    max_lines: int | None = None

    def knows(self, profile: str) -> bool:
        """Whether a profile is shipped or is one of the user's own."""
        return profile in profile_ids(own=self.own)

    def load(self, language: str, *, made_for: str = DEFAULT_STYLE) -> Profile:
        """The profile for a language, with what the user set.

        Args:
            language: BCP 47.
            made_for: Profile of the track, which is taken where the user names none; if it is not
                known here (a style of somebody else's), subkit's own.

        Raises:
            PlanError: no such profile.
        """
        name = self.profile or (made_for if self.knows(made_for) else DEFAULT_STYLE)
        profile = load_profile(name, language, own=self.own)
        if self.max_cpl is not None:
            profile = replace(profile, max_cpl=self.max_cpl)
        if self.max_lines is not None:
            profile = replace(profile, max_lines=self.max_lines)
        return profile
