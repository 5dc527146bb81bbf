"""Where subtitles are broken: references, metrics, and systems to compare."""
