"""House styles: the limits a subtitle must keep, with the guides they come from."""

from subkit.styles.profiles import load_profile, profile_ids, profile_name
from subkit.styles.shipped import source_texts

__all__ = ["load_profile", "profile_ids", "profile_name", "source_texts"]
