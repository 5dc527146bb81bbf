"""Publication of what a title made: each file once, whole, and never over somebody else's."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from subkit.batch.output_names import require_inside
from subkit.batch.title_worker import file_digest
from subkit.store import sync_folder
from subkit.store.publication import place, require_name, write_failure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from subkit.batch.batch_ledger import BatchLedger
    from subkit.batch.title_claims import Claim

__all__ = ["deliver"]


def deliver(
    ledger: BatchLedger,
    claim: Claim,
    folder: Path,
    files: Sequence[Mapping[str, Any]],
    drafts: Path,
) -> None:
    """Publish the files of a title below the output folder.

    The ledger notes every digest first. A file that is there with a digest noted for this title was
    published by an attempt that did not live to say so. One of the media file that was there before
    is replaced, unless somebody changed it.

    Args:
        ledger: Of the batch.
        claim: Of the title.
        folder: The output folder.
        files: ``path``, ``name``, ``digest`` and ``replaces`` of each.
        drafts: Folder on the disk of the output folder for what is not finished yet.

    Raises:
        LeaseLoss: the title is another runner's.
        StoreError: a file is in the way, or one cannot be written.
    """
    before, old = ledger.intend(claim, {file["name"]: file["digest"] for file in files})
    changed = set()
    for file in files:
        target, digest = folder / file["name"], file["digest"]
        require_inside(folder, target)
        require_name(target)
        outdated = file["name"] in old and _is_ours(target, {old[file["name"]]})
        if file["name"] not in old and _is_ours(target, {digest, before.get(file["name"], digest)}):
            continue
        if file["name"] in old or before.get(file["name"], digest) != digest:
            ledger.replace_digest(claim, file["name"], digest)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise write_failure(target, error) from error
        require_inside(folder, target)
        _publish(Path(file["path"]), target, drafts, overwrite=outdated or file["replaces"])
        changed.add(target.parent)
    for parent in changed:
        sync_folder(parent)


def _is_ours(target: Path, digests: set[str]) -> bool:
    return target.is_file() and not target.is_symlink() and file_digest(target) in digests


def _publish(source: Path, target: Path, drafts: Path, *, overwrite: bool) -> None:
    draft = drafts / f".subkit-{secrets.token_hex(8)}.part"
    try:
        # Not a link: the scratch file may be opened again, and this one belongs to people then.
        _copy(source, draft)
        place(draft, target, overwrite=overwrite)
    except OSError as error:
        raise write_failure(target, error) from error
    finally:
        with suppress(OSError):
            draft.unlink()


def _copy(source: Path, draft: Path) -> None:
    with source.open("rb") as reader, draft.open("xb") as writer:
        shutil.copyfileobj(reader, writer, 1 << 20)
        writer.flush()
        os.fsync(writer.fileno())
