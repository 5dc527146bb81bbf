"""Names in TTML files: namespaces of today and of 2006, short names, ids."""

from __future__ import annotations

import re
from functools import lru_cache

from subkit.files.xml import qualified

__all__ = ["NAMESPACES", "full_name", "id_of", "name_set", "short_name", "xml_id"]

NAMESPACES: dict[str, str] = {
    "tt": "http://www.w3.org/ns/ttml",
    "ttp": "http://www.w3.org/ns/ttml#parameter",
    "tts": "http://www.w3.org/ns/ttml#styling",
    "ttm": "http://www.w3.org/ns/ttml#metadata",
    "itts": "http://www.w3.org/ns/ttml/profile/imsc1#styling",
    "ittp": "http://www.w3.org/ns/ttml/profile/imsc1#parameter",
    "ittm": "http://www.w3.org/ns/ttml/profile/imsc1#metadata",
    "ebutts": "urn:ebu:tt:style",
    "ebuttm": "urn:ebu:tt:metadata",
    "ebuttp": "urn:ebu:tt:parameters",
    "smpte": "http://www.smpte-ra.org/schemas/2052-1/2010/smpte-tt",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
"""Short name -> namespace."""

_SHORT = {namespace: short for short, namespace in NAMESPACES.items()}
_SHORT["http://www.smpte-ra.org/schemas/2052-1/2013/smpte-tt"] = "smpte"
_EVERY_AGE = re.compile(r"http://www\.w3\.org/(?:20\d\d/\d\d|ns)/(?:ttaf1|ttml)(?:#(\w+)(-\w+)?)?")
_FRAGMENTS = {"": "tt", "style": "tts", "styling": "tts", "metadata": "ttm", "parameter": "ttp"}
_ANY_CASE = (
    "tts:backgroundColor tts:color tts:direction tts:display tts:displayAlign tts:extent "
    "tts:fontFamily tts:fontSize tts:fontStyle tts:fontWeight tts:lineHeight tts:opacity "
    "tts:origin tts:overflow tts:padding tts:showBackground tts:textAlign tts:textDecoration "
    "tts:textOutline tts:unicodeBidi tts:visibility tts:wrapOption tts:writingMode tts:zIndex "
    "ttp:cellResolution ttp:clockMode ttp:dropMode ttp:frameRate ttp:frameRateMultiplier "
    "ttp:markerMode ttp:subFrameRate ttp:tickRate ttp:timeBase"
)
_CASES = {name.lower(): name for name in _ANY_CASE.split()}
_NAME_START = (
    r"A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u3001-\ud7ff"
)
_NAME = re.compile(rf"[{_NAME_START}][{_NAME_START}0-9.\u00b7-]*")
_ESCAPED = re.compile(r"_x([0-9A-F]{4,6})_")


def name_set(names: str) -> frozenset[str]:
    """Return names with spaces between as a set."""
    return frozenset(names.split())


@lru_cache(maxsize=4096)
def short_name(name: str) -> str:
    """Return an element's or attribute's name with a short prefix: ``"tts:color"``, ``"begin"``.

    Namespaces of 2006 and 2009 are those of today, styling attributes are known in any case, and
    ``id`` of 2006 is ``xml:id``. A name of a foreign namespace is returned as it is.
    """
    namespace, _, local = name.rpartition("}")
    namespace = namespace.removeprefix("{")
    if not namespace:
        return "xml:id" if local == "id" else local
    prefix = _SHORT.get(namespace)
    if prefix is None and (match := _EVERY_AGE.fullmatch(namespace)):
        prefix = _FRAGMENTS.get(match[1] or "")
    if prefix is None:
        return name
    found = f"{prefix}:{local}"
    return _CASES.get(found.lower(), found)


@lru_cache(maxsize=4096)
def full_name(short: str) -> str:
    """Return the name of an element or attribute as lxml writes it; no prefix, no namespace."""
    prefix, colon, local = short.rpartition(":")
    return qualified(NAMESPACES[prefix], local) if colon else local


def xml_id(cue_id: str) -> str:
    """Return an ``xml:id`` for a cue's id; :func:`id_of` gives the id back.

    An id that is no XML name begins with ``_``, and what a name cannot hold is ``_x0020_``.
    """
    if cue_id.isascii() and cue_id.isdigit():  # as nearly all are
        return "_" + cue_id
    if _NAME.fullmatch(cue_id) and id_of(cue_id) == cue_id:
        return cue_id
    return "_" + "".join(_escaped(letter) for letter in cue_id.replace("_x", "_x005F_x"))


def _escaped(letter: str) -> str:
    allowed = letter == "_" or _NAME.fullmatch("a" + letter)
    return letter if allowed else f"_x{ord(letter):04X}_"


def id_of(name: str) -> str:
    """Return the cue's id that :func:`xml_id` wrote, and any other as it is."""
    if not name.startswith("_"):
        return name
    found = _ESCAPED.sub(lambda match: _letter(match[1]), name[1:])
    plain = _NAME.fullmatch(found) and not found.startswith("_")
    return name if plain or not found else found


def _letter(digits: str) -> str:
    code = int(digits, 16)
    return chr(code) if code <= 0x10FFFF else ""
