"""Words that a project knows as right: one on each line of a text file beside it."""

from __future__ import annotations

from pathlib import Path

from subkit.errors import InputError
from subkit.store.publication import publish

__all__ = ["add_words", "read_words", "words_path"]

MAX_BYTES = 1 << 20
MAX_WORD = 60


def words_path(project: Path) -> Path:
    """The list of a project: ``film.words.txt`` beside ``film.subkit``."""
    return project.with_suffix(".words.txt")


def read_words(path: Path) -> tuple[str, ...]:
    """The words of a list, in its order; none where there is no file. ``#`` begins a remark.

    Raises:
        InputError: it cannot be read, is too long, or is not text in UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        text = data.decode("utf-8-sig")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{str(path)!r} cannot be read: {getattr(error, 'strerror', None) or error}.",
            remedy="It is a text file in UTF-8 with one word on each line.",
        ) from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{str(path)!r} is larger than 1 MiB, too large for a list of words.")
    lines = (line.strip() for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line and not line.startswith("#")))


def add_words(path: Path, words: tuple[str, ...]) -> tuple[str, ...]:
    """Add words to a list and return all of it; what stood in the file stays as it was.

    Raises:
        InputError: one is no word, or the list cannot be read.
        StoreError: the list cannot be written.
    """
    for word in words:
        if not 0 < len(word) <= MAX_WORD or not word.isprintable() or word.split() != [word]:
            raise InputError(f"{word!r:.60} is not one word.")
        if word.startswith("#"):
            raise InputError(f"A word of the list cannot begin with '#': {word!r:.60}.")
    known = read_words(path)
    new = [word for word in dict.fromkeys(words) if word not in known]
    if new:
        old = path.read_text(encoding="utf-8-sig") if path.exists() else ""
        old += "" if not old or old.endswith("\n") else "\n"
        data = (old + "\n".join(new) + "\n").encode()
        if len(data) > MAX_BYTES:
            raise InputError(f"{str(path)!r} is full: a list of words has at most 1 MiB.")
        publish(path, data, overwrite=True)
    return (*known, *new)
