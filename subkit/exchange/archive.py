"""Office files are zip archives of XML: opened with limits, written the same every time."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING

from subkit.errors import FormatError
from subkit.exchange.sheet_rows import require_size
from subkit.files.xml import require_plain

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["open_archive", "repack"]

_MAX_MEMBERS = 2_000
_MAX_UNPACKED = 256 * 2**20
_MAX_RATIO = 200
_RATIO_FROM = 4 * 2**20
"""Small members may compress better than any ratio: a sheet of equal rows does."""

_PACKINGS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
"""Those that Office files use; the others fail in ways of their own."""

_XML = (".xml", ".rels", ".vml")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")


def open_archive(data: bytes, name: str, *, needs: str) -> dict[str, bytes]:
    """The XML of an Office file, unpacked, known to hold no document type; nothing else of it.

    Args:
        data: The file's bytes.
        name: Its name, for errors.
        needs: A member without which it is not what its name says.

    Raises:
        FormatError: not such a file, encrypted, damaged, or it unpacks to more than any sheet does.
    """
    require_size(data, name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _read(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise _bad(name, f"is not an Office file or is damaged ({error})") from error
    if needs not in members:
        raise _bad(name, f"is not an Office file of its kind: it has no {needs}")
    return members


def _read(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > _MAX_MEMBERS:
        raise _bad(name, f"has {len(infos)} parts inside, more than any sheet")
    members: dict[str, bytes] = {}
    left = _MAX_UNPACKED
    for info in infos:
        if info.flag_bits & 1:
            raise _bad(name, "is encrypted", remedy="Save it without a password.")
        if not info.filename.lower().endswith(_XML):
            continue  # a part that is not read here cannot be taken for one that was
        if info.filename in members:
            raise _bad(name, f"has two parts of the name {info.filename!r}")
        if info.compress_type not in _PACKINGS:
            raise _bad(name, "is packed in a way that Office files are not")
        if info.file_size > max(_RATIO_FROM, _MAX_RATIO * info.compress_size):
            raise _bad(name, "unpacks to far more than it holds")
        with archive.open(info) as member:  # what it declares may be less than what it gives
            content = member.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _bad(name, f"unpacks to more than {_MAX_UNPACKED} bytes")
        # Handed on as the text that was looked at: no parser can find another one in its bytes.
        members[info.filename] = require_plain(content, f"{name}: {info.filename}").encode()
    return members


def repack(members: Mapping[str, bytes] | bytes) -> bytes:
    """An archive whose bytes depend on its content alone: no times, the order as given."""
    if isinstance(members, bytes):
        with zipfile.ZipFile(io.BytesIO(members)) as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            if name == "docProps/core.xml":
                content = _MOMENT.sub(rb"\g<1>2000-01-01T00:00:00Z\g<2>", content)  # noqa: PLW2901
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, content)
    return stream.getvalue()


def _bad(name: str, what: str, remedy: str = "") -> FormatError:
    return FormatError(
        f"{name!r} {what}.", remedy=remedy or "Save it again as a new file.", line=1, column=1
    )
