"""The characters that carriers of the broadcast world have.

EBU-STL: EBU Tech 3264, code tables 00 to 04: Latin (ISO 6937), Cyrillic, Arabic, Greek and Hebrew
(ISO 8859-5 to -8). CEA-608: basic, special and extended characters.
"""

from __future__ import annotations

import unicodedata
from functools import cache

__all__ = ["repertoire"]

_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_ISO_6937 = "\u00a0¡¢£¥§¤‘“«←↑→↓°±²³×µ¶·÷’”»¼½¾¿―¹®©™♪¬¦⅛⅜⅝⅞ΩÆĐªĦĲĿŁØŒºÞŦŊŉĸæđðħıĳŀłøœßþŧŋ\u00ad"
_MARKED = {  # combining mark -> the letters that take it
    "\u0300": "AEIOUaeiou",
    "\u0301": "ACEILNORSUYZaceilnorsuyz",
    "\u0302": "ACEGHIJOSUWYaceghijosuwy",
    "\u0303": "AINOUainou",
    "\u0304": "AEIOUaeiou",
    "\u0306": "AGUagu",
    "\u0307": "CEGIZcegz",
    "\u0308": "AEIOUYaeiouy",
    "\u030a": "AUau",
    "\u0327": "CGKLNRSTcgklnrst",
    "\u030b": "OUou",
    "\u0328": "AEIUaeiu",
    "\u030c": "CDELNRSTZcdelnrstz",
}
_EBU_CODECS = {"Cyrl": "iso8859-5", "Arab": "iso8859-6", "Grek": "iso8859-7", "Hebr": "iso8859-8"}
_CEA_MISSING = "*\\^_`{|}~"  # of ASCII, in the basic set; some come back in the extended one
_CEA_MORE = (
    "áéíóúç÷Ññ█®°½¿™¢£♪à\u00a0èâêîôû"
    "ÁÉÓÚÜü‘¡*’—©℠•“”ÀÂÇÈÊËëÎÏïÔÙùÛ«»ÃãÍÌìÒòÕõ{}\\^_|~ÄäÖöß¥¤¦ÅåØø┌┐└┘"
)


@cache
def repertoire(name: str, script: str) -> frozenset[str]:
    """The characters of a carrier for text in a script.

    Args:
        name: ``"ebu-stl"`` or ``"cea-608"``, as in ``TextRules.repertoire``.
        script: ISO 15924 code; EBU-STL has one code table a file, chosen by it.
    """
    if name == "cea-608":
        return frozenset(set(_ASCII) - set(_CEA_MISSING) | set(_CEA_MORE))
    codec = _EBU_CODECS.get(script)
    if codec is not None:
        high = bytes(range(0xA0, 0x100)).decode(codec, "ignore")
        return frozenset(_ASCII + high)
    marked = (
        unicodedata.normalize("NFC", letter + mark)
        for mark, letters in _MARKED.items()
        for letter in letters
    )
    return frozenset((*_ASCII, *_ISO_6937, *marked))
