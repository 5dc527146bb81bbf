"""House styles: the limits a subtitle must keep, with the guides they come from."""

from subkit.styles.house_styles import DEFAULT_STYLE, Styles
from subkit.styles.meaning import MEANINGS
from subkit.styles.own import read_own_styles
from subkit.styles.own_file import own_style
from subkit.styles.profiles import (
    find_profile_id,
    load_profile,
    profile_ids,
    profile_name,
    profile_notes,
    profile_rules,
)
from subkit.styles.shipped import confidence_texts, source_texts

__all__ = [
    "DEFAULT_STYLE",
    "MEANINGS",
    "Styles",
    "confidence_texts",
    "find_profile_id",
    "load_profile",
    "own_style",
    "profile_ids",
    "profile_name",
    "profile_notes",
    "profile_rules",
    "read_own_styles",
    "source_texts",
]
