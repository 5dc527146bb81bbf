"""Bytes to text: the encoding is judged from the bytes, and one bad byte costs one letter."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from subkit.errors import PlanError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from subkit.files.repairs import Repairs

__all__ = ["code_page", "codec_of", "encoding_of", "recode", "text_of"]

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WESTERN = "cp1252 iso8859-15 mac-roman"
_CENTRAL = "cp1250 iso8859-2 mac-latin2"
_CYRILLIC = "cp1251 koi8-r iso8859-5 mac-cyrillic cp866"
_ARABIC = "cp1256 iso8859-6"
_BALTIC = "cp1257 iso8859-13 iso8859-4"
_FAMILIES = {
    "th": "cp874",
    "ja": "cp932 euc-jp",
    "ko": "cp949",
    "zh-Hant zh-TW zh-HK": "big5 gb18030",
    "zh": "gb18030 big5",
    "bs cs hr hu pl ro sk sl sq": _CENTRAL,
    "be uk": f"{_CYRILLIC} koi8-u",
    "bg kk mk mn ru sr": _CYRILLIC,
    "el": "cp1253 iso8859-7 mac-greek",
    "az tr": "cp1254 iso8859-9 mac-turkish",
    "he yi": "cp1255 iso8859-8",
    "ar fa ur": _ARABIC,
    "et lt lv": _BALTIC,
    "vi": "cp1258",
}
_PAGES_OF = {tag: pages.split() for tags, pages in _FAMILIES.items() for tag in tags.split()}
"""Language -> what its files were in before UTF-8, the code page of its Windows first."""

_UNSURE = 0.3
"""Confidence below which the language decides among its own encodings."""

_PROBE = 200_000
"""Bytes that are judged."""

_STEP = 1 << 14
"""Bytes that are decoded at once where some of them mean nothing."""

_MOST_PLACES = 1000
_GOOD_FOR_BAD = 4
"""Letters in UTF-8 that must stand for each byte that is not, for the file to be UTF-8."""

_WIDER = {
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "shift_jis_2004": "cp932",
    "tis-620": "cp874",
}
"""Encodings to those that hold the same letters and more: what programs that name them mean."""

_NAMES = {
    "cp1252": "Windows-1252",
    "utf-16-le": "UTF-16 without its mark",
    "utf-16-be": "UTF-16 without its mark",
}


def text_of(data: bytes, repairs: Repairs, language: str = "und") -> str:
    """The text of a file: a byte order mark decides, then UTF-8, then what the letters look like.

    Args:
        data: The file's bytes.
        repairs: Hears of another encoding than UTF-8, and of each byte that means nothing in it.
        language: BCP 47, a hint where few letters tell encodings apart.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _mended(data[len(mark) :], encoding, repairs, language)
    if encoding := _sixteen_bits(data):
        _tell(encoding, repairs)
        return _mended(data, encoding, repairs, language)
    try:
        return data.decode()
    except UnicodeDecodeError:
        pass
    if _is_nearly_utf8(data):
        return _mended(data, "utf-8", repairs, language)
    encoding = _judged(data, language)
    _tell(encoding, repairs)
    return _mended(data, encoding, repairs, language)


def encoding_of(data: bytes, language: str = "und") -> str:
    """Return the name of the encoding that :func:`text_of` reads a text in."""
    marked = (encoding for mark, encoding in _MARKS if data.startswith(mark))
    if encoding := next(marked, "") or _sixteen_bits(data):
        return encoding
    try:
        data.decode()
    except UnicodeDecodeError:
        return "utf-8" if _is_nearly_utf8(data) else _judged(data, language)
    return "utf-8"


def recode(data: bytes, encoding: str, repairs: Repairs) -> bytes:
    """The bytes of a file in an encoding that its user names, as UTF-8.

    Raises:
        PlanError: no such encoding.
    """
    codec = codec_of(encoding)
    for mark, marked in _MARKS:
        if data.startswith(mark) and codec.startswith(marked[:6]):
            data = data[len(mark) :]
            codec = marked
    return _mended(data, codec, repairs, "und").encode("utf-8", "replace")


def recode_beside(data: bytes, encoding: str | None, repairs: Repairs) -> bytes:
    """The bytes of a file beside the one whose encoding was named, as UTF-8.

    What is UTF-8 stays so: text in another encoding never is by chance.

    Raises:
        PlanError: no such encoding.
    """
    if encoding is None:
        return data
    codec_of(encoding)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return recode(data, encoding, repairs)
    return data


