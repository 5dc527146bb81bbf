"""House styles: the limits a subtitle must keep, with the guides they come from."""

from subkit.styles.meaning import MEANINGS
from subkit.styles.own_file import own_style
from subkit.styles.profiles import (
    load_profile,
    profile_ids,
    profile_name,
    profile_notes,
    profile_rules,
)
from subkit.styles.shipped import confidence_texts, source_texts
from subkit.styles.style_options import DEFAULT_STYLE, StyleOptions

__all__ = [
    "DEFAULT_STYLE",
    "MEANINGS",
    "StyleOptions",
    "confidence_texts",
    "load_profile",
    "own_style",
    "profile_ids",
    "profile_name",
    "profile_notes",
    "profile_rules",
    "source_texts",
]
