"""Texts without times: Fountain, Final Draft, and plain text with or without names."""

from subkit.formats.screenplays.script_reading import SCRIPT_EXTENSIONS, is_script, read_lines

__all__ = ["SCRIPT_EXTENSIONS", "is_script", "read_lines"]
