"""Digests over a model's files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from threading import Lock

from subkit.errors import EngineError

__all__ = ["DigestMemory", "digest_file", "digest_files", "list_files", "model_digest"]

_BLOCK = 1 << 20


class DigestMemory:
    """Digests already computed, by path, size and time of change; kept in memory only.

    A model is hashed once a process, not once a call. Nothing is written, so a file that was
    tampered with between two runs is always hashed anew.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int], str] = {}
        self._lock = Lock()

    def get(self, path: Path) -> str:
        """Sha256 of a file, hexadecimal."""
        facts = path.stat()
        key = (str(path.resolve()), facts.st_size, facts.st_mtime_ns)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            known = digest_file(path)
            with self._lock:
                self._known[key] = known
        return known


_MEMORY = DigestMemory()


def digest_file(path: Path) -> str:
    """Sha256 of a file's bytes, hexadecimal, read in blocks."""
    running = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            running.update(block)
    return running.hexdigest()


def list_files(directory: Path) -> list[str]:
    """The names of the files in a model's directory, sorted; hidden files are no part of it."""
    return sorted(
        path.relative_to(directory).as_posix()
        for path in directory.rglob("*")
        if path.is_file()
        and not any(part.startswith(".") for part in path.relative_to(directory).parts)
    )


def digest_files(directory: Path, *, fresh: bool = False) -> dict[str, str]:
    """Sha256 of each file of a model, by its name.

    Args:
        directory: The model's directory.
        fresh: Read every byte again, whatever is remembered.

    Raises:
        EngineError: A file cannot be read.
    """
    read = digest_file if fresh else _MEMORY.get
    try:
        return {name: read(directory / name) for name in list_files(directory)}
    except OSError as error:
        message = f'The model in "{directory}" cannot be read: {error.strerror or error}.'
        raise EngineError(message, remedy="Check the permissions of its files.") from error


def model_digest(directory: str | Path) -> str:
    """Digest of a model: ``sha256:`` over the sorted pairs of file name and sha256 of the file.

    Raises:
        EngineError: A file cannot be read.
    """
    running = hashlib.sha256()
    for name, digest in sorted(digest_files(Path(directory)).items()):
        running.update(f"{name}\0{digest}\n".encode())
    return f"sha256:{running.hexdigest()}"
