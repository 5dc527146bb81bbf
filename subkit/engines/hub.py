"""The Hugging Face hub: list a repository's files, download them with resumption."""

from __future__ import annotations

import hashlib
import io
import os
import re
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from subkit.engines.digests import digest_file
from subkit.errors import EngineError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

__all__ = ["CONNECT_SECONDS", "HubFile", "HubListing", "download_file", "list_repository"]

T = TypeVar("T")

CONNECT_SECONDS = 10.0
"""How long to wait for a connection to the hub where nothing else would do."""


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
    connect_seconds: float = CONNECT_SECONDS,
) -> HubListing:
    """Ask the hub which of the wanted files a repository has, at which commit.

    Args:
        repository: ``owner/name``.
        revision: Commit, tag or branch; ``None`` is the main branch.
        patterns: File names wanted, as shell patterns.
        endpoint: Base address of the hub; ``None`` leaves it to ``huggingface_hub``.
        connect_seconds: How long to wait for a connection; the answer may take five times as long.

    Raises:
        EngineError: The hub cannot be reached or does not know the repository or revision.
    """
    from huggingface_hub import HfApi

    api = HfApi(endpoint=endpoint, library_name="subkit")
    ask = partial(api.model_info, repository, revision=revision, files_metadata=True)
    with _hub_errors(repository, revision):
        _call_within(connect_seconds, partial(_connect, api.endpoint, connect_seconds))
        info = _call_within(5 * connect_seconds, ask)
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
        message = f'"{file.name}" of {listing.repository} did not arrive intact: {fault}.'
        remedy = "Try again; if it happens again, do not use this model."
        raise EngineError(message, remedy=remedy, file=file.name)


def _call_within(seconds: float, call: Callable[[], T]) -> T:
    """Return what ``call`` returns, or raise what it raises.

    Name resolution takes no timeout, and a request with one may be redirected again and again, so
    the call is made in a thread that is left behind when it takes too long.

    Raises:
        TimeoutError: It took longer.
    """
    answers: SimpleQueue[tuple[T | None, BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - raised again where it was called
            answers.put((None, error))

    Thread(target=run, name="subkit-hub", daemon=True).start()
    try:
        answer, error = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError(f"no answer within {seconds:g} s") from None
    if error is not None:
        raise error
    return cast("T", answer)


def _connect(endpoint: str, seconds: float) -> None:
    """Open a connection to the hub, or to the proxy on the way to it, and close it again.

    Without a network this fails at once or after ``seconds``; the request itself would go on trying
    for minutes.
    """
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return  # the request says so
    address = urlsplit(endpoint)
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    if proxy and not proxy_bypass(address.netloc):
        address = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    port = address.port or (443 if address.scheme == "https" else 80)
    socket.create_connection((address.hostname or "", port), timeout=seconds).close()


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
    """A file that reports how many bytes were written, and marks errors of its own."""

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
        reason = "HF_HUB_OFFLINE is set"
        message = f"{repository} cannot be fetched: {reason}."
        remedy = "Unset it, or name a directory."
        raise EngineError(message, remedy=remedy, reason=reason) from error
    except GatedRepoError as error:
        message = f"{repository} requires an account that has accepted its terms."
        raise EngineError(message, remedy="Accept them on the hub and set HF_TOKEN.") from error
    except (RepositoryNotFoundError, RevisionNotFoundError) as error:
        message = f"The hub has no {repository} at revision {revision or 'main'}."
        raise EngineError(
            message, remedy="Choose another model of `subkit models list`."
        ) from error
    except (OSError, HFValidationError, *transport) as error:
        lines = re.sub(r"^\[Errno -?\d+\] ", "", str(error).strip()).splitlines()
        reason = lines[0].rstrip(".") if lines else type(error).__name__
        message = f"{repository} could not be fetched from the hub: {reason}."
        remedy = "Check the connection and run the command again: it resumes where it stopped."
        raise EngineError(message, remedy=remedy, reason=reason) from error
