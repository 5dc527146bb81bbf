"""The Hugging Face hub: list a repository's files, download them with resumption."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from subkit.engines.digests import digest_file
from subkit.errors import EngineError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

__all__ = ["HubFile", "HubListing", "download_file", "list_repository"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFile:
    """One file of a repository.

    Attributes:
        name: Plain file name; files in folders are no part of a model.
        size: Bytes, where the hub says so.
        sha256: Digest that the hub keeps for large files, else empty.
        blob: Git blob id (sha1 with git's header), else empty.
    """

    name: str
    size: int | None
    sha256: str = ""
    blob: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubListing:
    """A repository at one commit."""

    repository: str
    revision: str
    files: tuple[HubFile, ...]


def list_repository(
    repository: str,
    revision: str | None,
    patterns: Sequence[str],
    *,
    endpoint: str | None = None,
) -> HubListing:
    """Ask the hub which of the wanted files a repository has, at which commit.

    Args:
        repository: ``owner/name``.
        revision: Commit, tag or branch; ``None`` is the main branch.
        patterns: File names wanted, as shell patterns.
        endpoint: Base address of the hub; ``None`` leaves it to ``huggingface_hub``.

    Raises:
        EngineError: The hub cannot be reached or does not know the repository or revision.
    """
    from huggingface_hub import HfApi

    with _hub_errors(repository, revision):
        api = HfApi(endpoint=endpoint, library_name="subkit")
        info = api.model_info(repository, revision=revision, files_metadata=True)
    files = tuple(
        _file(sibling)
        for sibling in info.siblings or ()
        if "/" not in sibling.rfilename
        and "\\" not in sibling.rfilename
        and any(fnmatch(sibling.rfilename, pattern) for pattern in patterns)
    )
    if not info.sha or not files:
        message = f'The hub repository "{repository}" holds no CTranslate2 model.'
        raise EngineError(message, remedy="Report this: the catalogue names a wrong repository.")
    return HubListing(repository=repository, revision=info.sha, files=files)


def download_file(
    listing: HubListing,
    file: HubFile,
    target: Path,
    *,
    advance: Callable[[int], None],
    endpoint: str | None = None,
) -> None:
    """Download one file to ``target``, going on from what is there already, and check it.

    A file that fails the check is removed, so that the next try starts anew. A file that was cut
    short stays, so that the next try goes on from there.

    Args:
        listing: The repository at its commit.
        file: Which of its files.
        target: Where to write; may hold the first part of it.
        advance: Hears the number of bytes as they come, those already there at once.
        endpoint: Base address of the hub.

    Raises:
        EngineError: The hub failed, the connection broke, or the digest is wrong.
        StoreError: The file cannot be written.
    """
    have = target.stat().st_size if target.exists() else 0
    if file.size is not None and have > file.size:
        target.unlink()
        have = 0
    advance(have)
    if file.size is None or have < file.size or not target.exists():
        _transfer(listing, file, target, have=have, advance=advance, endpoint=endpoint)
    fault = _check(file, target)
    if fault:
        target.unlink()
        message = f'"{file.name}" of {listing.repository} did not arrive as it is: {fault}.'
        remedy = "Try again; if it happens again, do not use this model."
        raise EngineError(message, remedy=remedy, file=file.name)


def _transfer(
    listing: HubListing,
    file: HubFile,
    target: Path,
    *,
    have: int,
    advance: Callable[[int], None],
    endpoint: str | None,
) -> None:
    from huggingface_hub import hf_hub_url
    from huggingface_hub.file_download import http_get
    from huggingface_hub.utils import build_hf_headers

    # snapshot_download would throw away the first part of a file at every new run; http_get is the
    # same transfer (retries, redirects, tokens) and goes on from where a file ends.
    url = hf_hub_url(listing.repository, file.name, revision=listing.revision, endpoint=endpoint)
    headers = build_hf_headers(library_name="subkit")
    headers["Accept-Encoding"] = "identity"
    try:
        with target.open("ab") as raw, _quiet(), _hub_errors(listing.repository, listing.revision):
            counted = _Counted(raw, advance)
            http_get(url, counted, resume_size=have, headers=headers, expected_size=file.size)
            raw.flush()
            os.fsync(raw.fileno())
    except _WriteError as error:
        message = f'"{target}" cannot be written: {error.strerror or error}.'
        raise StoreError(message, remedy="Check free space and permissions.") from error


class _WriteError(OSError):
    """The local disk failed, not the network: both come as OSError."""


class _Counted(io.RawIOBase):
    """A file that tells how many bytes were written, and whose own faults can be told apart."""

    def __init__(self, raw: Any, advance: Callable[[int], None]) -> None:
        super().__init__()
        self._raw = raw
        self._advance = advance

    def write(self, data: Any) -> int:
        try:
            written = int(self._raw.write(data))
        except OSError as error:
            raise _WriteError(error.errno, error.strerror) from error
        self._advance(written)
        return written

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._raw.seek(offset, whence))

    def tell(self) -> int:
        return int(self._raw.tell())

    def truncate(self, size: int | None = None) -> int:
        before = self.tell()
        length = int(self._raw.truncate(size))
        self._advance(length - before)
        return length


def _check(file: HubFile, target: Path) -> str:
    size = target.stat().st_size
    if file.size is not None and size != file.size:
        return f"{size} bytes instead of {file.size}"
    if file.sha256:
        found = digest_file(target)
        return "" if found == file.sha256 else f"sha256 {found} instead of {file.sha256}"
    if file.blob:
        running = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
        with target.open("rb") as stream:
            while block := stream.read(1 << 20):
                running.update(block)
        found = running.hexdigest()
        return "" if found == file.blob else f"git blob {found} instead of {file.blob}"
    return ""


def _file(sibling: Any) -> HubFile:
    lfs = getattr(sibling, "lfs", None)
    digest = (lfs.get("sha256") if isinstance(lfs, dict) else getattr(lfs, "sha256", "")) or ""
    blob = getattr(sibling, "blob_id", None) or ""
    # The blob id of a large file is that of its pointer, not of its bytes.
    return HubFile(
        name=sibling.rfilename,
        size=sibling.size,
        sha256=digest,
        blob="" if digest else blob,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep huggingface_hub from drawing its own bars beside ours."""
    from huggingface_hub.utils import (
        are_progress_bars_disabled,
        disable_progress_bars,
        enable_progress_bars,
    )

    if are_progress_bars_disabled():
        yield
        return
    disable_progress_bars()
    try:
        yield
    finally:
        enable_progress_bars()


@contextmanager
def _hub_errors(repository: str, revision: str | None) -> Iterator[None]:
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HFValidationError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    # requests up to huggingface_hub 0.x, httpx from 1.0: the base of all of its transport errors
    # stands behind HfHubHTTPError.
    transport = tuple(
        base
        for base in HfHubHTTPError.__mro__
        if base.__name__ in {"HTTPError", "RequestException"}
    )
    try:
        yield
    except _WriteError:
        raise
    except OfflineModeIsEnabled as error:
        message = f"{repository} cannot be fetched: HF_HUB_OFFLINE is set."
        raise EngineError(message, remedy="Unset it, or name a directory.") from error
    except GatedRepoError as error:
        message = f"{repository} asks for an account that has accepted its terms."
        raise EngineError(message, remedy="Accept them on the hub and set HF_TOKEN.") from error
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        message = f"The hub has no {repository} at revision {revision or 'main'}."
        raise EngineError(
            message, remedy="Choose another model of `subkit models list`."
        ) from error
    except (OSError, HFValidationError, *transport) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        message = f"{repository} could not be fetched from the hub: {reason}."
        remedy = "Check the connection and run the command again: it goes on where it stopped."
        raise EngineError(message, remedy=remedy) from error
