"""The house style that a person chose, and what of it they set aside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from subkit.model import Profile
from subkit.styles.profiles import load_profile, profile_ids

__all__ = ["DEFAULT_STYLE", "StyleOptions"]

DEFAULT_STYLE = "subkit"


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleOptions:
    """Which house style, and what of it the user sets aside.

    Attributes:
        profile: Id of a profile (``subkit styles list``); ``None`` takes the one a track was made
            for, and subkit's own for a new one.
        file: The user's own profiles, TOML.
        max_cpl: Characters per line instead of the profile's.
        max_lines: Lines in one cue instead of the profile's.
    """

    profile: str | None = None
    file: Path | None = None
    max_cpl: int | None = None
    max_lines: int | None = None

    def knows(self, profile: str) -> bool:
        """Whether a profile is shipped or stands in the user's file."""
        return profile in profile_ids(user_file=self.file)

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
        profile = load_profile(name, language, user_file=self.file)
        if self.max_cpl is not None:
            profile = replace(profile, max_cpl=self.max_cpl)
        if self.max_lines is not None:
            profile = replace(profile, max_lines=self.max_lines)
        return profile