def codec_of(encoding: str) -> str:
    """The name of an encoding as Python knows it.

    Raises:
        PlanError: no such encoding of text.
    """
    try:
        codec = codecs.lookup(encoding.strip()[:40])
        if codec._is_text_encoding:  # noqa: SLF001 - the only word on it: hex and zip are none
            "".encode(codec.name)
            return {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(codec.name, codec.name)
    except (LookupError, ValueError):
        pass
    raise PlanError(
        f"There is no encoding {encoding!r}.",
        remedy="Name one such as utf-8, utf-16, cp1252, cp949, koi8-r or shift_jis.",
        encoding=encoding,
    )


def code_page(language: str) -> str:
    """The code page of a language's Windows; Windows-1252 where it is not known."""
    return _pages(language)[0]


def _pages(language: str) -> list[str]:
    parts = language.split("-")
    tags = ("-".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((pages for tag in tags if (pages := _PAGES_OF.get(tag))), _WESTERN.split())


def _sixteen_bits(data: bytes) -> str:
    """UTF-16 without a mark, by line breaks and spaces; empty if it is none."""
    probe = data[:_PROBE]
    if b"\0" not in probe:
        return ""
    counts = {
        encoding: sum(_whole(probe, char.encode(encoding)) for char in "\n 0:")
        for encoding in ("utf-16-le", "utf-16-be")
    }
    best = max(counts, key=lambda encoding: counts[encoding])
    others = min(counts.values())
    return best if counts[best] > 2 * others and counts[best] * 40 >= len(probe) else ""


def _whole(data: bytes, unit: bytes) -> int:
    """How often a unit of two bytes stands at an even place."""
    view = memoryview(data[: len(data) // 2 * 2]).cast("H")
    wanted = memoryview(unit).cast("H")[0]
    return view.tolist().count(wanted)


def _is_nearly_utf8(data: bytes) -> bool:
    text = data[:_PROBE].decode(errors="replace")
    bad = text.count("\ufffd")
    good = sum(not char.isascii() for char in text) - bad
    return good >= _GOOD_FOR_BAD * bad


def _judged(data: bytes, language: str) -> str:
    """The encoding by its letters; an unsure judgement gives way to what the language was in."""
    import chardet
    from chardet.enums import EncodingEra

    era = EncodingEra.ALL & ~EncodingEra.MAINFRAME
    found = chardet.detect(data, max_bytes=_PROBE, encoding_era=era)
    unsure = (found["confidence"] or 0) < _UNSURE
    if unsure and language == "und" and _is_hangul(data):
        return "cp949"
    if unsure and language != "und":
        own = _pages(language)
        among = frozenset(_peer_name(page) for page in own)
        found = chardet.detect(
            data,
            max_bytes=_PROBE,
            include_encodings=among,
            no_match_encoding=_peer_name(own[0]),
        )
    try:
        codec = codec_of(found["encoding"] or code_page(language))
    except PlanError:
        return code_page(language)
    return _WIDER.get(codec, codec)


def _is_hangul(data: bytes) -> bool:
    """Whether it is whole syllables of Hangul in cp949 nearly alone: no other page makes such."""
    try:
        letters = [char for char in data[:_PROBE].decode("cp949") if not char.isascii()]
    except UnicodeDecodeError:
        return False
    return 3 * sum("가" <= char <= "힣" for char in letters) >= 2 * len(letters)


def _peer_name(codec: str) -> str:
    return {"big5": "big5hkscs", "euc-jp": "euc_jis_2004"}.get(codec, codec)


def _tell(encoding: str, repairs: Repairs) -> None:
    told = _NAMES.get(encoding, encoding)
    repairs.add(
        f"The file is not UTF-8; it was read as {told}: check its letters, or name its encoding "
        "with --encoding"
    )


def _mended(data: bytes, encoding: str, repairs: Repairs, language: str) -> str:
    """The text; a byte that means nothing becomes its letter in the code page, or U+FFFD."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        pass
    page = code_page(language)
    parts: list[str] = []
    bad = line = 0
    for part, wrong in _decoded(data, encoding):
        parts.append(part)
        if not wrong:
            continue
        line += part.count("\n")
        bad += 1
        letter = _letter(wrong, page) if encoding == "utf-8" else "\ufffd"
        parts.append(letter)
        told = f"read as {letter!r}" if letter != "\ufffd" else "not a letter"
        shown = " ".join(f"0x{byte:02x}" for byte in wrong[:4])
        repairs.add(
            f"Bytes that mean nothing in {_NAMES.get(encoding, encoding)} cost a letter each",
            f"line {line + 1} ({shown}, {told})",
        )
    return "".join(parts)


def _decoded(data: bytes, encoding: str) -> Iterator[tuple[str, bytes]]:
    """Decode bytes and collect those that are invalid; after very many, replace the rest.

    Step by step, so that a place costs no more in a long file than in a short one.
    """
    make = codecs.getincrementaldecoder(encoding)
    decoder, at, places = make(), 0, 0
    while at < len(data):
        state = decoder.getstate()
        stop = min(at + _STEP, len(data))
        try:
            yield decoder.decode(data[at:stop], stop == len(data)), b""
            at = stop
        except UnicodeDecodeError as error:
            begin = at - len(state[0])  # a letter that began in the step before
            bad_from, bad_to = begin + error.start, begin + error.end
            decoder.setstate(state)
            text = decoder.decode(data[at:bad_from], final=True) if bad_from > at else ""
            yield text, data[bad_from:bad_to]
            decoder, at = make(), bad_to
            places += 1
            if places == _MOST_PLACES:
                break
        except UnicodeError:  # an escape that never ends: the decoder names no place
            break
    yield data[at:].decode(encoding, "replace"), b""


def _letter(wrong: bytes, page: str) -> str:
    try:
        return wrong.decode(page)
    except UnicodeDecodeError:
        return "\ufffd"
