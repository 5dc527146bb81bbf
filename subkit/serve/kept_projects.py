"""Projects that a server keeps for review, each in a folder with its media."""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from subkit.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.serve.uploads import Upload

__all__ = ["KeptProjects"]

_UNFINISHED = ".unfinished"
"""Names the server that works in a folder; the next one removes it where that server is gone."""


class KeptProjects:
    """The folder of kept projects.

    Args:
        folder: It; made where it is not there.
        server: The scratch folder of this server.

    Raises:
        StoreError: it cannot be made.
    """

    def __init__(self, folder: Path, server: Path) -> None:
        self._folder, self._server = folder.absolute(), server
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"Projects cannot be kept in {folder}: {error.strerror or error}.",
                remedy="Name another folder with --keep.",
            ) from error
        for mark in self._folder.glob(f"*/{_UNFINISHED}"):
            owner = Path(mark.read_text(encoding="utf-8"))
            if owner.parent == server.parent and not owner.exists():
                shutil.rmtree(mark.parent, ignore_errors=True)

    @contextmanager
    def place(self, upload: Upload) -> Iterator[str]:
        """Move an upload into a folder of its own; give the name of its project.

        Where the block fails, the folder goes again.
        """
        name = f"{Path(upload.name).stem}-{secrets.token_hex(4)}"
        folder = self._folder / name
        folder.mkdir()
        mark = folder / _UNFINISHED
        try:
            mark.write_text(str(self._server), encoding="utf-8")
            media = folder / upload.name
            shutil.move(upload.path, media)
            upload.path = media
            project = media.with_suffix(".subkit")
            yield f"{name}/{project.name}"
            mark.unlink()
            if not project.exists():  # nobody speaks
                shutil.rmtree(folder, ignore_errors=True)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
