"""Dictionaries for the spell check: where they are found, and what they know.

Hunspell, by the package chunspell (MIT, with Hunspell under the MPL; 3 MB, an extra of subkit),
which brings English. Dictionaries of other languages come from the system's packages
(``hunspell-es``) or lie in the user's ``~/.local/share/hunspell``; subkit ships none, since many
are under the GPL.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.errors import PluginError
from subkit.language.tags import resolve_language

if TYPE_CHECKING:
    from subkit.language.tags import Language

__all__ = ["Dictionary", "has_spelling", "load_dictionary", "why_no_dictionary"]

_FOLDERS = (
    Path("/usr/share/hunspell"),
    Path("/usr/share/myspell/dicts"),
    Path("/usr/local/share/hunspell"),
    Path("/opt/homebrew/share/hunspell"),
    Path("/Library/Spelling"),
)
_USER = "~/.local/share/hunspell"
_UNLISTED = frozenset({"ko", "ja", "zh", "yue", "th", "lo", "km", "my", "bo"})
"""Languages whose words no list holds: Korean endings are too many, or no spaces divide words."""

_MAX_SUGGESTIONS = 5
_MAX_LETTERS = 40


class Dictionary:
    """The words of a language; one may be asked from several threads.

    Args:
        words: The dictionary as Hunspell holds it.
    """

    def __init__(self, words: Any) -> None:
        self._words = words
        self._guard = threading.Lock()  # Hunspell's own calls must not overlap

    def knows(self, word: str) -> bool:
        """Whether the word is right as it is written; an initial capital is."""
        if len(word) > _MAX_LETTERS:
            return True
        try:
            with self._guard:
                return bool(self._words.spell(word))
        except UnicodeEncodeError:  # letters that the dictionary's own encoding does not have
            return False

    def suggest(self, word: str) -> tuple[str, ...]:
        """Words that may be meant, the likeliest first; at most five."""
        if len(word) > _MAX_LETTERS:
            return ()
        try:
            with self._guard:
                return tuple(self._words.suggest(word)[:_MAX_SUGGESTIONS])
        except UnicodeEncodeError:
            return ()


def has_spelling() -> bool:
    """Whether the package that reads dictionaries is installed."""
    return find_spec("hunspell") is not None


def why_no_dictionary(language: str) -> str:
    """Why the words of a language cannot be checked, as a sentence; empty if they can."""
    facts = resolve_language(language)
    if not has_spelling():
        return 'The spell check is not installed. Run: pip install "subkit[spell]"'
    if facts.base in _UNLISTED:
        return f"There is no dictionary for {facts.name}: its spelling is not checked."
    if _find(facts) is None:
        return (
            f"No dictionary for {facts.name} is installed: its spelling is not checked. "
            f"Install the system's package hunspell-{facts.base}, or put a Hunspell dictionary "
            f"into {_USER}."
        )
    return ""


def load_dictionary(language: str) -> Dictionary:
    """Return the dictionary of a language; it is read once.

    Raises:
        PluginError: there is none, or the package that reads it is not installed.
    """
    if missing := why_no_dictionary(language):
        raise PluginError(missing)
    path = _find(resolve_language(language))
    assert path is not None
    return _loaded(path)


@lru_cache(maxsize=8)
def _loaded(path: Path) -> Dictionary:
    from hunspell import Hunspell

    return Dictionary(Hunspell(path.stem, hunspell_data_dir=str(path.parent)))


def _find(language: Language) -> Path | None:
    """The dictionary nearest to a language: of its region, else of its home, else any."""
    base, region = language.base, language.region
    names = (f"{base}_{region}", base, f"{base}_{base.upper()}", "en_US")
    for folder in _folders():
        found = {
            path.stem: path
            for path in sorted(folder.rglob(f"{base}*.dic"))
            if path.stem.partition("_")[0] == base and path.with_suffix(".aff").is_file()
        }
        if found:
            return next((found[name] for name in names if name in found), min(found.values()))
    return None


def _folders() -> tuple[Path, ...]:
    """Where dictionaries may lie: the user's, the system's, then the package's own."""
    package = find_spec("hunspell")
    own = [Path(package.origin).parent / "dictionaries"] if package and package.origin else []
    user = Path(_USER).expanduser()
    return tuple(folder for folder in (user, *_FOLDERS, *own) if folder.is_dir())
